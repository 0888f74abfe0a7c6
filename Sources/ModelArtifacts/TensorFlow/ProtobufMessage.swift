/// A protobuf message, taken apart into its fields without knowing what they are.
///
/// A field is a varint of its number and three bits of its kind, and then a varint (0), 8 bytes (1), a length
/// and so many bytes (2), or 4 bytes (5). TensorFlow's messages have hundreds of fields, of which a dozen are
/// looked at; these are found by their numbers.
///
/// Source: protobuf.dev, "Encoding".
struct ProtobufMessage {
  private enum Value {
    case number(UInt64)
    case bytes(Range<Int>)
  }

  private let bytes: [UInt8]
  private var fields: [(number: UInt64, value: Value)] = []

  /// Takes a part of a file apart, or all of it.
  ///
  /// - Throws: ``ModelFormatError`` if it is no message.
  init(_ bytes: [UInt8], _ part: Range<Int>? = nil) throws(ModelFormatError) {
    self.bytes = bytes
    var cursor = try FileCursor(bytes, part)
    while cursor.remaining > 0 {
      let place = cursor.offset
      let tag = try cursor.varint()
      guard tag >> 3 > 0 else { throw .damaged("a field has no number", offset: place) }
      let value: Value
      switch tag & 7 {
      case 0: value = .number(try cursor.varint())
      case 1: value = .number(try cursor.integer(UInt64.self))
      case 2: value = .bytes(try cursor.range(Int(clamping: try cursor.varint())))
      case 5: value = .number(UInt64(try cursor.integer(UInt32.self)))
      default: throw .damaged("a field is of a kind that there is not", offset: place)
      }
      fields.append((tag >> 3, value))
    }
  }

  /// The number in a field, the last one's where there are several; 0, where there is none.
  func number(_ number: UInt64) -> UInt64 {
    for field in fields.reversed() where field.number == number {
      if case .number(let value) = field.value { return value }
    }
    return 0
  }

  /// Where the contents of a field's occurrences stand.
  func parts(_ number: UInt64) -> [Range<Int>] {
    fields.compactMap { field in
      if field.number == number, case .bytes(let range) = field.value { range } else { nil }
    }
  }

  /// The field's occurrences, as messages.
  ///
  /// - Throws: ``ModelFormatError`` if one is none.
  func messages(_ number: UInt64) throws(ModelFormatError) -> [ProtobufMessage] {
    var messages: [ProtobufMessage] = []
    for part in parts(number) { messages.append(try ProtobufMessage(bytes, part)) }
    return messages
  }

  /// The field's occurrences, as texts; what is not UTF-8 in them is replaced.
  func texts(_ number: UInt64) -> [String] {
    parts(number).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// The last occurrence, as a text.
  func text(_ number: UInt64) -> String? { texts(number).last }
}
