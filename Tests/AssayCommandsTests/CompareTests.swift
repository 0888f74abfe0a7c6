internal import AssayCommands
internal import Foundation
internal import InputReading
internal import TestSupport
internal import Testing

@testable internal import Reports

@Suite struct CompareTests {
  private func report(_ words: String...) async throws -> JSON {
    _ = FileManager.default.changeCurrentDirectoryPath(repository)
    let outcome = await AssayProgram.outcome(
      of: ["compare"] + words + ["--format", "json"], isForTerminal: false)
    let text = outcome.standardOutput
    try #require(!text.isEmpty, "\(outcome.standardError)")
    #expect(faults(in: text, against: PublishedSchema.comparison.closed.text) == nil)
    return try JSONDocument(Array(text.utf8), from: Place("report")).root
  }

  @Test func rowsAreMatchedByTheirIds() async throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("id,label,prediction\na,1,1\nb,0,1\nc,1,0\nd,0,0\n", to: "1.csv")
    let second = try folder.write("id,label,prediction\nd,0,0\nc,1,1\na,1,0\nb,0,0\n", to: "2.csv")
    let root = try await report(first, second, "--id-column", "id")
    let agreement = root["agreement"]
    #expect(agreement?["both_right"]?.number?.value == 1)
    #expect(agreement?["only_first"]?.number?.value == 1)
    #expect(agreement?["only_second"]?.number?.value == 2)
    #expect(agreement?["neither"]?.number?.value == 0)
    let rows = root["disagreements"]?["rows"]?.array ?? []
    #expect(root["disagreements"]?["count"]?.number?.value == 3)
    #expect(rows.map { $0["row"]?.number?.value } == [1, 2, 3])
    #expect(rows.map { $0["true"]?.number?.value } == [1, 0, 1])
    #expect(rows.map { $0["first"]?.number?.value } == [1, 1, 0])
    let accuracy = root["differences"]?.array?.first
    #expect(accuracy?["metric"]?.string == "accuracy" && accuracy?["test"]?.string == "mcnemar")
    #expect(accuracy?["difference"]?.number?.value == 0.25)
    // Of three rows that one model alone has right: 2 (C(3,0) + C(3,1)) / 2^3.
    #expect(accuracy?["p_value"]?.number?.value == 1)
  }

  @Test func ofNumbersTheFarthestApartAreTold() async throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("label,prediction\n1,1.5\n2,2.5\n3,3.5\n", to: "1.csv")
    let second = try folder.write("label,prediction\n1,1.75\n2,0.5\n3,3.5\n", to: "2.csv")
    let root = try await report(first, second, "--task", "regression", "--disagreements", "1")
    #expect(root["disagreements"]?["count"]?.number?.value == 2)
    let rows = root["disagreements"]?["rows"]?.array ?? []
    #expect(rows.map { $0["row"]?.number?.value } == [2])
    #expect(rows.first?["second"]?.number?.value == 0.5)
  }

  @Test func rowsOfWeightZeroKeepTheirNumbers() async throws {
    let folder = try TemporaryFolder()
    let first = try folder.write(
      "label,prediction,w\n1,0,0\n1,1,2\n0,0,1\n0,0,1\n", to: "1.csv")
    let second = try folder.write(
      "label,prediction,w\n1,1,0\n1,1,2\n0,1,1\n0,0,1\n", to: "2.csv")
    let root = try await report(first, second, "--weight-column", "w")
    let rows = root["disagreements"]?["rows"]?.array ?? []
    #expect(rows.map { $0["row"]?.number?.value } == [3])
  }

  @Test(arguments: [
    ("accuracy >= baseline", Int32(1)), ("accuracy >= baseline - 0.5", 0), ("f1 > 2", 1),
  ])
  func gatesDecideOnTheSecond(gate: String, status: Int32) async throws {
    let folder = try TemporaryFolder()
    let good = try folder.write("label,prediction\n1,1\n0,0\n1,1\n0,0\n", to: "1.csv")
    let worse = try folder.write("label,prediction\n1,1\n0,0\n1,0\n0,0\n", to: "2.csv")
    let outcome = await AssayProgram.outcome(
      of: ["compare", good, worse, "--gate", gate], isForTerminal: false)
    #expect(outcome.status == status)
  }
}
