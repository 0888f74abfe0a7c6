internal import Foundation
internal import TestSupport
internal import Testing

/// Whole commands, held against what they printed when somebody last looked at it.
@Suite(.serialized) struct TranscriptTests {
  private static let folder = repository + "/Tests/AssayCommandsTests/Transcripts"

  private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".txt") }.sorted()

  @Test func thereAreTranscripts() {
    #expect(Self.names.count >= 40)
  }

  @Test(arguments: names)
  func commandSaysWhatItSaid(name: String) async throws {
    let file = Self.folder + "/" + name
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let recorded = try #require(Transcript(parsing: text))
    let made = await Transcript(running: recorded.command)
    if ProcessInfo.processInfo.environment["RECORD_TRANSCRIPTS"] != nil {
      try made.text.write(toFile: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name); look at it, and run without RECORD_TRANSCRIPTS")
      return
    }
    #expect(made.rounded.status == recorded.rounded.status)
    #expect(made.rounded.standardOutput == recorded.rounded.standardOutput)
    #expect(made.rounded.standardError == recorded.rounded.standardError)
  }

  @Test(arguments: names)
  func errorsAreOneLineAndLeaveNoOutput(name: String) throws {
    let text = try String(contentsOfFile: Self.folder + "/" + name, encoding: .utf8)
    let recorded = try #require(Transcript(parsing: text))
    if recorded.status == 2 {
      #expect(recorded.standardOutput.isEmpty)
      #expect(recorded.standardError.hasPrefix("error: "))
      #expect(recorded.standardError.split(separator: "\n").count == 1)
    }
    if recorded.status == 64 {
      #expect(recorded.standardOutput.isEmpty)
      #expect(recorded.standardError.hasPrefix("error: "))
    }
  }
}
