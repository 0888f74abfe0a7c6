/// Writes the bytes of archives, well-formed or not.
enum ArchiveBytes {
  /// A member of a tar file.
  struct Entry {
    var path: String
    var type: Character = "0"
    var link = ""
    var bytes: [UInt8] = []

    init(_ path: String, _ bytes: [UInt8] = []) {
      self.path = path
      self.bytes = bytes
    }

    init(_ path: String, type: Character, link: String = "") {
      self.path = path
      self.type = type
      self.link = link
    }
  }

  /// A tar file in the ustar format, with the two blocks that end one.
  static func tar(_ entries: [Entry]) -> [UInt8] {
    entries.flatMap(block) + [UInt8](repeating: 0, count: 1024)
  }

  /// A member's header and content, in blocks of 512 bytes.
  private static func block(_ entry: Entry) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func write(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    func octal(_ value: Int, width: Int) -> String {
      let digits = String(value, radix: 8)
      return String(repeating: "0", count: width - digits.count) + digits
    }
    write(entry.path, at: 0)
    write(octal(0o644, width: 7), at: 100)
    write(octal(0, width: 7), at: 108)
    write(octal(0, width: 7), at: 116)
    write(octal(entry.bytes.count, width: 11), at: 124)
    write(octal(0, width: 11), at: 136)
    write("        ", at: 148)
    write(String(entry.type), at: 156)
    write(entry.link, at: 157)
    write("ustar\u{0}00", at: 257)
    write(octal(0, width: 7), at: 329)
    write(octal(0, width: 7), at: 337)
    write(octal(header.reduce(0) { $0 + Int($1) }, width: 6) + "\u{0} ", at: 148)
    let padding = (512 - entry.bytes.count % 512) % 512
    return header + entry.bytes + [UInt8](repeating: 0, count: padding)
  }

  /// gzip with blocks that are stored as they are.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(0xFFFF)
      rest = rest.dropFirst(0xFFFF)
      let count = UInt16(block.count)
      stream += [rest.isEmpty ? 1 : 0] + little(count) + little(~count) + block
    } while !rest.isEmpty
    return stream + little(crc32(bytes)) + little(UInt32(bytes.count))
  }

  /// A zip file whose members are stored as they are.
  static func zip(_ files: [(path: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (path, bytes) in files {
      let common =
        little(UInt16(20)) + little(UInt16(0)) + little(UInt16(0)) + little(UInt32(0))
        + little(crc32(bytes)) + little(UInt32(bytes.count)) + little(UInt32(bytes.count))
        + little(UInt16(path.utf8.count)) + little(UInt16(0))
      directory +=
        [0x50, 0x4B, 1, 2] + little(UInt16(20)) + common + little(UInt16(0)) + little(UInt16(0))
        + little(UInt16(0)) + little(UInt32(0)) + little(UInt32(archive.count)) + Array(path.utf8)
      archive += [0x50, 0x4B, 3, 4] + common + Array(path.utf8) + bytes
    }
    let end: [UInt8] =
      [0x50, 0x4B, 5, 6] + little(UInt32(0)) + little(UInt16(files.count))
      + little(UInt16(files.count)) + little(UInt32(directory.count))
      + little(UInt32(archive.count)) + little(UInt16(0))
    return archive + directory + end
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    PickleBytes.littleEndian(value)
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~crc
  }
}
