internal import DataTables
internal import InputReading
internal import TableFiles
internal import TestSupport
internal import Testing

@testable internal import Verification

@Suite struct SettingsTemplateTests {
  @Test(arguments: ["breast-cancer", "iris-tree", "failed-job", "breast-cancer-overstated"])
  func whatIsWrittenIsReadAgain(name: String) throws {
    let text = try SettingsTemplate(folder: dataset(name)).text
    let settings = try Settings(yaml: text, at: Place("assay.yaml"), folder: dataset(name) + "/")
    let found = try Settings().completed(from: JobFolder(path: dataset(name)))
    #expect(settings.job == found.job && settings.artifact == found.artifact)
    #expect(settings.logs == found.logs && settings.metrics == found.metrics)
    #expect(settings.predictions == found.predictions && settings.sample == found.sample)
    #expect(settings.gates.isEmpty)
    // A long sentence has several lines.
    let sentences = text.replacing("\n# ", with: " ")
    for key in SettingsKey.all { #expect(sentences.contains(" " + key.meaning), "\(key.name)") }
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 100 })
  }

  @Test func columnsAndClassesAreNamed() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("y_true,y_score\nno,0.1\nyes,0.9\nno,0.2\n", to: "predictions.csv")
    _ = try folder.write("{}", to: "training-job.json")
    let text = try SettingsTemplate(folder: folder.path + "/").text
    let settings = try Settings(yaml: text, at: Place("assay.yaml"), folder: "")
    #expect(settings.columns.label == "y_true" && settings.columns.score == "y_score")
    #expect(settings.positiveLabel == .text("yes"))
    #expect(text.contains("# Check this: it is 'no' or 'yes'.\npositive_label: 'yes'"))
    #expect(text.contains("#   - accuracy > 0.90    # the predictions give 1.0"))
    #expect(text.contains("# artifact: model.tar.gz"))
  }

  @Test func aBaselinesConstraintsAreGates() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      #"{"binary_classification_constraints": {"recall": {"threshold": 0.57, "comparison_operator": "LessThanThreshold"}}}"#,
      to: "constraints.json")
    let text = try SettingsTemplate(folder: folder.path).text
    let settings = try Settings(yaml: text, at: Place("assay.yaml"), folder: "")
    #expect(settings.gates.map(\.description) == ["recall >= 0.57"])
  }

  @Test func anEmptyFolderHasExamplesOnly() throws {
    let folder = try TemporaryFolder()
    let text = try SettingsTemplate(folder: folder.path).text
    let settings = try Settings(yaml: text, at: Place("assay.yaml"), folder: "")
    #expect(settings.job == nil && settings.predictions == nil && settings.gates.isEmpty)
  }

  @Test func namesThatAreOtherValuesAreQuoted() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("x", to: "it's #1.log")
    _ = try folder.write("x", to: "null.log")
    let text = try SettingsTemplate(folder: folder.path).text
    let settings = try Settings(yaml: text, at: Place("assay.yaml"), folder: "")
    #expect(settings.logs == ["it's #1.log", "null.log"])
  }

  @Test func whatCannotBeReadIsAnError() throws {
    #expect(throws: VerificationError.self) { try SettingsTemplate(folder: "/nowhere") }
    let folder = try TemporaryFolder()
    _ = try folder.write("label,score\n1\n", to: "predictions.csv")
    #expect(throws: VerificationError.self) { try SettingsTemplate(folder: folder.path) }
  }
}
