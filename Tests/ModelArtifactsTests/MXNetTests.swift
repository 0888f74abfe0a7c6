import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// Lists of arrays hold what MXNet reads from them, and Linear Learner's scores are MXNet's.
@Suite struct MXNetTests {
  struct Expected: Decodable {
    let name: String?
    let shape: [Int]
    let type: String
    let values: [Double]
  }

  struct Scores: Decodable {
    let input: [[Double]]
    let prediction: [Double]
    let threshold: Double?
  }

  static let lists =
    (try? JSONDecoder().decode(
      [String: [Expected]].self, from: Data(datasetBytes("Models/mxnet/arrays.json")))) ?? [:]

  private func document() throws -> [String: Scores] {
    try JSONDecoder().decode(
      [String: Scores].self, from: Data(datasetBytes("Models/mxnet/outputs.json")))
  }

  // MARK: Lists

  @Test func listsHoldWhatMXNetReads() throws {
    #expect(Self.lists.count == 10)
    for (file, expected) in Self.lists {
      let bytes = try datasetBytes("Models/mxnet/\(file)")
      #expect(NDArrayList.fits(bytes))
      let arrays = try NDArrayList(bytes).arrays
      #expect(arrays.map(\.name) == expected.map(\.name), "\(file)")
      #expect(arrays.map(\.shape) == expected.map(\.shape), "\(file)")
      #expect(arrays.map(\.type) == expected.map(\.type), "\(file)")
      #expect(arrays.map(\.values) == expected.map(\.values), "\(file)")
    }
  }

  @Test(arguments: lists.keys.sorted())
  func everyCutIsAnError(file: String) throws {
    let bytes = try datasetBytes("Models/mxnet/\(file)")
    for count in 16..<bytes.count {
      #expect(throws: ModelFormatError.self) { try NDArrayList(Array(bytes[..<count])) }
    }
    #expect(throws: ModelFormatError.self) { try NDArrayList(bytes + [0]) }
    #expect(!NDArrayList.fits(Array(bytes[..<16])))
  }

  @Test(arguments: lists.keys.sorted())
  func changedBytesDoNoHarm(file: String) throws {
    let bytes = try datasetBytes("Models/mxnet/\(file)")
    var random = SplitMix64(seed: UInt64(bytes.count))
    for _ in 0..<500 {
      var changed = bytes
      changed[Int.random(in: 16..<bytes.count, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      _ = try? NDArrayList(changed)
    }
  }

  // MARK: Linear Learner

  @Test(arguments: ["binary_classifier", "regressor"])
  func scoresAreMXNets(task: String) throws {
    let expected = try #require(try document()["linear-\(task).zip"])
    let folder = try TemporaryFolder()
    let inner = try datasetBytes("Models/mxnet/linear-\(task).zip")
    let tar = ArchiveBytes.tar([ArchiveBytes.Entry("model_algo-1", inner)])
    let artifact = try Artifact(path: folder.write(ArchiveBytes.gzip(tar), to: "model.tar.gz"))
    #expect(artifact.condition == .loadable)
    #expect(artifact.description?.algorithm == "Linear Learner")
    #expect(artifact.description?.frameworkVersion == "1.9.1")
    #expect(artifact.description?.member == "model_algo-1")
    let model = try #require(artifact.model)
    let output = try model.predict(
      FeatureMatrix(values: expected.input.flatMap(\.self), columnCount: 5))
    if let threshold = expected.threshold {
      let shares = try #require(output.probabilities)
      for (row, score) in expected.prediction.enumerated() {
        #expect(abs(shares[2 * row + 1] - score) <= 1e-6)
        #expect(output.targets[0].codes?[row] == (score > threshold ? 1 : 0))
      }
      // Some would have another label at one half.
      #expect(expected.prediction.contains { ($0 > threshold) != ($0 > 0.5) })
    } else {
      let numbers = try #require(output.numbers)
      #expect(zip(numbers, expected.prediction).allSatisfy { abs($0 - $1) <= 1e-6 })
    }
  }

  @Test(arguments: [
    (
      "LogisticRegressionOutput", "SoftmaxOutput",
      "a Linear Learner for 'binary_classifier' that ends in SoftmaxOutput is not supported"
    ),
    (
      "binary_classifier", "multiclass_classif",
      "a Linear Learner for 'multiclass_classif' that ends in LogisticRegressionOutput is not supported"
    ),
    (
      "\"broadcast_add\"", "\"broadcast_mul\"",
      "a Linear Learner of the operators dot, broadcast_mul, LogisticRegressionOutput is not supported"
    ),
    ("\"threshold\": 0", "\"treshhold\": 0", "'threshold' is not a number"),
    ("fc0_bias", "fc0_bios", "'fc0_weight' is not an array beside 'fc0_bias'"),
  ])
  func otherLearnersAreRefused(old: String, new: String, message: String) throws {
    let bytes = try datasetBytes("Models/mxnet/linear-binary_classifier.zip")
    let members = try #require(try Archive.members(of: bytes, limits: .standard)).map { member in
      Member(
        path: member.path, size: member.size, kind: member.kind,
        bytes: Self.replacing(Array(old.utf8), with: Array(new.utf8), in: member.bytes))
    }
    let file = try #require(members.first { $0.path.hasSuffix(".params") })
    let reading = MXNetFile.format.read(
      ModelSource(path: file.path, bytes: file.bytes, siblings: Siblings(members)),
      ReadingOptions())
    #expect(reading.model == nil)
    #expect(reading.findings.map(\.message) == [message])
  }

  private static func replacing(_ old: [UInt8], with new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    var made: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      if rest.starts(with: old) {
        made += new
        rest = rest.dropFirst(old.count)
      } else {
        made.append(rest.removeFirst())
      }
    }
    return made
  }

  // MARK: Others

  @Test(arguments: [
    (
      "centers", "k-means",
      "holds MXNet's parameters of k-means: 3 centers of 4 features; they are told and do not run here"
    ),
    (
      "components", "PCA",
      "holds MXNet's parameters of PCA: 2 components; they are told and do not run here"
    ),
    (
      "types", "a network",
      "holds MXNet's parameters of a network; they are told and do not run here"
    ),
  ])
  func otherAlgorithmsAreTold(name: String, algorithm: String, message: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try datasetBytes("Models/mxnet/\(name).params")
    let tar = ArchiveBytes.tar([ArchiveBytes.Entry("model_algo-1", bytes)])
    let artifact = try Artifact(path: folder.write(ArchiveBytes.gzip(tar), to: "model.tar.gz"))
    #expect(artifact.condition == .unsupported)
    #expect(artifact.description?.algorithm == algorithm)
    #expect(artifact.findings.map(\.message) == [message])
  }
}
