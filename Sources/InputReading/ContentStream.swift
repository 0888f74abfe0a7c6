internal import CArchive
internal import CZlib

/// A file's content from its beginning to its end, unpacked where the file is compressed.
///
/// The first bytes tell the compression, never the name: gzip, Zstandard, bzip2, xz and lz4. Checksums
/// are verified, and a file that is cut off is refused.
public final class ContentStream {
  /// The path as the user gave it; `-` is standard input.
  public let path: String
  /// The bytes of the content, as far as they are known beforehand; 0 where they are not.
  public let size: Int
  private let unpacking: any UnpackingStream
  /// Bytes of a plain file that have been read to tell what it is.
  private var beginning: ArraySlice<UInt8>

  /// Opens a file, or standard input where `path` is `-`.
  ///
  /// - Throws: ``InputError`` if there is no such file, or it may not be read.
  public init(path: String) throws(InputError) {
    self.path = path
    var file = try FileStream(path: path)
    var first: [UInt8] = []
    while first.count < 8, try file.read(8 - first.count, into: &first) > 0 {}
    let known = file.size
    if first.starts(with: [0x1F, 0x8B]) {
      (size, beginning) = (0, [])
      unpacking = try GzipStream(file, beginning: first)
    } else if FilterStream.magics.contains(where: { first.starts(with: $0) }) {
      (size, beginning) = (0, [])
      unpacking = try FilterStream(file, beginning: first)
    } else {
      (size, beginning) = (known, first[...])
      unpacking = PlainStream(file)
    }
  }

  /// Reads up to `count` bytes into `buffer` in the place of those from `start`.
  ///
  /// - Precondition: The buffer has so many bytes there.
  /// - Returns: how many bytes were read; 0 at the end of the content.
  /// - Throws: ``InputError`` also if compressed data is damaged or cut off.
  public func read(
    _ count: Int, into buffer: inout [UInt8], at start: Int
  ) throws(InputError) -> Int {
    precondition(start >= 0 && count > 0 && start + count <= buffer.count, "bytes for the read")
    guard beginning.isEmpty else {
      let taken = beginning.prefix(count)
      buffer.replaceSubrange(start..<start + taken.count, with: taken)
      beginning.removeFirst(taken.count)
      return taken.count
    }
    return try unpacking.read(count, into: &buffer, at: start)
  }

  /// Appends up to `count` bytes of the content to `buffer`.
  ///
  /// - Returns: how many bytes were appended; 0 at the end of the content.
  /// - Throws: ``InputError`` also if compressed data is damaged or cut off.
  public func read(_ count: Int, into buffer: inout [UInt8]) throws(InputError) -> Int {
    let start = buffer.count
    buffer.appendZeros(count)
    let read = try read(count, into: &buffer, at: start)
    buffer.removeLast(count - read)
    return read
  }
}

/// The content of a file of one kind of compression.
private protocol UnpackingStream: AnyObject {
  /// Reads up to `count` bytes into those of `buffer` from `start`, which are there.
  func read(_ count: Int, into buffer: inout [UInt8], at start: Int) throws(InputError) -> Int
}

/// A file that is not compressed.
private final class PlainStream: UnpackingStream {
  private var file: FileStream

  init(_ file: consuming FileStream) { self.file = file }

  func read(_ count: Int, into buffer: inout [UInt8], at start: Int) throws(InputError) -> Int {
    try file.read(count, into: &buffer, at: start)
  }
}

/// Members of gzip one after the other, by zlib.
@safe
private final class GzipStream: UnpackingStream {
  private var file: FileStream
  // Safety: zlib keeps the address, so it lives in memory of its own.
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: [UInt8]
  private var inputCount: Int
  private var position = 0
  /// Whether the last member has ended.
  private var isBetweenMembers = false
  private var isAtEnd = false

