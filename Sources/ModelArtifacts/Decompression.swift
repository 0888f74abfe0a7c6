internal import CZlib
internal import InputReading

/// How a file is compressed, told by its first bytes and not by its name.
enum Compression: Hashable, Sendable {
  case gzip, zlib, bzip2, xz, lzma, zstd, lz4

  /// The compression of bytes that begin as its files do.
  init?(of bytes: [UInt8]) {
    let magics: [(magic: [UInt8], compression: Compression)] = [
      ([0x1F, 0x8B], .gzip), ([0x42, 0x5A, 0x68], .bzip2), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], .xz),
      ([0x5D, 0x00, 0x00], .lzma), ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
      ([0x04, 0x22, 0x4D, 0x18], .lz4),
    ]
    if let found = magics.first(where: { bytes.starts(with: $0.magic) }) {
      self = found.compression
    } else if bytes.count > 2, bytes[0] == 0x78, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 {
      // zlib's header is a multiple of 31.
      self = .zlib
    } else {
      return nil
    }
  }

  /// Unpacks a whole file in memory.
  ///
  /// gzip's and zlib's checksums are verified, and so are those that libarchive's filters verify.
  ///
  /// - Throws: ``ArchiveError`` if the file is cut off or damaged, has more bytes behind its end, or
  ///   unpacks to more bytes than there is room for.
  func unpack(_ bytes: [UInt8], room: Limits.Room) throws(ArchiveError) -> [UInt8] {
    switch self {
    case .gzip, .zlib: try Inflation.unpack(bytes, room: room)
    case .bzip2, .xz, .lzma, .zstd, .lz4:
      try ArchiveReader.decompressed(bytes, self, room: room)
    }
  }

  /// Unpacks what is known to have at most `limit` bytes.
  func unpack(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
    try unpack(bytes, room: Limits.Room(byteCount: limit))
  }
}

/// zlib over bytes in memory.
// Safety: zlib is told of input and room anew before each call, with their lengths, and keeps neither beyond it.
private enum Inflation {
  static func unpack(_ bytes: [UInt8], room: Limits.Room) throws(ArchiveError) -> [UInt8] {
    var output: [UInt8] = []
    var position = 0
    repeat {
      position += try inflateMember(bytes[position...], into: &output, room: room)
    } while bytes[position...].starts(with: [0x1F, 0x8B])
    // Programs that write to tapes fill blocks with zeros.
    guard bytes[position...].allSatisfy({ $0 == 0 }) else {
      throw .damaged("\(bytes.count - position) bytes follow the compressed data")
    }
    return output
  }

  /// Unpacks one member and says how many bytes it took.
  private static func inflateMember(
    _ bytes: ArraySlice<UInt8>, into output: inout [UInt8], room: Limits.Room
  ) throws(ArchiveError) -> Int {
    var stream = unsafe z_stream()
    guard unsafe cz_inflate_init(&stream) == Z_OK else {
      throw .damaged("there is no memory to unpack it")
    }
    defer { unsafe inflateEnd(&stream) }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var consumed = 0
    var code = Z_OK
    while code == Z_OK {
      // zlib counts in 32 bits.
      let input = bytes.dropFirst(consumed).prefix(1 << 30)
      let written = unsafe input.withUnsafeBufferPointer { input in
        unsafe block.withUnsafeMutableBufferPointer { block in
          unsafe stream.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress)
          unsafe stream.avail_in = UInt32(input.count)
          unsafe stream.next_out = block.baseAddress
          unsafe stream.avail_out = UInt32(block.count)
          code = unsafe inflate(&stream, Z_NO_FLUSH)
          return unsafe block.count - Int(stream.avail_out)
        }
      }
      consumed += unsafe input.count - Int(stream.avail_in)
      guard output.count + written <= room.byteCount else { throw .limit(room) }
      output += block[..<written]
    }
    switch code {
    case Z_STREAM_END: return consumed
    case Z_BUF_ERROR: throw .damaged("the compressed data is cut off")
    default:
      let reason = unsafe stream.msg.map { unsafe String(cString: $0) }
      throw .damaged(reason ?? "the compressed data is no such data")
    }
  }
}
