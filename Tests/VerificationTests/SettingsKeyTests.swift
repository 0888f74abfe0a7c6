internal import DataTables
internal import InputReading
internal import TestSupport
internal import Testing

@testable internal import Verification

@Suite struct SettingsKeyTests {
  /// A value that each kind of key takes.
  private func example(_ kind: SettingsKey.Kind) -> String {
    switch kind {
    case .path, .label: "a"
    case .paths: "[a, b]"
    case .number: "0.5"
    case .gates: "[accuracy > 0.9]"
    case .columns(let names): "{\(names.map { "\($0): a" }.joined(separator: ", "))}"
    case .choice(let words): words[0]
    }
  }

  @Test(arguments: SettingsKey.all.map(\.name))
  func everyKeyIsASetting(name: String) throws {
    let key = try #require(SettingsKey.all.first { $0.name == name })
    _ = try Settings(
      yaml: "\(name): \(example(key.kind))", at: Place("assay.yaml"), folder: "")
    #expect(key.meaning.hasSuffix("."))
  }

  @Test(arguments: [
    ("gate: x", "gates"), ("Gates: []", "gates"), ("treshold: 1", "threshold"),
    ("preditcions: p.csv", "predictions"), ("positive-label: 1", "positive_label"),
    ("columns: {labels: y}", "label"), ("joob: a", "job"),
  ])
  func theNearestNameIsTold(yaml: String, name: String) {
    let error = #expect(throws: SettingsError.self) {
      try Settings(yaml: yaml, at: Place("assay.yaml"), folder: "")
    }
    #expect(error?.diagnostic.hint == "did you mean '\(name)'?")
  }

  @Test(arguments: ["beauty: 1", "x: 1", "\(String(repeating: "gates", count: 100)): 1"])
  func wordsThatAreNearNoneGetTheList(yaml: String) {
    let error = #expect(throws: SettingsError.self) {
      try Settings(yaml: yaml, at: Place("assay.yaml"), folder: "")
    }
    #expect(error?.diagnostic.hint?.hasPrefix("settings are job, artifact, logs") == true)
  }

  @Test func nearnessCountsLetters() {
    #expect(NearestName.of("gtaes", among: ["gates"]) == "gates")
    #expect(NearestName.of("gtase", among: ["gates"]) == nil)
    #expect(NearestName.of("gaets", among: ["gates"]) == "gates")
    #expect(NearestName.of("", among: ["gates", "id"]) == nil)
    #expect(NearestName.of("gates", among: []) == nil)
    #expect(NearestName.of("metric", among: ["metrics", "matrix"]) == "metrics")
  }
}
