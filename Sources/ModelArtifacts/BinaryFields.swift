internal import InputReading

/// A bounds-checked cursor over the little-endian fields of a model's file.
struct BinaryFields {
  private let bytes: [UInt8]
  /// The offset of the next field.
  private(set) var offset = 0

  /// The bytes behind the cursor.
  var remaining: Int { bytes.count - offset }

  init(_ bytes: [UInt8], at offset: Int = 0) {
    precondition((0...bytes.count).contains(offset), "the cursor must stand inside the bytes")
    self.bytes = bytes
    self.offset = offset
  }

  /// Reads by a reader that stands at the cursor.
  private mutating func read<Value>(
    _ body: (inout ByteReader) throws(ByteError) -> Value
  ) throws(ModelFormatError) -> Value {
    let bytes = bytes
    let span = bytes.span
    var reader = ByteReader(span, at: offset)
    do throws(ByteError) {
      let value = try body(&reader)
      offset = reader.offset
      return value
    } catch { throw .ended(error) }
  }

  /// Reads an integer of the width of `T`.
  ///
  /// - Throws: ``ModelFormatError/damaged(_:offset:)`` if fewer bytes remain, as all that follow do.
  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(ModelFormatError) -> T {
    try read { reader throws(ByteError) in try reader.readLittleEndian(type) }
  }

  /// Reads a number in single precision.
  mutating func float() throws(ModelFormatError) -> Float {
    Float(bitPattern: try integer(UInt32.self))
  }

  /// Reads a number in double precision.
  mutating func double() throws(ModelFormatError) -> Double {
    Double(bitPattern: try integer(UInt64.self))
  }

  /// Passes over bytes and says which.
  @discardableResult
  mutating func slice(_ count: Int) throws(ModelFormatError) -> ArraySlice<UInt8> {
    bytes[try read { reader throws(ByteError) in try reader.readRange(count) }]
  }

  /// Reads a number of things that take a number of bytes each, at least.
  ///
  /// - Throws: ``ModelFormatError/damaged(_:offset:)`` if it is below 0 or the file is too short for them.
  mutating func count<T: FixedWidthInteger>(
    _ type: T.Type, of what: String, bytesEach: Int
  ) throws(ModelFormatError) -> Int {
    let start = offset
    let value = try integer(type)
    guard let count = Int(exactly: value), count >= 0, count <= remaining / max(1, bytesEach) else {
      throw .damaged("there is no room for \(value) \(what)", offset: start)
    }
    return count
  }

  /// Reads a text behind its length of 64 bits.
  mutating func text() throws(ModelFormatError) -> String {
    let start = offset
    let count = try count(UInt64.self, of: "bytes of a text", bytesEach: 1)
    guard let text = String(validating: try slice(count), as: UTF8.self) else {
      throw .damaged("a text is not UTF-8", offset: start)
    }
    return text
  }
}

extension ModelFormatError {
  /// The file ends inside a value.
  static func ended(_ error: ByteError) -> ModelFormatError {
    switch error {
    case .truncated(let offset, let needed, let remaining):
      .damaged(
        "the file ends where \(needed) bytes are wanted and \(remaining) are left", offset: offset)
    }
  }
}
