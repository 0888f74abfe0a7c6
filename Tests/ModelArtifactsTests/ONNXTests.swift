import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// Every model of Datasets/Models/onnx/<version> says what ONNX Runtime said.
@Suite struct ONNXTests {
  static let files = ["1.16.3", "1.32.0"].flatMap {
    ONNXFixture.all(in: "Models/onnx/\($0)/outputs.json")
  }
  static let operators = ["1.16.3", "1.32.0"].flatMap {
    ONNXFixture.all(in: "Models/onnx/\($0)/operators.json")
  }

  /// Operators that version 1.16 computed otherwise than later ones, which are matched: a logistic of the
  /// only score of two classes was not taken.
  static let changed: Set<String> = [
    "linear-1-logistic", "pair-first-positive-0-logistic", "pair-first-positive-1-logistic",
    "support-transform-logistic",
  ]

  @Test(arguments: files)
  func modelsSayWhatONNXRuntimeSays(fixture: ONNXFixture) throws {
    let model = try fixture.model()
    // Sums over all support vectors cancel one another, and are in single precision there.
    let tolerance = fixture.name.hasPrefix("svr") ? 5e-6 : 1e-6
    fixture.expect(try model.predict(try fixture.features(of: model)), tolerance: tolerance)
  }

  @Test(arguments: operators.filter { $0.version != "1.16.3" || !changed.contains($0.name) })
  func operatorsSayWhatONNXRuntimeSays(fixture: ONNXFixture) throws {
    let model = try fixture.model()
    let tolerance = fixture.name.hasSuffix("probit") ? 1e-5 : 1e-6
    fixture.expect(try model.predict(try fixture.features(of: model)), tolerance: tolerance)
  }

  @Test func allFilesAreThere() {
    #expect(Self.files.count == 313)
    #expect(Self.operators.count == 314)
  }

  // MARK: What is told

  @Test func descriptionsNameOperators() throws {
    let fixture = try #require(Self.files.last { $0.name == "frame-ignore.onnx" })
    let reading = ONNXFixture.read(try fixture.bytes)
    let description = try #require(reading.description)
    #expect(description.format == "onnx")
    #expect(description.frameworkVersion == "opset 14, ai.onnx.ml opset 1")
    #expect(description.writers == ["skl2onnx 1.20.0", "IR version 8"])
    #expect(description.algorithm == "LinearClassifier")
    #expect(
      description.estimators[0].parameters.map { "\($0.name): \($0.value)" }
        == [
          "age: float[?, 1]", "city: string[?, 1]", "size: int64[?, 1]", "height: float[?, 1]",
        ])
    #expect(
      description.estimators[2].parameters.first { $0.name == "ai.onnx.ml.OneHotEncoder" }?.value
        == "2")
    let model = try #require(reading.model)
    #expect(model.featureNames == ["age", "city", "size", "height"])
    #expect(model.textColumns == [1])
    #expect(model.classes == [.text("no"), .text("yes")])
  }

  @Test func modelsAreKnownByTheirContent() throws {
    for fixture in Self.files {
      #expect(ONNXModel.hasOutline(try fixture.bytes), "\(fixture)")
    }
    #expect(!ONNXModel.hasOutline([]))
    #expect(!ONNXModel.hasOutline(Array("{\"version\": 1}".utf8)))
  }

  @Test func otherOperatorsAreNamed() throws {
    let fixture = try #require(Self.files.last { $0.name == "logistic-binary.onnx" })
    let reading = ONNXFixture.read(
      try fixture.changing("LinearClassifier", to: "CurvedClassifier"))
    #expect(reading.model == nil)
    #expect(reading.description?.estimators.count == 3)
    #expect(reading.findings.map(\.code) == ["model.unsupported_operator"])
    #expect(
      reading.findings.first?.message
        == "has an operator that Assay does not compute: ai.onnx.ml.CurvedClassifier")
  }

  @Test func unknownCategoriesAreRefusedWithTheirRow() throws {
    let fixture = try #require(Self.files.last { $0.name == "frame-error.onnx" })
    let model = try fixture.model()
    var features = try fixture.features(of: model)
    features.texts[0] = "Rome"
    do throws(PredictionError) {
      _ = try model.predict(features)
      Issue.record("it predicts")
    } catch {
      guard case .noResult(1?, let node, let reason) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(node.contains("OneHotEncoder"))
      #expect(reason == "the value is none of the 3 categories")
    }
  }

  // MARK: Malformed files

  static let samples = files.filter {
    [
      "boosting-multiclass.onnx", "frame-ignore.onnx", "calibrated-isotonic-binary.onnx",
      "svc-multiclass.onnx", "isolation-forest.onnx", "opset-9-1-perceptron.onnx",
      "lightgbm-categories.onnx", "step-quantile.onnx",
    ].contains($0.name) && $0.version == "1.32.0"
  }

  @Test(arguments: samples)
  func everyCutIsAnError(fixture: ONNXFixture) throws {
    let bytes = try fixture.bytes
    for count in bytes.indices {
      let reading = ONNXFixture.read(Array(bytes[..<count]))
      if reading.model != nil || reading.findings.isEmpty { Issue.record("\(count) bytes") }
    }
  }

  @Test(arguments: samples)
  func changedBytesDoNoHarm(fixture: ONNXFixture) throws {
    let bytes = try fixture.bytes
    let features = try fixture.features(of: try fixture.model())
    var random = SplitMix64(seed: UInt64(bytes.count))
    let count = ProcessInfo.processInfo.environment["CHANGES"].flatMap { Int($0) } ?? 300
    for change in 0..<count {
      var changed = bytes
      for _ in 0...change % 3 {
        changed[Int.random(in: changed.indices, using: &random)] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
      }
      if let model = ONNXFixture.read(changed).model, model.featureCount == features.columnCount {
        _ = try? model.predict(features)
      }
    }
  }
}
