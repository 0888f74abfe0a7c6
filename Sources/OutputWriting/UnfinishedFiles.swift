internal import Glibc
internal import Synchronization

/// Files that are not whole yet, or not wanted any more when the program ends.
public enum UnfinishedFiles {
  /// How many there may be at once; further ones are written, and left where a signal ends the program.
  private static let most = 16

  /// The paths, each a text of C's, or nothing.
  ///
  /// Safety: The memory lives as long as the program. A signal's handler reads it at any time, so a
  /// slot is written at once, as one word, and a text that was there is never freed.
  private nonisolated(unsafe) static let slots: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> =
    {
      let slots = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: most)
      unsafe slots.initialize(repeating: nil, count: most)
      return unsafe slots
    }()

  private static let isTaken = Mutex([Bool](repeating: false, count: most))

  /// From now on Ctrl-C, and whatever else asks the program to end, removes unfinished files first.
  ///
  /// Signals that the program was told to ignore stay ignored; others then do what they do.
  public static func areRemovedOnSignals() {
    // What the handler touches is there before it can run.
    _ = unsafe slots
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // Safety: the handler calls nothing that may not be called while anything else is interrupted.
      let before = signal(number) { number in
        for index in 0..<UnfinishedFiles.most {
          if let path = unsafe UnfinishedFiles.slots[index] { _ = unsafe unlink(path) }
        }
        _ = signal(number, SIG_DFL)
        raise(number)
      }
      if unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
        _ = signal(number, SIG_IGN)
      }
    }
  }

  /// Does something while a file is unfinished.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - body: What is done; whoever calls removes the file or puts it in its place.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public static func with<Result>(_ path: String, _ body: () throws -> Result) rethrows -> Result {
    let slot = isTaken.withLock { taken in
      let free = taken.firstIndex(of: false)
      if let free { taken[free] = true }
      return free
    }
    guard let slot else { return try body() }
    unsafe slots[slot] = unsafe strdup(path)
    defer {
      unsafe slots[slot] = nil
      isTaken.withLock { $0[slot] = false }
    }
    return try body()
  }
}
