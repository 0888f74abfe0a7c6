internal import Glibc
public import InputReading

/// What keeps a result from being written.
public enum OutputError: DiagnosedError, Hashable {
  /// The operating system refuses it.
  case notWritten(String, reason: String)

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    switch self {
    case .notWritten(let path, let reason):
      Diagnostic("cannot be written: \(reason)", at: Place(path), hint: "name another place")
    }
  }
}

/// Writing of results: whole or not at all.
public enum OutputFile {
  // Safety: the system is given paths and buffers that live as long as the calls, and keeps none of them.

  /// Writes text to a file: first beside it, then in its place.
  ///
  /// A pipe or device is written in place.
  public static func write(_ text: String, toFile path: String) throws(OutputError) {
    do {
      try write(toFile: path) { write in try write(text) }
    } catch let error as OutputError {
      throw error
    } catch { preconditionFailure("writing fails with an OutputError alone") }
  }

  /// Writes bytes to a file, as text is written.
  public static func write(_ bytes: [UInt8], toFile path: String) throws(OutputError) {
    do {
      try writeBytes(toFile: path) { write in try write(bytes) }
    } catch let error as OutputError {
      throw error
    } catch { preconditionFailure("writing fails with an OutputError alone") }
  }

  /// Writes a file: first without a name, then in its place.
  ///
  /// A pipe or device is written in place. Where the file system has no files without a name, the file
  /// has another one beside its place until it is whole.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - body: Is given what writes text, as often as it wants to.
  /// - Throws: ``OutputError``, or what `body` throws; then there is no file.
  public static func write(
    toFile path: String, _ body: (@escaping (_ text: String) throws -> Void) throws -> Void
  ) throws {
    try writeBytes(toFile: path) { write in try body { text in try write(Array(text.utf8)) } }
  }

  private static func writeBytes(
    toFile path: String, _ body: (@escaping (_ bytes: [UInt8]) throws -> Void) throws -> Void
  ) throws {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      try withDescriptor(path, O_WRONLY | O_CLOEXEC, mode: 0) { descriptor in
        try body { bytes in try write(bytes, to: descriptor, name: path) }
      }
      return
    }
    // A link keeps pointing to the file that is replaced, or made.
    let target = exists ? resolved(path) : destination(ofLink: path) ?? path
    let temporary = "\(target).\(getpid()).tmp"
    let mode = exists ? status.st_mode & 0o777 : 0o666
    try UnfinishedFiles.with(temporary) {
      do {
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
        let unnamed = unsafe open(folder, O_WRONLY | unnamedFile | O_CLOEXEC, mode)
        if unnamed >= 0 {
          try closing(unnamed, name: path) { descriptor in
            try body { bytes in try write(bytes, to: descriptor, name: path) }
            // Whatever ends the program until here leaves nothing behind.
            let file = "/proc/self/fd/\(descriptor)"
            let place = exists ? temporary : target
            guard unsafe linkat(AT_FDCWD, file, AT_FDCWD, place, AT_SYMLINK_FOLLOW) == 0 else {
              throw failure(path)
            }
          }
          guard exists else { return }
        } else {
          let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
          try withDescriptor(temporary, flags, mode: mode, name: path) { descriptor in
            try body { bytes in try write(bytes, to: descriptor, name: path) }
          }
        }
        guard unsafe rename(temporary, target) == 0 else { throw failure(path) }
      } catch {
        unsafe unlink(temporary)
        throw error
      }
    }
  }

  /// Writes text to an open file.
  public static func write(_ text: String, to descriptor: Int32, name: String) throws(OutputError) {
    try write(Array(text.utf8), to: descriptor, name: name)
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, name: String
  ) throws(OutputError) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(name) }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func withDescriptor(
    _ path: String, _ flags: Int32, mode: mode_t, name: String? = nil,
    _ body: (Int32) throws -> Void
  ) throws {
    let descriptor = unsafe open(path, flags, mode)
    guard descriptor >= 0 else { throw failure(name ?? path) }
    try closing(descriptor, name: name ?? path, body)
  }

  private static func closing(
    _ descriptor: Int32, name: String, _ body: (Int32) throws -> Void
  ) throws {
    do {
      try body(descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems report a full disk only here.
    guard close(descriptor) == 0 else { throw failure(name) }
  }

  /// The flag that opens a file without a name in a folder: Linux's O_TMPFILE, which Swift does not see.
  private static let unnamedFile = 0o20_000_000 | O_DIRECTORY

  /// Puts a file that is whole in the place of another name, at once.
  public static func move(_ temporary: String, to path: String) throws(OutputError) {
    guard unsafe rename(temporary, path) == 0 else { throw failure(path) }
  }

  /// Removes a file, where it is there.
  public static func remove(_ path: String) throws(OutputError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
  }

  /// Makes a folder and those that it lies in, where they are not there.
  public static func makeFolder(_ path: String) throws(OutputError) {
    guard FileKind(path: path) != .folder else { return }
    if let slash = path.dropLast().lastIndex(of: "/"), slash > path.startIndex {
      try makeFolder(String(path[..<slash]))
    }
    guard unsafe mkdir(path, 0o777) == 0 else { throw failure(path) }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// Where a link points whose file is not there; `nil` for what is no link.
  private static func destination(ofLink path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    let bytes = buffer[..<count].map { UInt8(bitPattern: $0) }
    let destination = String(decoding: bytes, as: UTF8.self)
    guard !destination.hasPrefix("/"), let slash = path.lastIndex(of: "/") else {
      return destination
    }
    return path[...slash] + destination
  }

  fileprivate static func failure(_ path: String) -> OutputError {
    let code = errno
    guard let text = unsafe strerror(code) else {
      return .notWritten(path, reason: "error \(code)")
    }
    return .notWritten(path, reason: unsafe String(cString: text).lowercased())
  }
}

/// A file that is written piece by piece beside the place where it belongs.
@safe
public struct PartialFile: ~Copyable {
  /// Where the pieces go.
  public let temporary: String
  private let path: String
  private let descriptor: Int32

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: Where it belongs.
  ///   - temporary: Where it is written until it is whole; what is there is replaced.
  /// - Throws: ``OutputError``.
  public init(for path: String, at temporary: String) throws(OutputError) {
    let opened = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    // Until the property is set, an error does not call the deinitializer.
    guard opened >= 0 else { throw OutputFile.failure(temporary) }
    descriptor = opened
    self.path = path
    self.temporary = temporary
  }

  deinit { close(descriptor) }

  /// Appends text.
  public func write(_ text: String) throws(OutputError) {
    try OutputFile.write(text, to: descriptor, name: temporary)
  }

  /// Puts the file, which is whole, in its place.
  public consuming func finish() throws(OutputError) {
    // Some file systems report a full disk only here.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw OutputFile.failure(temporary) }
    try OutputFile.move(temporary, to: path)
  }
}
