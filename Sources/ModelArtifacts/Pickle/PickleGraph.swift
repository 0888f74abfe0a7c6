/// A value of a pickle, by its place in the graph.
struct NodeID: Hashable, Sendable {
  let index: Int32
}

/// What a pickle describes, as inert data: nothing in it has been called.
struct PickleGraph: Sendable {
  /// A value.
  enum Node: Sendable {
    case none
    case bool(Bool)
    case integer(Int64)
    /// A whole number too large for 64 bits: its bytes, little-endian, or its decimal digits.
    case largeInteger(ArraySlice<UInt8>)
    case float(Double)
    case text(String)
    case bytes(ArraySlice<UInt8>)
    case list([NodeID])
    case tuple([NodeID])
    case dictionary([Entry])
    case set([NodeID])
    /// A class or function by its dotted name.
    case global(String)
    /// What a call of a class or function would have made.
    case object(Object)
    /// What the program that loads the stream has by this name.
    case persistent(NodeID)
    /// An array whose bytes stand in the stream itself, as joblib writes them.
    case array(NumPyArray)
  }

  /// A key and its value.
  struct Entry: Sendable {
    let key: NodeID
    let value: NodeID
  }

  /// A call that was not made, and what was to be done with its result.
  struct Object: Sendable {
    /// The class or function by its dotted name.
    let constructor: String
    /// The tuple of arguments.
    let arguments: NodeID
    /// What BUILD would set.
    var state: NodeID?
    /// What APPEND would append.
    var items: [NodeID] = []
    /// What SETITEM would set.
    var entries: [Entry] = []
    /// Where the call stands in the stream.
    let offset: Int
  }

  private(set) var nodes: [Node] = []

  /// Adds a value.
  mutating func add(_ node: Node) -> NodeID {
    nodes.append(node)
    return NodeID(index: Int32(nodes.count - 1))
  }

  /// Moves a value out, so that a container can grow in place before it is put back.
  mutating func take(_ id: NodeID) -> Node {
    let node = nodes[Int(id.index)]
    nodes[Int(id.index)] = .none
    return node
  }

  subscript(id: NodeID) -> Node {
    get { nodes[Int(id.index)] }
    set { nodes[Int(id.index)] = newValue }
  }
}

extension PickleGraph {
  /// The text, where the value is one.
  func text(_ id: NodeID) -> String? {
    switch self[id] {
    case .text(let text): text
    // Python 2 wrote its texts as bytes; those that are looked at are names.
    case .bytes(let bytes) where bytes.count <= 4_096: String(validating: bytes, as: UTF8.self)
    default: nil
    }
  }

  /// The text, where the value is one or numpy's, as a parameter that a search chose may be.
  ///
  /// What tells numpy's types apart must not ask for this: a type might be told by a text of its own.
  func textOrScalar(_ id: NodeID) -> String? { text(id) ?? scalar(id)?.texts?.first }

  /// The whole number, where the value is one, a truth value or numpy's.
  func integer(_ id: NodeID) -> Int? {
    switch self[id] {
    case .integer(let value): Int(value)
    case .bool(let value): value ? 1 : 0
    case .object: scalar(id)?.integers.flatMap(\.first)
    default: nil
    }
  }

  /// The number, where the value is one or numpy's.
  func number(_ id: NodeID) -> Double? {
    switch self[id] {
    case .integer(let value): Double(value)
    case .float(let value): value
    case .bool(let value): value ? 1 : 0
    case .object: scalar(id)?.doubles.flatMap(\.first)
    default: nil
    }
  }

  /// The truth value, where the value is one.
  func bool(_ id: NodeID) -> Bool? {
    switch self[id] {
    case .bool(let value): value
    case .object: integer(id).map { $0 != 0 }
    default: nil
    }
  }

  /// Whether the value is Python's None.
  func isNone(_ id: NodeID) -> Bool {
    if case .none = self[id] { true } else { false }
  }

  /// The elements, where the value is a list or a tuple.
  func elements(_ id: NodeID) -> [NodeID]? {
    switch self[id] {
    case .list(let elements), .tuple(let elements): elements
    default: nil
    }
  }

  /// The values, where the value is a list, a tuple or an array of objects.
  func items(_ id: NodeID) -> [NodeID]? {
    if let elements = elements(id) { return elements }
    guard let array = array(id), case .objects(let objects) = array.storage else { return nil }
    return objects
  }

  private func isText(_ id: NodeID, _ text: String) -> Bool {
    switch self[id] {
    case .text(let own): own == text
    case .bytes(let bytes): bytes.elementsEqual(text.utf8)
    default: false
    }
  }

  /// The value of a text key, where the value is a dictionary that has it.
  func value(_ key: String, in id: NodeID) -> NodeID? {
    guard case .dictionary(let entries) = self[id] else { return nil }
    return entries.last { isText($0.key, key) }?.value
  }

  /// The bytes, where the value is a byte string.
  ///
  /// Protocols below 3 have none and write `_codecs.encode(text, 'latin1')`.
  func bytes(_ id: NodeID) -> ArraySlice<UInt8>? {
    switch self[id] {
    case .bytes(let bytes): return bytes
    case .object(let object) where object.constructor == "_codecs.encode":
      guard let arguments = elements(object.arguments), let first = arguments.first,
        case .text(let text) = self[first]
      else { return nil }
      return Self.latin1(text)
    // Bytes that may be changed are made of others, below protocol 3 of such a text itself.
    case .object(let object) where object.constructor == "builtins.bytearray":
      guard let arguments = elements(object.arguments), let first = arguments.first else {
        return []
      }
      if case .text(let text) = self[first] { return Self.latin1(text) }
      return bytes(first)
    // An empty byte string is `bytes()` there.
    case .object(let object) where object.constructor == "builtins.bytes":
      return elements(object.arguments)?.isEmpty == true ? [] : nil
    default: return nil
    }
  }

  private static func latin1(_ text: String) -> ArraySlice<UInt8>? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes[...]
  }

  /// The numbers, where the value is a list or tuple of nothing else.
  func numbers(_ id: NodeID) -> [Double]? {
    guard let elements = elements(id), !elements.isEmpty else { return nil }
    var numbers: [Double] = []
    for element in elements {
      guard let number = number(element) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// The value as Python writes it, where it is short: a number, a text, a truth value, None, or a few
  /// of them in a list or tuple.
  func word(_ id: NodeID) -> String? {
    switch self[id] {
    case .list(let elements), .tuple(let elements):
      let words = elements.prefix(8).compactMap { self[$0].isContainer ? nil : word($0) }
      guard words.count == elements.count else { return nil }
      if case .list = self[id] { return "[" + words.joined(separator: ", ") + "]" }
      return "(" + words.joined(separator: ", ") + (words.count == 1 ? ",)" : ")")
    case .none: return "None"
    case .bool(let value): return value ? "True" : "False"
    case .integer(let value): return "\(value)"
    case .float(let value): return "\(value)"
    case .text(let text): return text.utf8.count <= 64 ? "'\(text)'" : nil
    case .object:
      guard let scalar = scalar(id) else { return nil }
      if let text = scalar.texts?.first { return text.utf8.count <= 64 ? "'\(text)'" : nil }
      if scalar.type.kind == "b" {
        return scalar.integers?.first.map { $0 != 0 ? "True" : "False" }
      }
      return scalar.integers?.first.map { "\($0)" } ?? scalar.doubles?.first.map { "\($0)" }
    default: return nil
    }
  }
}

extension PickleGraph.Node {
  fileprivate var isContainer: Bool {
    switch self {
    case .list, .tuple: true
    default: false
    }
  }
}