  init(_ file: consuming FileStream, beginning: [UInt8]) throws(InputError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe cz_inflate_init(stream) == Z_OK else {
      unsafe stream.deallocate()
      throw .unreadable(file.path, reason: "not enough memory")
    }
    self.file = file
    unsafe self.stream = unsafe stream
    inputCount = beginning.count
    input = beginning
    input.appendZeros(1 << 16)
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  func read(_ count: Int, into buffer: inout [UInt8], at start: Int) throws(InputError) -> Int {
    while !isAtEnd {
      if position == inputCount {
        position = 0
        inputCount = try file.read(input.count, into: &input, at: 0)
        if inputCount == 0 {
          guard isBetweenMembers else {
            throw .damaged(file.path, reason: "the compressed data is cut off")
          }
          isAtEnd = true
          break
        }
      }
      if isBetweenMembers {
        // Programs that write to tapes fill blocks with zeros.
        if input[position] == 0 {
          position += 1
          continue
        }
        unsafe inflateReset(stream)
        isBetweenMembers = false
      }
      let written = try inflate(count, into: &buffer, at: start)
      if written > 0 { return written }
    }
    return 0
  }

  private func inflate(
    _ count: Int, into buffer: inout [UInt8], at start: Int
  ) throws(InputError) -> Int {
    let room = min(count, 1 << 30)
    let code = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe buffer.withUnsafeMutableBufferPointer { output in
        unsafe stream.pointee.next_in = unsafe input.baseAddress?.advanced(by: position)
        unsafe stream.pointee.avail_in = UInt32(inputCount - position)
        unsafe stream.pointee.next_out = unsafe output.baseAddress?.advanced(by: start)
        unsafe stream.pointee.avail_out = UInt32(room)
        return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
      }
    }
    position = unsafe inputCount - Int(stream.pointee.avail_in)
    switch code {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isBetweenMembers = true
    default:
      let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      throw .damaged(file.path, reason: reason ?? "the compressed data is no such data")
    }
    return unsafe room - Int(stream.pointee.avail_out)
  }
}

/// One of libarchive's filters over a file.
@safe
private final class FilterStream: UnpackingStream {
  /// What compressed files begin with: Zstandard, bzip2, xz, lz4.
  static let magics: [[UInt8]] = [
    [0x28, 0xB5, 0x2F, 0xFD], [0x42, 0x5A, 0x68], [0xFD, 0x37, 0x7A, 0x58, 0x5A],
    [0x04, 0x22, 0x4D, 0x18],
  ]

  /// What libarchive reads from, piece by piece.
  private final class Input {
    var file: FileStream
    var piece: [UInt8]
    var pieceCount: Int
    var error: InputError?

    init(_ file: consuming FileStream, _ beginning: [UInt8]) {
      self.file = file
      pieceCount = beginning.count
      piece = beginning
      piece.appendZeros(1 << 16)
    }

    /// The next piece's bytes in `piece`; -1 where the file cannot be read.
    func next() -> Int {
      if pieceCount > 0 {
        defer { pieceCount = 0 }
        return pieceCount
      }
      do throws(InputError) {
        return try file.read(piece.count, into: &piece, at: 0)
      } catch {
        self.error = error
        return -1
      }
    }
  }

  // Safety: made once and freed once; libarchive holds the input, which lives as long.
  private let handle: OpaquePointer
  private let input: Input

  init(_ file: consuming FileStream, beginning: [UInt8]) throws(InputError) {
    guard let handle = unsafe archive_read_new() else {
      throw .unreadable(file.path, reason: "not enough memory")
    }
    unsafe self.handle = unsafe handle
    input = Input(file, beginning)
    // All of libarchive's filters would take in those that run another program, such as lrzip.
    unsafe archive_read_support_filter_bzip2(handle)
    unsafe archive_read_support_filter_xz(handle)
    unsafe archive_read_support_filter_zstd(handle)
    unsafe archive_read_support_filter_lz4(handle)
    unsafe archive_read_support_format_raw(handle)
    try begin()
  }

  deinit { unsafe archive_read_free(handle) }

  private func begin() throws(InputError) {
    let code = unsafe archive_read_open(
      handle, Unmanaged.passUnretained(input).toOpaque(), nil,
      { _, context, place in
        guard let context = unsafe context, let place = unsafe place else { return -1 }
        let input = unsafe Unmanaged<Input>.fromOpaque(context).takeUnretainedValue()
        let count = input.next()
        // Safety: the piece stays where it is until the next one is asked for.
        unsafe input.piece.withUnsafeBufferPointer { bytes in
          unsafe place.pointee = UnsafeRawPointer(bytes.baseAddress)
        }
        return count
      }, nil)
    var entry: OpaquePointer?
    guard code == ARCHIVE_OK, unsafe archive_read_next_header(handle, &entry) == ARCHIVE_OK else {
      throw failure
    }
    // A filter does not know a file that ends within its header.
    guard unsafe archive_filter_code(handle, 0) != ARCHIVE_FILTER_NONE else {
      throw .damaged(input.file.path, reason: "the compressed data is cut off")
    }
  }

  func read(_ count: Int, into buffer: inout [UInt8], at start: Int) throws(InputError) -> Int {
    let read = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe archive_read_data(handle, bytes.baseAddress?.advanced(by: start), count)
    }
    guard read >= 0 else { throw failure }
    return read
  }

  private var failure: InputError {
    if let error = input.error { return error }
    let text = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
    return .damaged(
      input.file.path, reason: text?.lowercased() ?? "the compressed data is no such data")
  }
}
