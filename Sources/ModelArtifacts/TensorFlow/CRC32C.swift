/// Castagnoli's checksum, in the masked form that LevelDB's tables and TensorFlow's checkpoints keep.
///
/// Source: RFC 3720, appendix B.4; the mask is from leveldb's util/crc32c.h.
struct CRC32C {
  private var register = UInt32.max

  /// The checksum itself.
  var value: UInt32 { ~register }

  /// The checksum as files keep it, so that the checksum of what holds checksums is a good one.
  var masked: UInt32 { (value >> 15 | value << 17) &+ 0xA282_EAD8 }

  /// For each of four places, what a byte that has so many behind it makes of the register.
  private static let tables: [UInt32] = {
    var tables: [UInt32] = []
    for byte in 0..<256 as Range<UInt32> {
      var crc = byte
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
      tables.append(crc)
    }
    for index in 256..<1_024 {
      let before = tables[index - 256]
      tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
    }
    return tables
  }()

  init() {}

  /// The checksum of bytes.
  init(_ bytes: ArraySlice<UInt8>) {
    add(bytes)
  }

  /// Takes bytes in.
  ///
  /// - Complexity: O(*n*).
  mutating func add(_ bytes: ArraySlice<UInt8>) {
    let tables = Self.tables
    var crc = register
    var index = bytes.startIndex
    while bytes.endIndex - index >= 4 {
      let word =
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
        | UInt32(bytes[index + 3]) << 24
      crc ^= word
      crc =
        tables[768 + Int(crc & 0xFF)] ^ tables[512 + Int(crc >> 8 & 0xFF)]
        ^ tables[256 + Int(crc >> 16 & 0xFF)] ^ tables[Int(crc >> 24)]
      index += 4
    }
    while index < bytes.endIndex {
      crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
      index += 1
    }
    register = crc
  }
}
