internal import DataTables
internal import InputReading
internal import TableFiles
internal import TestSupport
internal import Testing

@testable internal import Verification

@Suite struct SettingsTests {
  private func settings(_ yaml: String) throws -> Settings {
    try Settings(yaml: yaml, at: Place("assay.yaml"), folder: "job/")
  }

  @Test func everyKeyIsRead() throws {
    let settings = try settings(
      """
      job: job.json
      artifact: /models/model.tar.gz
      logs: [a.log, b]
      metrics: metrics.json
      predictions: p.csv
      holdout: h.csv
      sample: s.csv
      output: report.txt
      columns: {label: y, score: p, prediction: c, weight: w, id: i}
      positive_label: yes
      threshold: 0.25
      gates:
        - accuracy > 0.90
        - f1 >= 0.5
        - accuracy > 0.90
      tolerance: 0.001
      inference: optional
      """)
    #expect(settings.job == "job/job.json")
    #expect(settings.artifact == "/models/model.tar.gz")
    #expect(settings.logs == ["job/a.log", "job/b"])
    #expect(settings.metrics == ["job/metrics.json"])
    #expect(settings.predictions == "job/p.csv")
    #expect(settings.holdout == "job/h.csv")
    #expect(settings.sample == "job/s.csv")
    #expect(settings.output == "job/report.txt")
    #expect(settings.columns.label == "y")
    #expect(settings.columns.score == "p")
    #expect(settings.columns.prediction == "c")
    #expect(settings.columns.weight == "w")
    #expect(settings.columns.id == "i")
    #expect(settings.positiveLabel == .text("yes"))
    #expect(settings.threshold == 0.25)
    #expect(settings.gates.map(\.description) == ["accuracy > 0.9", "f1 >= 0.5"])
    #expect(settings.tolerance == 0.001)
    #expect(settings.inference == .optional)
  }

  @Test func anEmptyFileSaysNothing() throws {
    #expect(try settings("").gates.isEmpty)
    #expect(try settings("# nothing yet\n").gates.isEmpty)
  }

  @Test(arguments: [
    ("gate: x", 1), ("gates:\n  - accuracy >\n", 2), ("a: [", 2), ("- accuracy > 0.9", nil),
    ("threshold: high", 1), ("tolerance: -1", 1), ("inference: maybe", 1), ("job: [a]", 1),
    ("columns: {labels: y}", 1), ("gates: accuracy > 0.9", 1), ("job: a\njob: b", 1),
    ("positive_label: 0.5", 1), ("\tjob: a", 1),
  ])
  func mistakesNameTheLine(yaml: String, line: Int?) throws {
    let error = #expect(throws: SettingsError.self) { try settings(yaml) }
    let place = try #require(error?.diagnostic.place)
    #expect(place.position == line.map { .line($0) })
  }

  @Test func noTruncationTraps() throws {
    let text = """
      columns: {label: y, score: "p"}
      positive_label: 'yes'
      gates:
        - accuracy > 0.90
      """
    for end in text.utf8.indices {
      _ = try? settings(String(decoding: text.utf8[..<end], as: UTF8.self))
    }
  }
}
