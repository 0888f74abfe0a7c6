/// A table of keys and values in LevelDB's format, as the index of TensorFlow's variables is.
///
/// | part | bytes |
/// |---|---|
/// | block | entries, then where some of them begin: 4 bytes each and 4 of their number |
/// | entry | varints: bytes shared with the key before, further bytes of the key, bytes of the value; then those |
/// | behind a block | its compression (0 none, 1 Snappy), and the masked checksum of both in 4 bytes |
/// | footer | the last 48 bytes: varints of the offset and size of two blocks, of which the second is the index of the others; zeros up to 40; the mark |
///
/// Source: leveldb's doc/table_format.md; tensorflow/core/lib/io/table.
enum SortedTable {
  private static let mark: UInt64 = 0xDB47_7524_8B80_FB57

  /// The entries, in the order of their keys.
  ///
  /// - Throws: ``ModelFormatError`` if the table is damaged: a checksum does not fit, or a block is elsewhere.
  static func entries(
    of bytes: [UInt8]
  ) throws(ModelFormatError) -> [(key: [UInt8], value: Range<Int>)] {
    guard bytes.count >= 48 else {
      throw .damaged("the table of variables has no end: the file is cut off", offset: bytes.count)
    }
    var footer = try FileCursor(bytes, bytes.count - 48..<bytes.count - 8)
    var end = try FileCursor(bytes, at: bytes.count - 8)
    guard try end.integer(UInt64.self) == mark else {
      throw .damaged(
        "the table of variables has no end: the file is cut off", offset: bytes.count - 8)
    }
    _ = try block(&footer, bytes)
    let index = try block(&footer, bytes)
    var entries: [(key: [UInt8], value: Range<Int>)] = []
    var covered = 0
    for block in try self.entries(in: index, bytes) {
      var handle = try FileCursor(bytes, block.value)
      let range = try self.block(&handle, bytes)
      // Blocks stand one behind another, so that no block is read twice.
      guard range.lowerBound >= covered else {
        throw .damaged("a block of the table stands twice", offset: range.lowerBound)
      }
      covered = range.upperBound
      entries += try self.entries(in: range, bytes)
    }
    return entries
  }

  /// Where the block is that an offset and a size name.
  private static func block(
    _ handle: inout FileCursor, _ bytes: [UInt8]
  ) throws(ModelFormatError) -> Range<Int> {
    let offset = Int(clamping: try handle.varint())
    let size = Int(clamping: try handle.varint())
    var cursor = try FileCursor(bytes, at: offset)
    let range = try cursor.range(size)
    let compression = try cursor.integer(UInt8.self)
    let checksum = try cursor.integer(UInt32.self)
    guard CRC32C(bytes[range.lowerBound...range.upperBound]).masked == checksum else {
      throw .damaged("a block of the table is not what its checksum says", offset: offset)
    }
    guard compression == 0 else { throw .unsupported("a table of variables that is compressed") }
    return range
  }

  private static func entries(
    in block: Range<Int>, _ bytes: [UInt8]
  ) throws(ModelFormatError) -> [(key: [UInt8], value: Range<Int>)] {
    guard block.count >= 4 else {
      throw .damaged("a block of the table has no end", offset: block.lowerBound)
    }
    var end = try FileCursor(bytes, block.upperBound - 4..<block.upperBound)
    let restarts = Int(try end.integer(UInt32.self))
    guard restarts <= (block.count - 4) / 4 else {
      throw .damaged("a block of the table has no entries", offset: block.upperBound - 4)
    }
    var cursor = try FileCursor(bytes, block.lowerBound..<block.upperBound - 4 - 4 * restarts)
    var entries: [(key: [UInt8], value: Range<Int>)] = []
    var key: [UInt8] = []
    while cursor.remaining > 0 {
      let place = cursor.offset
      let shared = Int(clamping: try cursor.varint())
      let own = Int(clamping: try cursor.varint())
      let size = Int(clamping: try cursor.varint())
      guard shared <= key.count, own < 1 << 16, shared < 1 << 16 else {
        throw .damaged("a key of the table begins as no other", offset: place)
      }
      key.removeLast(key.count - shared)
      key += try cursor.slice(own)
      entries.append((key, try cursor.range(size)))
    }
    return entries
  }
}
