internal import Foundation
internal import Glibc
internal import InputReading
internal import OutputWriting
internal import Synchronization

/// Ends the program where it takes more time or memory than it may.
///
/// Whatever the program is doing then, it ends with status 2 and a line that names the limit; a file that
/// is being written is not there.
final class LimitGuard: Sendable {
  private let isOver = Mutex(false)

  /// Begins to look at the clock and the memory, where limits are asked for.
  func begin(_ limits: Limits) {
    guard limits.seconds != nil || limits.memory != nil else { return }
    let start = ContinuousClock.now
    // A thread of its own goes on while all others compute.
    Thread.detachNewThread { [self] in
      while !isOver.withLock({ $0 }) {
        if let seconds = limits.seconds, start.duration(to: .now) > .seconds(seconds) {
          end(with: .time(seconds))
        }
        if let memory = limits.memory, Self.residentBytes > memory { end(with: .memory(memory)) }
        usleep(Self.interval)
      }
    }
  }

  /// Ends the looking: what is left to do is to print the answer.
  func end() { isOver.withLock { $0 = true } }

  /// Microseconds between two looks; fresh memory comes at about 3 MB in a millisecond.
  private static let interval: UInt32 = 5_000

  private func end(with error: LimitError) {
    isOver.withLock { isOver in
      guard !isOver else { return }
      try? OutputFile.write(
        "error: \(error.diagnostic)\n", to: STDERR_FILENO, name: "standard error")
      _exit(2)
    }
  }

  /// The bytes of the program's own memory: without those of files that it shares with others.
  private static var residentBytes: Int {
    var bytes: [UInt8] = []
    do throws(InputError) {
      var file = try FileStream(path: "/proc/self/statm")
      _ = try file.read(256, into: &bytes)
    } catch { return 0 }
    // Pages: all, resident, of them shared.
    let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    return pages.count > 2 ? (pages[1] - pages[2]) * Int(getpagesize()) : 0
  }
}

/// A limit of the whole program.
private enum LimitError: DiagnosedError {
  case time(Double)
  case memory(Int)

  var diagnostic: Diagnostic {
    switch self {
    case .time(let seconds):
      Diagnostic(
        "the answer takes longer than the limit of \(NSNumber(value: seconds)) seconds",
        hint: Limits.Option.seconds.hint)
    case .memory(let byteCount):
      Diagnostic(
        "the answer takes more memory than the limit of \(byteCount) bytes",
        hint: Limits.Option.memory.hint)
    }
  }
}
