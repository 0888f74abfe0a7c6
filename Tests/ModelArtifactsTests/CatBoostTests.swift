import DataTables
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// Every model of Datasets/Models/catboost/<version> says what CatBoost said.
@Suite struct CatBoostTests {
  static let files = ["0.26.1", "1.2.10"].flatMap {
    BoosterFixture.all(in: "Models/catboost/\($0)")
  }
  /// It has a threshold of its own, which is refused.
  static let read = files.filter { $0.name != "threshold.json" }

  @Test func allFilesAreThere() {
    #expect(Self.files.count == 22 + 22)
  }

  @Test(arguments: read)
  func modelsSayWhatCatBoostSays(fixture: BoosterFixture) throws {
    let file = try fixture.read()
    #expect(file.framework == "CatBoost")
    #expect(file.version == (fixture.version == "1.2.10" ? "1.2.10" : nil))
    let output = try file.model().predictAlsoInBlocks(fixture.features)
    if let labels = fixture.outputs.labels {
      #expect(
        output.targets[0].codes?.map { output.classes[Int($0)].description } == labels.map(\.text))
      let expected = fixture.outputs.prediction.flatMap(\.numbers)
      let found = output.probabilities ?? []
      #expect(found.count == expected.count)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 })
    } else {
      fixture.expect(output, fixture.outputs.prediction, tolerance: 1e-12)
    }
  }

  @Test func featuresHaveNames() throws {
    let named = try #require(Self.read.last { $0.name == "names.json" })
    #expect(try named.read().featureNames == ["width", "height", "length", "weight"])
    let other = try #require(Self.read.last { $0.name == "binary.json" })
    #expect(try other.read().featureNames == nil)
  }

  // MARK: What is refused

  @Test func thresholdsAreRefused() throws {
    for fixture in Self.files where fixture.name == "threshold.json" {
      #expect(
        throws: ModelFormatError.unsupported("a probability threshold in a model of CatBoost")
      ) {
        try fixture.read()
      }
    }
  }

  @Test(arguments: [
    (
      "\"type\": \"Logloss\"", "\"type\": \"Strange\"",
      "CatBoost's objective 'Strange' is not supported"
    ),
    (
      "\"float_feature_index\": ", "\"float_feature_index\": 9",
      "'oblivious_trees[0].splits[0].float_feature_index' is not one of 4 features"
    ),
    (
      "\"leaf_values\": [", "\"leaf_values\": [1, ",
      "'oblivious_trees[0].leaf_values' is not 1 for each leaf below 3 splits"
    ),
    (
      "\"split_type\": \"FloatFeature\"", "\"split_type\": \"OnlineCtr\"",
      "CatBoost's split of the kind 'OnlineCtr' is not supported"
    ),
    (
      "\"features_info\": {", "\"features_info\": {\"categorical_features\": [{}], ",
      "a CatBoost model of categorical features is not supported"
    ),
    ("\"AsFalse\"", "\"AsLeft\"", "a missing value taken 'AsLeft' is not supported"),
    (
      "\"scale_and_bias\": [1, [0]]", "\"scale_and_bias\": [1]",
      "'scale_and_bias' is not a factor and a number for each score"
    ),
  ])
  func faultsAreNamed(old: String, new: String, message: String) throws {
    let fixture = try #require(Self.read.last { $0.name == "binary.json" })
    let text = String(decoding: try fixture.bytes, as: UTF8.self)
    let changed = text.replacing(old, with: new, maxReplacements: 1)
    #expect(changed != text)
    do throws(ModelFormatError) {
      _ = try CatBoostModel.json.read(Array(changed.utf8), .library, .standard)
      Issue.record("is read")
    } catch { #expect(error.message == message) }
  }

  static let samples = read.filter {
    $0.version == "1.2.10" && ["three.json", "lossguide.json"].contains($0.name)
  }

  @Test(arguments: samples)
  func everyCutIsAnError(fixture: BoosterFixture) throws {
    let bytes = try fixture.bytes
    // The last byte is a newline.
    for count in 0..<bytes.count - 1 {
      let cut = Array(bytes[..<count])
      if (try? BoosterFile.format(of: cut)?.read(cut, .library, .standard)) != nil {
        Issue.record("\(count) bytes")
      }
    }
  }

  @Test(arguments: samples)
  func changedBytesDoNoHarm(fixture: BoosterFixture) throws {
    try fixture.changeBytes(times: 500)
  }

  @Test func itsOwnFormatIsToldByName() throws {
    let artifact = try Artifact(path: dataset("Models/catboost/1.2.10/binary.cbm"))
    #expect(artifact.condition == .unsupported)
    #expect(artifact.findings.map(\.code) == ["model.unsupported_format"])
  }
}
