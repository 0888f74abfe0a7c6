import Foundation
import TestSupport
import Testing

@testable import AssayCommands

@Suite struct ReadingProgressTests {
  /// What is written while rows are read for that many milliseconds.
  private func written(isTerminal: Bool, milliseconds: Int) async throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write("")
    let file = try #require(FileHandle(forWritingAtPath: path))
    let progress = ReadingProgress(to: file.fileDescriptor, isTerminal: isTerminal)
    progress.advance(from: 0, to: 600_000)
    try await Task.sleep(for: .milliseconds(milliseconds))
    progress.advance(from: 600_000, to: 700_000)
    progress.advance(from: 700_000, to: 1_100_000)
    progress.end()
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func longReadingsSayHowFarTheyAreOnATerminal() async throws {
    #expect(
      try await written(isTerminal: true, milliseconds: 1_100)
        == "\r1100000 rows read\r\u{1B}[K")
    #expect(try await written(isTerminal: true, milliseconds: 0) == "")
    #expect(try await written(isTerminal: false, milliseconds: 1_100) == "")
  }
}
