internal import Glibc
internal import InputReading

/// What keeps a result from being written.
enum OutputError: DiagnosedError {
  /// The operating system refuses it.
  case notWritten(String, reason: String)

  var diagnostic: Diagnostic {
    switch self {
    case .notWritten(let path, let reason):
      Diagnostic("cannot be written: \(reason)", at: Place(path), hint: "name another place")
    }
  }
}

/// Writing of results: whole or not at all.
enum OutputFile {
  /// Writes a file: first beside it, then in its place.
  ///
  /// A pipe or device is written in place.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - body: Is given what writes text, as often as it wants to.
  /// - Throws: ``OutputError``, or what `body` throws; then there is no file.
  static func write(toFile path: String, _ body: (@escaping Answer.Writing) throws -> Void) throws {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      try withDescriptor(path, O_WRONLY | O_CLOEXEC, mode: 0) { descriptor in
        try body { text in try write(text, to: descriptor, name: path) }
      }
      return
    }
    // A link keeps pointing to the file that is replaced, or made.
    let target = exists ? resolved(path) : destination(ofLink: path) ?? path
    let temporary = "\(target).\(getpid()).tmp"
    do {
      let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
      let mode = exists ? status.st_mode & 0o777 : 0o666
      try withDescriptor(temporary, flags, mode: mode, name: path) { descriptor in
        try body { text in try write(text, to: descriptor, name: path) }
      }
      guard unsafe rename(temporary, target) == 0 else { throw failure(path) }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  /// Writes text to an open file.
  static func write(_ text: String, to descriptor: Int32, name: String) throws(OutputError) {
    var bytes = Array(text.utf8)[...]
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
    do {
      try body(descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems report a full disk only here.
    guard close(descriptor) == 0 else { throw failure(name ?? path) }
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

  private static func failure(_ path: String) -> OutputError {
    let code = errno
    guard let text = unsafe strerror(code) else {
      return .notWritten(path, reason: "error \(code)")
    }
    return .notWritten(path, reason: unsafe String(cString: text).lowercased())
  }
}
