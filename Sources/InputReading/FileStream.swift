internal import Glibc

/// An open file that is read from its beginning to its end, once.
@safe
public struct FileStream: ~Copyable {
  /// The path as the user gave it; `-` is standard input.
  public let path: String
  private let descriptor: Int32

  /// Opens a file, or standard input where `path` is `-`.
  ///
  /// - Throws: ``InputError`` if there is no such file, or it is a folder or may not be read.
  public init(path: String) throws(InputError) {
    self.path = path
    if path == "-" {
      descriptor = STDIN_FILENO
      return
    }
    // Until the property is set, an error does not call the deinitializer, which would close again.
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .opening(path, errno) }
    if FileKind(descriptor: opened) == .folder {
      close(opened)
      throw .isFolder(path)
    }
    descriptor = opened
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// The bytes of the file, as far as the system can tell beforehand; 0 for pipes.
  public var size: Int { FileKind.size(descriptor: descriptor) }

  /// Reads up to `count` bytes into `buffer` in the place of those from `start`.
  ///
  /// - Precondition: The buffer has so many bytes there.
  /// - Returns: how many bytes were read; 0 at the end of the file.
  public mutating func read(
    _ count: Int, into buffer: inout [UInt8], at start: Int
  ) throws(InputError) -> Int {
    precondition(start >= 0 && count > 0 && start + count <= buffer.count, "bytes for the read")
    let result = unsafe buffer.withUnsafeMutableBytes { bytes in
      // Safety: the precondition.
      let place = unsafe bytes.baseAddress?.advanced(by: start)
      var result = unsafe Glibc.read(descriptor, place, count)
      while result < 0 && errno == EINTR { result = unsafe Glibc.read(descriptor, place, count) }
      return result
    }
    guard result >= 0 else { throw .unreadable(path, reason: reason(errno)) }
    return result
  }

  /// Appends up to `count` bytes of the file to `buffer`.
  ///
  /// - Returns: how many bytes were appended; 0 at the end of the file.
  public mutating func read(_ count: Int, into buffer: inout [UInt8]) throws(InputError) -> Int {
    let start = buffer.count
    buffer.appendZeros(count)
    let read = try read(count, into: &buffer, at: start)
    buffer.removeLast(count - read)
    return read
  }

  /// The rest of the file.
  ///
  /// - Throws: ``InputError/tooLarge(_:limit:)`` beyond `limit` bytes.
  public mutating func readToEnd(limit: Int) throws(InputError) -> [UInt8] {
    let size = FileKind.size(descriptor: descriptor)
    guard size <= limit else { throw .tooLarge(path, limit: limit) }
    var code: Int32 = 0
    var bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      // Safety: each read is given the room that is left.
      unsafe askForLargePages(buffer)
      while count < size {
        let place = unsafe buffer.baseAddress?.advanced(by: count)
        let result = unsafe Glibc.read(descriptor, place, size - count)
        if result < 0 && errno == EINTR { continue }
        if result < 0 { code = errno }
        guard result > 0 else { return }
        count += result
      }
    }
    guard code == 0 else { throw .unreadable(path, reason: reason(code)) }
    // What the size did not tell, as of pipes and of files that grow.
    while try read(1 << 20, into: &bytes) > 0 {
      guard bytes.count <= limit else { throw .tooLarge(path, limit: limit) }
    }
    return bytes
  }
}

/// Lets the whole pages of 2 MB in a buffer come as such when they are first touched, which is faster.
private func askForLargePages(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
  let page = 2 << 20
  let start = Int(bitPattern: buffer.baseAddress)
  let first = (start + page - 1) / page * page
  let last = (start + buffer.count) / page * page
  guard last > first, let address = unsafe UnsafeMutableRawPointer(bitPattern: first) else {
    return
  }
  // Safety: the pages are the buffer's own. A refusal costs speed alone.
  _ = unsafe madvise(address, last - first, MADV_HUGEPAGE)
}

extension [UInt8] {
  /// Appends so many zeros, as room to read into.
  public mutating func appendZeros(_ count: Int) {
    append(
      contentsOf: unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
        if let start = bytes.baseAddress { unsafe memset(start, 0, count) }
        initialized = count
      })
  }
}

/// Files and folders as the operating system sees them.
public enum FileKind: Sendable {
  /// Something with bytes in it: a regular file, a pipe, a device.
  case file
  /// A folder.
  case folder

  /// What the path names, links followed; `nil` where there is nothing.
  public init?(path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self = status.isFolder ? .folder : .file
  }

  fileprivate init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self = status.isFolder ? .folder : .file
  }

  /// The bytes of the file, as far as the system can tell beforehand.
  fileprivate static func size(descriptor: Int32) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return 0 }
    return Int(status.st_size)
  }
}

/// A whole file's bytes.
public enum InputFile {
  /// The bytes that a file has.
  ///
  /// - Throws: ``InputError`` if it cannot be opened.
  public static func size(of path: String) throws(InputError) -> Int {
    try FileStream(path: path).size
  }

  /// Reads a file, or standard input where `path` is `-`.
  ///
  /// - Throws: ``InputError`` if it cannot be read or is larger than `limit` bytes.
  public static func bytes(of path: String, limit: Int) throws(InputError) -> [UInt8] {
    var stream = try FileStream(path: path)
    return try stream.readToEnd(limit: limit)
  }

  /// Reads a file of UTF-8 text; a byte-order mark is left out.
  ///
  /// - Throws: ``InputError`` also if the bytes are not UTF-8.
  public static func text(of path: String, limit: Int) throws(InputError) -> String {
    let bytes = try bytes(of: path, limit: limit)
    guard UTF8Check.isValid(bytes.span) else { throw .notText(Place(path)) }
    return String(
      decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
  }

  /// The names in a folder, by code points, without `.` and `..`.
  ///
  /// - Throws: ``InputError`` if the folder cannot be read.
  public static func names(in folder: String) throws(InputError) -> [String] {
    guard let handle = unsafe opendir(folder) else { throw .opening(folder, errno) }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { characters in
          unsafe String(cString: characters)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  }
}

extension InputError {
  fileprivate static func opening(_ path: String, _ code: Int32) -> InputError {
    code == ENOENT ? .notFound(path) : .unreadable(path, reason: reason(code))
  }
}

/// The system's sentence for an error number, in lower case as the diagnostics are.
private func reason(_ code: Int32) -> String {
  guard let text = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: text).lowercased()
}

extension stat {
  fileprivate var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
}
