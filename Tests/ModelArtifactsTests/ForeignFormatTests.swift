import TestSupport
import Testing

@testable import ModelArtifacts

@Suite struct ForeignFormatTests {
  @Test(arguments: [
    ("xgboost-model", "bs64", "XGBoost, encoded as base64"),
    ("m", "CBM1", "CatBoost in its own format (its JSON is read)"),
    ("model_algo-1", "PK", "MXNet (SageMaker's built-in algorithms)"),
  ])
  func formatsAreKnownBySight(path: String, text: String, name: String) {
    #expect(ForeignFormat.of(path: path, Array(text.utf8))?.name == name)
  }

  @Test(arguments: ["README.md", "metrics.json", "model.joblib", "code/inference.py", ""])
  func otherFilesAreNot(path: String) {
    #expect(ForeignFormat.of(path: path, Array("{\"accuracy\": 0.9}".utf8)) == nil)
  }

  /// What is not read is unsupported rather than broken.
  @Test func foreignModelsAreUnsupported() throws {
    let folder = try TemporaryFolder()
    let tar = ArchiveBytes.tar([ArchiveBytes.Entry("model.cbm", Array("CBM1".utf8))])
    let artifact = try Artifact(path: folder.write(ArchiveBytes.gzip(tar), to: "model.tar.gz"))
    #expect(artifact.condition == .unsupported)
    #expect(artifact.findings.map(\.code) == ["model.unsupported_format"])
    #expect(artifact.findings.first?.member == "model.cbm")
  }
}
