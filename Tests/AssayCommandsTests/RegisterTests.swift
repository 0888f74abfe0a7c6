internal import AssayCommands
internal import InputReading
internal import TestSupport
internal import Testing

@Suite struct RegisterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ words: String...) async -> AssayProgram.Outcome {
    await AssayProgram.outcome(of: words, isForTerminal: false)
  }

  private func text(_ name: String) throws -> String {
    try InputFile.text(of: folder.path + "/" + name, limit: 1 << 20)
  }

  @Test func aJobsFolderIsVerifiedAndWrittenDown() async throws {
    let outcome = await run(
      "register", dataset("breast-cancer"), "--output-dir", folder.path, "--s3-uri", "s3://b/f/")
    #expect(outcome.status == 0)
    let digest = SHA256.hex(of: Array(try text("statistics.json").utf8))
    let metrics = try text("model-metrics.json")
    #expect(metrics.contains("\"ContentDigest\": \"sha256:\(digest)\""))
    #expect(metrics.contains("\"S3Uri\": \"s3://b/f/statistics.json\""))
    // The report says the same.
    let again = await run("register", folder.path + "/verification.json", "--s3-uri", "s3://b/f")
    #expect(again.status == 0)
    #expect(try text("model-metrics.json") == metrics)
  }

  @Test func aRejectedJobIsWrittenDownToo() async throws {
    let outcome = await run(
      "register", dataset("failed-job"), "--output-dir", folder.path, "--format", "json")
    #expect(outcome.status == 1)
    #expect(outcome.standardOutput.contains("\"status\": \"Rejected\""))
    #expect(try InputFile.names(in: folder.path) == ["verification.json"])
  }

  @Test func withoutAPlaceForTheStatisticsNothingIsWritten() async throws {
    let report = try folder.write(
      """
      {"schema": "assay.verification/1", "verdict": "approved", "job": {"name": "j", "artifact": null},
       "metrics": {"rows": 1, "task": "regression", "metrics": {"r2": 0.5}}}
      """, to: "report.json")
    let outcome = await run("register", report)
    #expect(outcome.status == 2)
    #expect(outcome.standardError.contains("--s3-uri"))
    #expect(try InputFile.names(in: folder.path) == ["report.json"])
  }
}
