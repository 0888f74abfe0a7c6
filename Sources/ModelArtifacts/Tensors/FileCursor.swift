internal import InputReading

/// A cursor over a part of a file: a read beyond the part's end is an error that names the byte.
struct FileCursor: Sendable {
  let bytes: [UInt8]
  /// The byte that is read next.
  private(set) var offset: Int
  /// Where the part ends.
  let end: Int

  /// The number of bytes not yet read.
  var remaining: Int { end - offset }

  /// Stands at the beginning of a part.
  ///
  /// - Throws: ``ModelFormatError`` if the part is not inside the file.
  init(_ bytes: [UInt8], _ part: Range<Int>? = nil) throws(ModelFormatError) {
    let part = part ?? 0..<bytes.count
    guard part.lowerBound >= 0, part.upperBound <= bytes.count else {
      throw .damaged("a part goes beyond the end: the file is cut off", offset: bytes.count)
    }
    self.bytes = bytes
    offset = part.lowerBound
    end = part.upperBound
  }

  /// Stands at a byte, with the rest of the file before it.
  ///
  /// - Throws: ``ModelFormatError`` if there is no such byte.
  init(_ bytes: [UInt8], at offset: Int) throws(ModelFormatError) {
    guard (0...bytes.count).contains(offset) else {
      throw .damaged("a part begins beyond the end: the file is cut off", offset: bytes.count)
    }
    try self.init(bytes, offset..<bytes.count)
  }

  /// Passes bytes and says where they stand.
  mutating func range(_ count: Int) throws(ModelFormatError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw .damaged(
        "\(count) bytes are wanted where \(remaining) are left: the file is cut off or damaged",
        offset: offset)
    }
    defer { offset += count }
    return offset..<offset + count
  }

  /// Passes bytes.
  mutating func skip(_ count: Int) throws(ModelFormatError) { _ = try range(count) }

  /// Passes bytes up to a multiple of some number, counted from a place.
  mutating func align(to width: Int, from start: Int) throws(ModelFormatError) {
    try skip((width - (offset - start) % width) % width)
  }

  /// Reads bytes.
  mutating func slice(_ count: Int) throws(ModelFormatError) -> ArraySlice<UInt8> {
    bytes[try range(count)]
  }

  /// Reads a little-endian integer.
  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(ModelFormatError) -> T {
    let place = try range(T.bitWidth / 8)
    let bytes = bytes
    var reader = ByteReader(bytes.span, at: place.lowerBound)
    guard let value = try? reader.readLittleEndian(type) else {
      throw .damaged("the file is cut off", offset: place.lowerBound)
    }
    return value
  }

  /// Reads a little-endian integer of a width in bytes, up to 8, that counts something in the file.
  mutating func count(width: Int) throws(ModelFormatError) -> Int {
    let place = offset
    let value = try slice(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let count = Int(exactly: value) else {
      throw .damaged("\(value) is no number of things in a file", offset: place)
    }
    return count
  }

  /// Reads a number in groups of seven bits, the lowest first; each but the last has its highest bit set.
  mutating func varint() throws(ModelFormatError) -> UInt64 {
    let place = offset
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      let byte = try integer(UInt8.self)
      if shift < 64 { value |= UInt64(byte & 0x7F) << UInt64(shift) }
      if byte < 0x80 { return value }
    }
    throw .damaged("a number has more than ten bytes", offset: place)
  }

  /// Passes a mark.
  mutating func expect(_ mark: String) throws(ModelFormatError) {
    let place = offset
    guard try slice(mark.utf8.count).elementsEqual(mark.utf8) else {
      throw .damaged("'\(mark)' is not where it belongs", offset: place)
    }
  }
}
