internal import CArchive
internal import InputReading

/// A file inside an artifact.
public struct Member: Hashable, Sendable {
  /// What a member is for, by its content and place.
  public enum Kind: String, Hashable, Sendable {
    /// What the model was read from.
    case model
    /// Source code.
    case code
    /// A file of metrics.
    case metrics
    /// A folder.
    case folder
    /// A link, which is never followed.
    case link
    /// A device, a pipe or a socket, which is never opened.
    case special
    /// Anything else.
    case other
  }

  /// The path in the artifact.
  public let path: String
  /// Unpacked bytes.
  public let size: Int
  /// What it is for.
  public internal(set) var kind: Kind
  /// The content; empty for all but files.
  public let bytes: [UInt8]
}

/// What keeps an archive from being unpacked.
enum ArchiveError: Error, Hashable {
  /// The archive is cut off or damaged; the reason is the library's.
  case damaged(String)
  /// The archive is beyond a limit, which an option may raise.
  case limit(String, member: String? = nil, raisedBy: Limits.Option?)

  /// The archive has no room left.
  static func limit(_ room: Limits.Room, member: String? = nil) -> ArchiveError {
    .limit(room.limit, member: member, raisedBy: room.option)
  }
}

/// Unpacks archives in memory; nothing is ever written.
enum Archive {
  /// The members of a tar file or a zip file, not compressed as a whole; `nil` where it is neither.
  static func members(of bytes: [UInt8], limits: Limits) throws(ArchiveError) -> [Member]? {
    if isZip(bytes) { return try unpack(bytes, as: .zip, limits: limits) }
    return isTar(bytes) ? try unpack(bytes, as: .tar, limits: limits) : nil
  }

  /// Whether the bytes begin as a zip file's.
  static func isZip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B]) }

  /// Whether the first block is a header whose checksum fits, or the block of zeros that ends an
  /// archive.
  ///
  /// The checksum is six octal digits at 148, the sum of the block's bytes with blanks in its place.
  private static func isTar(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 512 else { return false }
    let header = bytes[..<512]
    if header.allSatisfy({ $0 == 0 }) { return true }
    let digits = header[148..<156].drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    let sum =
      header.reduce(0) { $0 + Int($1) } - header[148..<156].reduce(0) { $0 + Int($1) } + 8 * 32
    return Int(String(decoding: digits, as: UTF8.self), radix: 8) == sum
  }

  private static func unpack(
    _ bytes: [UInt8], as format: ArchiveReader.Format, limits: Limits
  ) throws(ArchiveError) -> [Member] {
    let reader = try ArchiveReader.open(bytes, format: format)
    var members: [Member] = []
    var total = 0
    while let (path, kind) = try reader.next() {
      guard members.count < limits.memberCount else {
        throw .limit("\(limits.memberCount) members", raisedBy: nil)
      }
      let data: [UInt8]
      do throws(ArchiveError) {
        data = kind == .other ? try reader.data(room: limits.room(after: total)) : []
      } catch .limit(let limit, _, let option) {
        throw .limit(limit, member: path, raisedBy: option)
      }
      total += data.count
      members.append(
        Member(
          path: path, size: data.count, kind: kind == .other ? Member.Kind(path: path) : kind,
          bytes: data))
    }
    return members
  }
}

/// One of libarchive's readers over bytes in memory.
@safe
struct ArchiveReader: ~Copyable {
  enum Format {
    /// A single compressed file.
    case compressed(Compression)
    case tar
    case zip
  }

  /// Unpacks a file that is compressed as a whole.
  static func decompressed(
    _ bytes: [UInt8], _ compression: Compression, room: Limits.Room
  ) throws(ArchiveError) -> [UInt8] {
    // Reading the compression by itself goes to its end, so that a cut shows.
    let reader = try open(bytes, format: .compressed(compression))
    guard try reader.next() != nil else { return [] }
    return try reader.data(room: room)
  }

  private let handle: OpaquePointer
  // Safety: libarchive reads from these until the reader is freed.
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  static func open(_ source: [UInt8], format: Format) throws(ArchiveError) -> ArchiveReader {
    guard let handle = unsafe archive_read_new() else {
      throw .damaged("there is no memory to unpack it")
    }
    switch format {
    // All of libarchive's filters would take in those that run another program, such as lrzip.
    case .compressed(let compression):
      switch compression {
      case .gzip, .zlib: break
      case .bzip2: unsafe archive_read_support_filter_bzip2(handle)
      case .xz: unsafe archive_read_support_filter_xz(handle)
      case .lzma: unsafe archive_read_support_filter_lzma(handle)
      case .zstd: unsafe archive_read_support_filter_zstd(handle)
      case .lz4: unsafe archive_read_support_filter_lz4(handle)
      }
      unsafe archive_read_support_format_raw(handle)
    case .tar: unsafe archive_read_support_format_tar(handle)
    // By its directory at the end, as everyone reads it, so that a cut shows.
    case .zip: unsafe archive_read_support_format_zip_seekable(handle)
    }
    let reader = unsafe ArchiveReader(handle, source)
    let code = unsafe archive_read_open_memory(
      reader.handle, reader.bytes.baseAddress, reader.bytes.count)
    guard code == ARCHIVE_OK else { throw reader.failure }
    return reader
  }

  private init(_ handle: OpaquePointer, _ source: [UInt8]) {
    unsafe self.handle = unsafe handle
    unsafe bytes = .allocate(capacity: source.count)
    _ = unsafe bytes.initialize(from: source)
  }

  deinit {
    unsafe archive_read_free(handle)
    unsafe bytes.deallocate()
  }

  /// The next member's path and kind; `nil` behind the last one.
  borrowing func next() throws(ArchiveError) -> (path: String, kind: Member.Kind)? {
    var entry: OpaquePointer?
    let code = unsafe archive_read_next_header(handle, &entry)
    if code == ARCHIVE_EOF { return nil }
    // A warning says that the locale cannot show the name, which is taken as UTF-8 below.
    guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let entry = unsafe entry else {
      throw failure
    }
    let path =
      if let text = unsafe archive_entry_pathname_utf8(entry) {
        unsafe String(cString: text)
      } else if let text = unsafe archive_entry_pathname(entry) {
        unsafe String(cString: text)
      } else {
        ""
      }
    if unsafe archive_entry_hardlink(entry) != nil { return (path, .link) }
    let kind: Member.Kind =
      switch unsafe archive_entry_filetype(entry) & 0o170000 {
      // The raw format and some zip files give no type.
      case 0o100000, 0: .other
      case 0o040000: .folder
      case 0o120000: .link
      default: .special
      }
    return (path, kind)
  }

  /// The rest of the member's bytes.
  borrowing func data(room: Limits.Room) throws(ArchiveError) -> [UInt8] {
    var data: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe block.withUnsafeMutableBytes { buffer in
        unsafe archive_read_data(handle, buffer.baseAddress, buffer.count)
      }
      if count == 0 { return data }
      guard count > 0 else { throw failure }
      guard data.count + count <= room.byteCount else { throw .limit(room) }
      data += block[..<count]
    }
  }

  private var failure: ArchiveError {
    guard let text = unsafe archive_error_string(handle) else {
      return .damaged("it cannot be unpacked")
    }
    return .damaged(unsafe String(cString: text).lowercased())
  }
}
