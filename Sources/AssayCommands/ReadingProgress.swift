internal import Glibc
internal import OutputWriting

/// A line on a terminal's standard error that says how far a long reading is.
///
/// Nothing is written in the first second, and nothing at all where standard error is no terminal.
final class ReadingProgress: Sendable {
  private let start = ContinuousClock.now
  private let descriptor: Int32
  private let isShown: Bool

  /// Creates the progress of a reading that begins now.
  ///
  /// - Parameters:
  ///   - descriptor: Where the line is written.
  ///   - isTerminal: Whether that is a terminal; `nil` asks the system.
  init(to descriptor: Int32 = STDERR_FILENO, isTerminal: Bool? = nil) {
    self.descriptor = descriptor
    isShown = isTerminal ?? (isatty(descriptor) == 1)
  }

  /// How often the line is written, in rows.
  private static let step = 500_000

  /// Says that so many rows are read of a table that had so many before.
  func advance(from before: Int, to rowCount: Int) {
    guard isShown, before / Self.step != rowCount / Self.step,
      start.duration(to: .now) > .seconds(1)
    else { return }
    write("\r\(rowCount) rows read")
  }

  /// Takes the line away.
  func end() {
    guard isShown, start.duration(to: .now) > .seconds(1) else { return }
    write("\r\u{1B}[K")
  }

  private func write(_ text: String) {
    try? OutputFile.write(text, to: descriptor, name: "standard error")
  }
}
