import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// What containers make of archives.
@Suite struct ServingTests {
  private typealias Entry = ArchiveBytes.Entry

  private func artifact(_ entries: [ArchiveBytes.Entry]) throws -> Artifact {
    let folder = try TemporaryFolder()
    return try Artifact(
      path: folder.write(ArchiveBytes.gzip(ArchiveBytes.tar(entries)), to: "model.tar.gz"))
  }

  private func booster(_ path: String) throws -> [UInt8] {
    try datasetBytes("Models/xgboost/\(path)")
  }

  @Test func theOneFileOfTheRootIsServed() throws {
    let bytes = try booster("3.2.0/stopped.json")
    for path in ["xgboost-model", "./xgboost-model"] {
      let served = try #require(try artifact([Entry(path, bytes), Entry(".hidden", [1])]).serving)
      #expect(served.container == "XGBoost" && served.files == ["xgboost-model"])
      #expect(served.isDeterministic == true)
      #expect(served.treeCount == 14)
      #expect(served.differences == [])
    }
  }

  @Test func severalFilesOfTheRootAreAnsweredTogether() throws {
    let bytes = try booster("3.2.0/binary-logistic.json")
    let served = try #require(
      try artifact([Entry("xgboost-model", bytes), Entry("requirements.txt", [0x61])]).serving)
    #expect(served.files == ["xgboost-model", "requirements.txt"])
    #expect(served.isDeterministic == false)
    #expect(
      served.differences.first?.hasPrefix("the XGBoost container takes each of 2 files") == true)
  }

  @Test func foldersAreNotLookedThrough() throws {
    let bytes = try booster("3.2.0/binary-logistic.json")
    let served = try #require(try artifact([Entry("model/xgboost-model", bytes)]).serving)
    #expect(served.files == [])
    #expect(
      served.differences == [
        "the XGBoost container finds no model: no file lies in the archive's root"
      ])
  }

  /// Before 2.0 boosters keep the limit that the container asks for.
  @Test(arguments: [
    ("1.7.6", true), ("2.1.4", false), ("3.2.0", false),
  ])
  func treesAreThoseOfTheContainer(version: String, isLimited: Bool) throws {
    let bytes = try booster("\(version)/stopped.json")
    let artifact = try artifact([Entry("xgboost-model", bytes)])
    let all = try #require(artifact.model?.predictor.treeCount)
    let served = try #require(artifact.serving)
    #expect(try #require(served.treeCount) == (isLimited ? try best(bytes) : all))
    #expect(
      served.differences
        == (isLimited
          ? [
            "the XGBoost container predicts by \(try best(bytes)) of the trees, and \(all) are "
              + "evaluated here"
          ] : []))
  }

  private func best(_ bytes: [UInt8]) throws -> Int {
    let file = try #require(BoosterFile.format(of: bytes)).read(bytes, .best, .standard)
    return try #require(file.scores.treeCount)
  }

  @Test func scriptsDecide() throws {
    let bytes = try booster("3.2.0/binary-logistic.json")
    let served = try #require(
      try artifact([Entry("model.json", bytes), Entry("code/inference.py", [0x61])]).serving)
    #expect(served.files == [] && served.isDeterministic == nil && served.treeCount == nil)
    #expect(served.answer == "what the script in code/ says")
  }

  @Test func estimatorsNeedAScript() throws {
    let bytes = try datasetBytes("Models/scikit-learn/1.9.1/lr.pkl")
    let served = try #require(try artifact([Entry("model.pkl", bytes)]).serving)
    #expect(served.container == "scikit-learn" && served.files == [])
    #expect(served.answer == "what a script says that is given at deployment")
    #expect(served.differences == [])
  }

  @Test func thresholdsArePartOfTheAnswer() throws {
    let bytes = try datasetBytes("Models/mxnet/linear-binary_classifier.zip")
    let served = try #require(try artifact([Entry("model_algo-1", bytes)]).serving)
    #expect(served.container == "Linear Learner" && served.files == ["model_algo-1"])
    #expect(served.answer.hasPrefix("score, and predicted_label: whether it is above 0."))
    #expect(served.differences == [])
  }

  @Test func oneFileIsNoArchive() throws {
    #expect(try Artifact(path: dataset("Models/xgboost/3.2.0/stopped.json")).serving == nil)
  }
}
