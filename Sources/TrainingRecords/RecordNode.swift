internal import InputReading
internal import Yams

/// A value of a record in JSON or YAML, and the line that it stands on.
struct RecordNode {
  enum Content {
    /// A text or a number as it is written, and whether it is a text.
    case scalar(String, isText: Bool)
    case list([RecordNode])
    case members([(key: String, value: RecordNode)])
    case nothing
  }

  let content: Content
  /// From 1.
  let line: Int

  /// A text; in YAML also an unquoted one.
  var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// A text that is not empty.
  var string: String? {
    guard case .scalar(let text, isText: true) = content, !text.isEmpty else { return nil }
    return text
  }

  /// A number, `NaN` and infinities among them.
  var number: Double? {
    guard case .scalar(let text, isText: false) = content else { return nil }
    return switch text.lowercased() {
    case "nan", ".nan": .nan
    case "infinity", ".inf": .infinity
    case "-infinity", "-.inf": -.infinity
    default: Double(text)
    }
  }

  /// The elements of a list; none of anything else.
  var elements: [RecordNode] {
    if case .list(let elements) = content { elements } else { [] }
  }

  var isMapping: Bool {
    if case .members = content { true } else { false }
  }

  /// The last member of that name.
  subscript(key: String) -> RecordNode? {
    guard case .members(let members) = content else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// Reads a file in JSON or YAML.
  ///
  /// - Throws: ``JobRecordError`` if it cannot be read or is neither.
  init(path: String, limits: Limits) throws(JobRecordError) {
    let bytes: [UInt8]
    do throws(InputError) {
      bytes = try InputFile.bytes(of: path, limit: limits.textSize)
    } catch { throw .input(error) }
    try self.init(bytes, from: Place(path), limits: limits)
  }

  /// Reads bytes of JSON or YAML.
  ///
  /// - Throws: ``JobRecordError`` if they are neither.
  init(_ bytes: [UInt8], from place: Place, limits: Limits) throws(JobRecordError) {
    let text = String(decoding: bytes.prefix(4 << 10), as: UTF8.self).trimmingWhitespace
    if text.hasPrefix("An error occurred (") {
      throw .serviceError(place, message: String(text.prefix { !$0.isNewline }.prefix(200)))
    }
    if text.hasPrefix("{'") || text.hasPrefix("[{'") { throw .pythonRepresentation(place) }
    let isYAML =
      !text.hasPrefix("{") && !text.hasPrefix("[")
      && text.split(whereSeparator: \.isNewline).contains { line in
        line.hasPrefix("- Name:") || line.drop { $0.isLetter }.hasPrefix(":")
      }
    if isYAML {
      self = try RecordNode(yaml: String(decoding: bytes, as: UTF8.self), at: place)
      return
    }
    do throws(InputError) {
      self.init(try JSONDocument(bytes, from: place, limits: limits))
    } catch { throw .input(error) }
  }

  init(_ document: JSONDocument) {
    self.init(document.root, in: document)
  }

  private init(_ json: JSON, in document: JSONDocument) {
    line = document.line(of: json)
    content =
      switch json.content {
      case .null: .nothing
      case .bool(let flag): .scalar("\(flag)", isText: false)
      case .number(let number): .scalar(number.text, isText: false)
      case .string(let text): .scalar(text, isText: true)
      case .array(let elements): .list(elements.map { RecordNode($0, in: document) })
      case .object(let members):
        .members(members.map { ($0.key, RecordNode($0.value, in: document)) })
      }
  }

  /// Reads a document of YAML.
  ///
  /// - Throws: ``JobRecordError/notYAML(_:reason:)`` with the line.
  init(yaml text: String, at place: Place) throws(JobRecordError) {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw .notYAML(place.at(.line(error.line)), reason: error.reason)
    } catch { throw .notYAML(place, reason: "\(error)") }
    guard let root else { throw .notAnObject(place) }
    var budget = Limits.standard.recordValues
    self = try RecordNode(root, depth: 0, at: place, budget: &budget)
  }

  private init(_ node: Node, depth: Int, at place: Place, budget: inout Int) throws(JobRecordError)
  {
    line = node.mark?.line ?? 1
    budget -= 1
    // Anchors let a short text stand for a huge tree.
    guard depth < Limits.standard.nesting, budget > 0 else {
      throw .notYAML(
        place.at(.line(line)), reason: "it is nested too deeply, or has too many values")
    }
    switch node {
    case .scalar(let scalar):
      let isNumber =
        scalar.style == .plain
        && (Double(scalar.string) != nil
          || [".nan", ".inf", "-.inf"].contains(scalar.string.lowercased()))
      content = .scalar(scalar.string, isText: !isNumber)
    case .sequence(let sequence):
      var elements: [RecordNode] = []
      for element in sequence {
        elements.append(try RecordNode(element, depth: depth + 1, at: place, budget: &budget))
      }
      content = .list(elements)
    case .mapping(let mapping):
      var members: [(key: String, value: RecordNode)] = []
      for (key, value) in mapping {
        members.append(
          (key.string ?? "", try RecordNode(value, depth: depth + 1, at: place, budget: &budget)))
      }
      content = .members(members)
    default: content = .nothing
    }
  }
}

extension Limits {
  /// Values of a record in YAML.
  fileprivate var recordValues: Int { 1_000_000 }
}

extension YamlError {
  fileprivate var line: Int {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: 1
    }
  }

  fileprivate var reason: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
      .composer(_, let problem, _, _), .reader(let problem, _, _, _):
      problem
    case .duplicatedKeysInMapping(let keys, _):
      "a key stands twice: \(keys.joined(separator: ", "))"
    default: "the parser gives no reason"
    }
  }
}
