internal import AssayCommands
internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import Reports

/// JSON reports, held against the schemas that are published of them.
@Suite struct SchemaTests {
  private static let transcripts = repository + "/Tests/AssayCommandsTests/Transcripts"

  /// What commands printed as JSON, with the schema that it names.
  private static var recorded: [(file: String, schema: String, text: String)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: transcripts)) ?? []
    return names.sorted().compactMap { name in
      guard let text = try? String(contentsOfFile: transcripts + "/" + name, encoding: .utf8),
        let transcript = Transcript(parsing: text), !transcript.standardOutput.contains("$schema"),
        let match = transcript.standardOutput.firstMatch(of: /^\{\n  "schema": "assay\.(\w+)\/1"/)
      else { return nil }
      return (name, String(match.output.1), transcript.standardOutput)
    }
  }

  private func schema(_ name: String) throws -> PublishedSchema {
    try #require(PublishedSchema.all.first { $0.name == name }, "no schema \(name)")
  }

  private func json(_ words: String...) async -> String {
    _ = FileManager.default.changeCurrentDirectoryPath(repository)
    return await AssayProgram.outcome(of: words + ["--format", "json"], isForTerminal: false)
      .standardOutput
  }

  @Test func recordedReportsAreAsTheirSchemasSay() throws {
    let recorded = Self.recorded
    #expect(Set(recorded.map(\.schema)).count >= 4 && recorded.count >= 15)
    for (file, name, text) in recorded {
      let fault = faults(in: text, against: try schema(name).closed.text)
      #expect(fault == nil, "\(file): \(fault ?? "")")
      #expect(faults(in: text, against: try schema(name).json.text) == nil)
    }
  }

  @Test(arguments: ["breast-cancer", "breast-cancer-overstated", "failed-job", "iris-tree"])
  func verificationsAreAsTheirSchemaSays(job: String) async throws {
    let text = await json(
      "verify", "Datasets/\(job)", "--gate", "accuracy > 0.9 at 95%", "--gate",
      "accuracy > baseline")
    #expect(faults(in: text, against: try schema("verification").closed.text) == nil)
  }

  @Test func aSchemaRefusesWhatItDoesNotDescribe() async throws {
    let text = await json("metrics", "Tests/AssayCommandsTests/Inputs/regions.csv")
    let metrics = try schema("metrics")
    #expect(faults(in: text, against: metrics.closed.text) == nil)
    let other = text.replacing("\"rows\":", with: "\"lines\":")
    #expect(faults(in: other, against: metrics.json.text)?.contains("rows") == true)
    let more = text.replacing("\"rows\":", with: "\"more\": 1, \"rows\":")
    #expect(faults(in: more, against: metrics.closed.text) != nil)
    #expect(faults(in: more, against: metrics.json.text) == nil)
    #expect(faults(in: text, against: try schema("logs").json.text) != nil)
    #expect(faults(in: "{", against: metrics.json.text) == "the document is no JSON")
  }

  @Test func registrationsAndThroughputAreAsTheirSchemasSay() async throws {
    let folder = try TemporaryFolder()
    let registration = await json(
      "register", dataset("breast-cancer"), "--output-dir", folder.path, "--s3-uri", "s3://b/f")
    #expect(faults(in: registration, against: try schema("registration").closed.text) == nil)
    let figures = folder.path + "/figures.json"
    _ = await json("benchmark", "--rows", "2000", "--save", figures)
    let saved = try String(contentsOfFile: figures, encoding: .utf8)
    #expect(faults(in: saved, against: try schema("benchmark").closed.text) == nil)
    let compared = await json("benchmark", "--rows", "2000", "--compare", figures)
    #expect(faults(in: compared, against: try schema("benchmark").closed.text) == nil)
  }

  @Test func schemasArePrintedByName() async {
    for schema in PublishedSchema.all {
      let outcome = await AssayProgram.outcome(
        of: ["schema", schema.name], isForTerminal: false)
      #expect(outcome.status == 0 && outcome.standardOutput == schema.json.text)
    }
  }
}
