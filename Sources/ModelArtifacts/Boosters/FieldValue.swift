internal import InputReading

/// A value of a structured file, whichever of JSON and UBJSON it is written in.
enum FieldValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  /// A list of numbers alone; booleans are 0 and 1.
  case numbers([Double])
  case array([FieldValue])
  case object([String: FieldValue])

  /// A file's value in JSON.
  ///
  /// - Throws: ``ModelFormatError`` with the line where it is none.
  init(json bytes: [UInt8], _ limits: Limits) throws(ModelFormatError) {
    do throws(InputError) {
      self.init(try JSONDocument(bytes, from: Place(""), limits: limits).root)
    } catch { throw .notJSON(error) }
  }

  /// A value of JSON; of members of one name the last counts.
  init(_ json: JSON) {
    switch json.content {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .number(let number): self = .number(number.value)
    case .string(let text): self = .string(text)
    case .array(let elements): self = FieldValue(elements: elements.map(FieldValue.init))
    case .object(let members):
      self = .object(
        Dictionary(members.map { ($0.key, FieldValue($0.value)) }, uniquingKeysWith: { $1 }))
    }
  }

  /// A list.
  init(elements: [FieldValue]) {
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for element in elements {
      switch element {
      case .number(let number): numbers.append(number)
      case .bool(let value): numbers.append(value ? 1 : 0)
      default:
        self = .array(elements)
        return
      }
    }
    self = .numbers(numbers)
  }
}

extension FieldValue {
  /// Sets a member of an object inside objects, where all but the last two are there and it is not.
  mutating func fill(_ path: [String], with value: FieldValue) {
    change(path[...]) { old in if old == nil { old = value } }
  }

  /// Sets a text inside objects, where it is another one.
  mutating func replace(_ text: String, at path: [String], with other: String) {
    change(path[...]) { old in if old == .string(text) { old = .string(other) } }
  }

  private mutating func change(_ path: ArraySlice<String>, _ body: (inout FieldValue?) -> Void) {
    guard case .object(var members) = self, let name = path.first else { return }
    // Moved out, so that it is changed in place.
    self = .null
    if path.count == 1 {
      body(&members[name])
    } else if var inner = members.removeValue(forKey: name)
      ?? (path.count == 2 ? .object([:]) : nil)
    {
      inner.change(path.dropFirst(), body)
      members[name] = inner
    }
    self = .object(members)
  }
}

/// An object in a structured file and the way to it, for errors.
struct FieldObject {
  /// Where it stands: `learner.objective`.
  let path: String
  private let members: [String: FieldValue]

  /// - Throws: ``ModelFormatError/badField(_:expected:)`` if the value is no object.
  init(_ value: FieldValue?, path: String) throws(ModelFormatError) {
    guard case .object(let members) = value else {
      throw .badField(path, expected: "an object")
    }
    self.path = path
    self.members = members
  }

  func error(_ name: String, expected: String) -> ModelFormatError {
    .badField(path.isEmpty ? name : "\(path).\(name)", expected: expected)
  }

  subscript(name: String) -> FieldValue? { members[name] }

  func object(_ name: String) throws(ModelFormatError) -> FieldObject {
    try FieldObject(members[name], path: path.isEmpty ? name : "\(path).\(name)")
  }

  func optionalObject(_ name: String) throws(ModelFormatError) -> FieldObject? {
    members[name] == nil ? nil : try object(name)
  }

  func array(_ name: String) throws(ModelFormatError) -> [FieldValue] {
    switch members[name] {
    case .array(let elements): return elements
    case .numbers(let numbers): return numbers.map { .number($0) }
    default: throw error(name, expected: "a list")
    }
  }

  func string(_ name: String) throws(ModelFormatError) -> String {
    guard case .string(let text) = members[name] else { throw error(name, expected: "a text") }
    return text
  }

  func optionalString(_ name: String) -> String? {
    if case .string(let text) = members[name] { text } else { nil }
  }

  func numbers(_ name: String) throws(ModelFormatError) -> [Double] {
    guard case .numbers(let numbers) = members[name] else {
      throw error(name, expected: "a list of numbers")
    }
    return numbers
  }

  /// Whole numbers.
  func integers(_ name: String) throws(ModelFormatError) -> [Int] {
    var integers: [Int] = []
    for number in try numbers(name) {
      guard let integer = Int(exactly: number) else {
        throw error(name, expected: "a list of whole numbers")
      }
      integers.append(integer)
    }
    return integers
  }

  /// A whole number that is 0 or more, written as one or as a text; `nil` where there is none.
  func optionalCount(_ name: String) throws(ModelFormatError) -> Int? {
    let count: Int?
    switch members[name] {
    case nil: return nil
    case .string(let text): count = Int(text)
    case .number(let number): count = Int(exactly: number)
    default: count = nil
    }
    guard let count, count >= 0 else {
      throw error(name, expected: "a whole number that is 0 or more")
    }
    return count
  }

  /// A number in a text, or several in brackets: `5E-1`, `[1E-1,9E-1]`.
  func numberList(_ name: String) throws(ModelFormatError) -> [Double] {
    var text = try string(name)[...]
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    var numbers: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Double(decimal: part.trimmingWhitespace) else {
        throw error(name, expected: "a number")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The names of the objects in an object.
  var objectNames: [String] {
    members.keys.sorted().filter { if case .object = members[$0] { true } else { false } }
  }

  /// The texts in an object, by their names.
  var strings: [(name: String, value: String)] {
    members.keys.sorted().compactMap { name in optionalString(name).map { (name, $0) } }
  }
}
