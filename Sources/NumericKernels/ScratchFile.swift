internal import Glibc
internal import Synchronization

/// What keeps numbers from being put aside on disk.
public struct ScratchError: Error, Hashable, Sendable {
  /// The folder of scratch files.
  public let folder: String
  /// What the system says.
  public let reason: String
}

/// A file without a name that holds what does not fit into memory; it goes when nobody uses it.
///
/// It lies in the folder that the environment's `TMPDIR` names, or in `/tmp`, and is unlinked as soon as
/// it is open, so that nothing stays behind however the process ends.
public final class ScratchFile: Sendable {
  private let descriptor: Int32
  private let folder: String
  private let size = Mutex(0)

  /// Creates an empty file.
  ///
  /// - Throws: ``ScratchError`` if the folder takes none.
  public init() throws(ScratchError) {
    let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    let folder = named.isEmpty ? "/tmp" : named
    var path = Array("\(folder)/assay-XXXXXX".utf8CString)
    let descriptor = unsafe path.withUnsafeMutableBufferPointer { path -> Int32 in
      guard let start = path.baseAddress else { return -1 }
      let descriptor = unsafe mkstemp(start)
      if descriptor >= 0 {
        _ = unsafe unlink(start)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      }
      return descriptor
    }
    guard descriptor >= 0 else { throw ScratchError(folder: folder, errno) }
    self.descriptor = descriptor
    self.folder = folder
  }

  deinit { close(descriptor) }

  /// Writes elements behind all others.
  ///
  /// - Returns: where they begin, in bytes.
  /// - Throws: ``ScratchError``, such as of a full disk.
  @discardableResult
  public func append<Element: BitwiseCopyable>(
    _ elements: [Element]
  ) throws(ScratchError) -> Int {
    let start = size.withLock { size in
      defer { size += elements.count * MemoryLayout<Element>.stride }
      return size
    }
    let failure = unsafe elements.withUnsafeBytes { bytes -> Int32? in
      var done = 0
      while done < bytes.count {
        let written = unsafe pwrite(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done, start + done)
        if written < 0 {
          if errno == EINTR { continue }
          return errno
        }
        done += written
      }
      return nil
    }
    if let failure { throw ScratchError(folder: folder, failure) }
    return start
  }

  /// Reads elements.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - start: Where the first one begins, in bytes.
  ///   - type: The elements' type.
  /// - Returns: what was written there.
  /// - Throws: ``ScratchError`` if the disk fails.
  public func read<Element: BitwiseCopyable>(
    _ count: Int, at start: Int, as type: Element.Type = Element.self
  ) throws(ScratchError) -> [Element] {
    var failure: Int32?
    let elements = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      // Safety: every byte up to `filled` is one that was written by `append` of the same type.
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      let size = count * MemoryLayout<Element>.stride
      var done = 0
      while done < size {
        let read = unsafe pread(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, size - done, start + done)
        if read < 0 && errno == EINTR { continue }
        guard read > 0 else {
          failure = read < 0 ? errno : EIO
          return
        }
        done += read
      }
      filled = count
    }
    if let failure { throw ScratchError(folder: folder, failure) }
    return elements
  }
}

extension ScratchError {
  fileprivate init(folder: String, _ code: Int32) {
    self.init(folder: folder, reason: unsafe String(cString: strerror(code)))
  }
}

/// A column on disk that grows at its end and is read in any order.
public struct ScratchColumn<Element: BitwiseCopyable & Sendable>: Sendable {
  private let file: ScratchFile
  /// The number of elements.
  public private(set) var count = 0

  /// Creates an empty column.
  ///
  /// - Throws: ``ScratchError``.
  public init() throws(ScratchError) { file = try ScratchFile() }

  /// Adds elements.
  ///
  /// - Throws: ``ScratchError``, such as of a full disk.
  public mutating func append(_ elements: [Element]) throws(ScratchError) {
    try file.append(elements)
    count += elements.count
  }

  /// The elements of some places.
  ///
  /// - Throws: ``ScratchError`` if the disk fails.
  public func elements(_ places: Range<Int>) throws(ScratchError) -> [Element] {
    precondition(places.lowerBound >= 0 && places.upperBound <= count, "places of the column")
    return try file.read(places.count, at: places.lowerBound * MemoryLayout<Element>.stride)
  }
}
