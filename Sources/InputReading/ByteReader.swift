/// What ends a read of bytes: there are fewer than the format promises.
public enum ByteError: Error, Hashable, Sendable {
  /// At `offset`, `needed` bytes are wanted and `remaining` are left.
  case truncated(offset: Int, needed: Int, remaining: Int)
}

/// A bounds-checked cursor over the bytes of a file.
///
/// Every read checks the remaining length first, so no input, however malformed, makes it trap or
/// read out of bounds. Where a read throws, the cursor stands where it stood.
public struct ByteReader: ~Escapable {
  private let bytes: Span<UInt8>
  /// The offset of the next byte to read.
  public private(set) var offset: Int

  /// The number of bytes not yet read.
  public var remaining: Int { bytes.count - offset }

  /// Creates a reader that stands at `offset` in `bytes`.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>, at offset: Int = 0) {
    precondition((0...bytes.count).contains(offset), "the cursor must stand inside the bytes")
    self.bytes = bytes
    self.offset = offset
  }

  /// Reads one byte.
  @_lifetime(self: copy self)
  public mutating func readByte() throws(ByteError) -> UInt8 {
    try need(1)
    defer { offset += 1 }
    return bytes[offset]
  }

  /// Reads a little-endian integer of the width of `T`.
  @_lifetime(self: copy self)
  public mutating func readLittleEndian<T: FixedWidthInteger>(
    _ type: T.Type
  ) throws(ByteError) -> T {
    let width = T.bitWidth / 8
    try need(width)
    var value: T = 0
    for index in 0..<width {
      value |= T(truncatingIfNeeded: bytes[offset + index]) << (8 * index)
    }
    offset += width
    return value
  }

  /// Reads a big-endian double.
  @_lifetime(self: copy self)
  public mutating func readBigEndianDouble() throws(ByteError) -> Double {
    Double(bitPattern: try readLittleEndian(UInt64.self).byteSwapped)
  }

  /// Reads `count` bytes and says where they stand.
  @_lifetime(self: copy self)
  public mutating func readRange(_ count: Int) throws(ByteError) -> Range<Int> {
    try need(count)
    defer { offset += count }
    return offset..<offset + count
  }

  /// Reads up to the next newline, which is passed over and not part of the range.
  @_lifetime(self: copy self)
  public mutating func readLine() throws(ByteError) -> Range<Int> {
    var end = offset
    while end < bytes.count && bytes[end] != 0x0A { end += 1 }
    guard end < bytes.count else {
      throw .truncated(offset: offset, needed: remaining + 1, remaining: remaining)
    }
    defer { offset = end + 1 }
    return offset..<end
  }

  private func need(_ count: Int) throws(ByteError) {
    guard count >= 0 && count <= remaining else {
      throw .truncated(offset: offset, needed: count, remaining: remaining)
    }
  }
}
