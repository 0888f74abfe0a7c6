import InputReading
import TestSupport
import Testing

@testable import TrainingRecords

@Suite struct DefinitionMatcherTests {
  private static let number = #"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"#

  private func log(_ text: String, _ definitions: [(String, String)]) -> LogFile {
    LogFile(
      Array(text.utf8), from: Place("train.log"),
      definitions: definitions.map { MetricDefinition(name: $0.0, pattern: $0.1) })
  }

  private func faults(_ text: String, _ pattern: String) -> [String] {
    log(text, [("validation:auc", pattern)]).definitions.flatMap(\.faults).map {
      "\($0.kind.rawValue) \($0.place.line ?? 0) \($0.lineCount)"
    }
  }

  @Test func definitionsDecideTheLinesThatTheyMatch() {
    let log = log(
      "[0]#011train-auc:0.5#011validation-auc:0.25\n[1]\ttrain-auc:0.75\tvalidation-auc:0.5\nf1: 0.5\n",
      [
        ("validation:auc", ".*\\[[0-9]+\\].*#011validation-auc:\(Self.number).*"),
        ("my score", "train-auc:(\\S+?)(?:#|\\s)"),
      ])
    #expect(
      log.series.map { "\($0.name) \($0.metric.id) \($0.metric.split?.rawValue ?? "-")" } == [
        "validation:auc roc_auc validation", "my score my_score -", "f1 f1 -",
      ])
    #expect(log.series.map(\.last.value) == [0.5, 0.75, 0.5])
    #expect(log.series.map(\.last.step) == [1, 1, nil])
    #expect(log.definitions.map(\.faults.count) == [0, 0])
    #expect(log.definitions.map(\.lineCount) == [2, 2])
  }

  @Test func faultsAreTold() {
    #expect(faults("loss: 0.5\n", "auc: (\\S+)") == ["matches_nothing 0 0"])
    #expect(faults("\nval_auc: 0.5\n", "valid_auc: (\\S+)") == ["matches_nothing 2 1"])
    #expect(faults("auc: 0.5 auc: 0.6\n", "auc: ([0-9.]+)") == ["several_values 1 1"])
    #expect(faults("auc: 9.1e-01\nauc: 0.5\n", "auc: ([0-9.]+)") == ["cut_number 1 1"])
    #expect(faults("auc: high\nauc: 0.5\n", "auc: (\\S+)") == ["no_number 1 1"])
    #expect(faults("auc: 0.5\n", "auc: [0-9.]+") == ["no_group 0 0"])
    #expect(faults("auc: 0.5\n", "auc: (") == ["invalid 0 0"])
    #expect(faults("auc: 0.5\nauc: nan\n", "auc: (\\S+)") == [])
    let long = String(repeating: "a", count: 50)
    #expect(
      faults("\(long)\nauc: 0.5\n", "(?:a+)+b|auc: (\\S+)").contains { $0.hasPrefix("too_slow") })
  }

  /// The service stores what the group captures; the number that was printed is what the job states.
  @Test func cutNumbersAreReadInFull() {
    let log = log("learning_rate: 2.380952e-06,", [("lr", "learning_rate: ([0-9]+\\.[0-9]+)")])
    #expect(log.series.map(\.last.value) == [2.380952e-06])
    #expect(
      log.definitions.first?.faults.first?.message
        == "captures '2.380952' of '2.380952e-06', and so states another value")
  }

  @Test func expressionsWithoutALiteralAreTriedOnEveryLine() {
    let log = log("a\n7.5\nb\n8.5", [("x", "^([0-9.]+)$")])
    #expect(log.series.map(\.count) == [2])
    #expect(log.series.first?.last.line == 4)
  }

  @Test func logsOfOneJobAreMerged() {
    let reports = ["auc: 0.5", "nothing"].map { log($0, [("auc", "auc: (\\S+)")]).definitions[0] }
    #expect(reports[1].faults.map(\.kind) == [.matchesNothing])
    let merged = DefinitionReport(merging: reports)
    #expect(merged.lineCount == 1 && merged.faults.isEmpty)
  }

  /// Without the search for literals every definition is tried on every line.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func theSearchForLiteralsChangesNothing(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let patterns = [
      ("a", "a: ([0-9.]+)"), ("b", "b=([0-9.]+);"), ("ab", ".*ab#011([0-9.]+).*"), ("c", "a|(c)"),
    ]
    let parts = ["a: ", "b=", "ab#011", "ab\t", "0.5", "7", ";", " ", "\n", "c", "[3]"]
    let text = (0..<200).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
    let fast = log(text, patterns)
    // A group that may be empty has no literal, and changes nothing else.
    let slow = log(text, patterns.map { ($0.0, "(?:\($0.1))") })
    #expect(fast.series.map(\.count).sorted() == slow.series.map(\.count).sorted(), "seed \(seed)")
    #expect(Set(fast.series.map(\.last)) == Set(slow.series.map(\.last)), "seed \(seed)")
    #expect(fast.definitions.map(\.lineCount) == slow.definitions.map(\.lineCount), "seed \(seed)")
  }
}
