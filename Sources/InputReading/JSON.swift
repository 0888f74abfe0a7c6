internal import CSimdJSON
internal import Glibc

/// A JSON value and where it begins in its file.
///
/// Objects keep the order of their members. `NaN`, `Infinity` and `-Infinity`, which Python's json
/// module writes, count as numbers.
public struct JSON: Hashable, Sendable {
  /// A number as it was written and as it is read.
  public struct Number: Hashable, Sendable {
    /// The nearest double.
    public let value: Double
    /// The digits in the file.
    public let text: String
  }

  /// A member of an object.
  public struct Member: Hashable, Sendable {
    /// The member's name.
    public let key: String
    /// The member's value.
    public let value: JSON
  }

  /// What kind of value it is, and what it holds.
  public enum Content: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number.
    case number(Number)
    /// A text.
    case string(String)
    /// A list.
    case array([JSON])
    /// Members in the file's order.
    case object([Member])
  }

  /// The value itself.
  public let content: Content
  /// The offset of its first byte.
  public let offset: Int

  /// The text, where the value is one.
  public var string: String? {
    if case .string(let text) = content { text } else { nil }
  }

  /// The number, where the value is one.
  public var number: Number? {
    if case .number(let number) = content { number } else { nil }
  }

  /// The elements, where the value is a list.
  public var array: [JSON]? {
    if case .array(let elements) = content { elements } else { nil }
  }

  /// The members, where the value is an object.
  public var object: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// The last member of that name, where the value is an object that has one.
  public subscript(key: String) -> JSON? {
    object?.last { $0.key == key }?.value
  }
}

/// A JSON file: its value, and the line that each part of it stands on.
public struct JSONDocument: Sendable {
  /// The file, or the member of an archive.
  public let place: Place
  /// The whole value.
  public let root: JSON
  private let lines: LineIndex

  /// Parses bytes as one JSON value.
  ///
  /// - Parameters:
  ///   - bytes: The file's bytes; a byte-order mark is passed over.
  ///   - place: The file, for errors.
  ///   - limits: `nesting` bounds the depth.
  /// - Throws: ``InputError/notJSON(_:reason:)`` with the line.
  public init(
    _ bytes: [UInt8], from place: Place, limits: Limits = .standard
  ) throws(InputError) {
    let lines = LineIndex(bytes.span)
    var failure = unsafe csj_error()
    let handle = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe csj_parse(buffer.baseAddress, buffer.count, limits.nesting, &failure)
    }
    guard let handle = unsafe handle else {
      let reason = unsafe String(cString: failure.message)
      throw .notJSON(
        place.at(.line(lines.line(of: unsafe failure.offset))), reason: Self.sentence(reason))
    }
    defer { unsafe csj_free(handle) }
    var builder = unsafe NodeReader(
      bytes: bytes,
      nodes: UnsafeBufferPointer(start: csj_nodes(handle), count: csj_node_count(handle)),
      texts: csj_texts(handle))
    root = builder.next()
    self.place = place
    self.lines = lines
  }

  /// Reads and parses a JSON file.
  ///
  /// - Throws: ``InputError`` if it cannot be read or is not JSON.
  public init(path: String, limits: Limits = .standard) throws(InputError) {
    try self.init(
      InputFile.bytes(of: path, limit: limits.textSize), from: Place(path), limits: limits)
  }

  /// The line, from 1, on which a value of this document begins.
  public func line(of value: JSON) -> Int { lines.line(of: value.offset) }

  /// Where a value of this document stands.
  public func place(of value: JSON) -> Place { place.at(.line(line(of: value))) }

  /// The parser's sentence in the form that diagnostics have.
  public static func sentence(_ text: String) -> String {
    var words = text
    if let colon = words.firstIndex(of: ":"),
      words[..<colon].allSatisfy({ $0.isUppercase || $0 == "_" })
    {
      words = String(words[words.index(after: colon)...].drop { $0 == " " })
    }
    while words.hasSuffix(".") { words.removeLast() }
    // An acronym keeps its capitals.
    guard words.dropFirst().first?.isUppercase != true else { return words }
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}

/// Builds values from the parser's list of nodes, which lie in document order.
@safe
private struct NodeReader {
  let bytes: [UInt8]
  // Safety: both live as long as the parser's document, which outlives this reader.
  let nodes: UnsafeBufferPointer<csj_node>
  let texts: UnsafePointer<UInt8>?
  var index = 0

  mutating func next() -> JSON {
    // Safety: the parser writes as many nodes as the containers before them promise.
    let node = unsafe nodes[index]
    index += 1
    let content: JSON.Content
    switch Int(node.kind) {
    case CSJ_FALSE: content = .bool(false)
    case CSJ_TRUE: content = .bool(true)
    case CSJ_NUMBER:
      let text = String(decoding: bytes[node.offset..<node.offset + node.length], as: UTF8.self)
      content = .number(JSON.Number(value: node.number, text: text))
    case CSJ_STRING: content = .string(text(of: node))
    case CSJ_ARRAY: content = .array((0..<node.length).map { _ in next() })
    case CSJ_OBJECT:
      content = .object(
        (0..<node.length).map { _ in
          let key = unsafe text(of: nodes[index])
          index += 1
          return JSON.Member(key: key, value: next())
        })
    default: content = .null
    }
    return JSON(content: content, offset: node.offset)
  }

  private func text(of node: csj_node) -> String {
    guard let texts = unsafe texts else { return "" }
    let buffer = unsafe UnsafeBufferPointer(start: texts + node.text, count: node.length)
    return unsafe String(decoding: buffer, as: UTF8.self)
  }
}

/// Whether bytes are text.
public enum UTF8Check {
  /// Whether the bytes are well-formed UTF-8.
  public static func isValid(_ bytes: Span<UInt8>) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return true }
      return unsafe csj_is_utf8(start, buffer.count)
    }
  }

  /// Whether the bytes are well-formed UTF-8 without NUL bytes.
  public static func isText(_ bytes: Span<UInt8>) -> Bool {
    guard isValid(bytes) else { return false }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return true }
      return unsafe memchr(start, 0, buffer.count) == nil
    }
  }
}
