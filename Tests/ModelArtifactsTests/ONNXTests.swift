import DataTables
import Foundation
import InputReading
import ONNXMessages
import PredictiveModels
import SwiftProtobuf
import TestSupport
import Testing

@testable import ModelArtifacts

/// Every model of Datasets/Models/onnx/<version> says what ONNX Runtime said.
@Suite struct ONNXTests {
  static let files = all.filter { !$0.name.hasPrefix("neighbors") }
  /// Models with operators that Assay leaves to ONNX Runtime.
  static let others = all.filter { $0.name.hasPrefix("neighbors") }
  private static let all = ["1.16.3", "1.32.0"].flatMap {
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
    #expect(Self.others.count == 8)
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
    let message = try #require(reading.findings.first?.message)
    let start = "has an operator that Assay does not compute: ai.onnx.ml.CurvedClassifier"
    #expect(message.hasPrefix(start))
    if ONNXRuntime.shared == nil {
      #expect(
        message == "\(start); ONNX Runtime does, once it is there: \(ONNXRuntime.installation)")
    }
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

  // MARK: ONNX Runtime

  /// What Assay does not compute itself, ONNX Runtime does where it is.
  @Test(.enabled(if: ONNXRuntime.shared != nil), arguments: others)
  func otherGraphsRunOnONNXRuntime(fixture: ONNXFixture) throws {
    let reading = ONNXFixture.read(try fixture.bytes)
    #expect(reading.findings.map(\.code) == ["model.onnx_runtime"])
    let model = try #require(reading.model)
    fixture.expect(try model.predict(try fixture.features(of: model)), tolerance: 1e-6)
  }

  @Test(.enabled(if: ONNXRuntime.shared == nil), arguments: others)
  func otherGraphsAreDescribed(fixture: ONNXFixture) throws {
    let reading = ONNXFixture.read(try fixture.bytes)
    #expect(reading.findings.map(\.code) == ["model.unsupported_operator"])
    #expect(reading.findings.first?.message.contains("Scan") == true)
    #expect(reading.model == nil && reading.description != nil)
  }

  // MARK: Files beside the model

  /// A model whose first tensor stands in another file, from its third byte on.
  private func external(_ path: String) throws -> (model: [UInt8], weights: [UInt8]) {
    let fixture = try #require(Self.files.last { $0.name == "perceptron-binary.onnx" })
    var message = try ONNXModelProto(serializedBytes: try fixture.bytes)
    let index = try #require(message.graph.initializer.firstIndex { $0.dataType == 1 })
    let numbers = message.graph.initializer[index].floatData
    let raw = [UInt8](message.graph.initializer[index].rawData)
    let bytes =
      raw.isEmpty
      ? numbers.flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      } : raw
    message.graph.initializer[index].clearRawData()
    message.graph.initializer[index].floatData = []
    message.graph.initializer[index].dataLocation = 1
    message.graph.initializer[index].externalData = [
      ("location", path), ("offset", "3"), ("length", "\(bytes.count)"),
    ].map { key, value in
      ONNXStringStringEntryProto.with {
        $0.key = key
        $0.value = value
      }
    }
    return (try message.serializedBytes(), [0, 0, 0] + bytes)
  }

  @Test func tensorsStandInFilesBesideTheModel() throws {
    let fixture = try #require(Self.files.last { $0.name == "perceptron-binary.onnx" })
    let (bytes, weights) = try external("data/weights")
    func member(_ bytes: [UInt8]) -> Member {
      Member(path: "data/weights", size: bytes.count, kind: .other, bytes: bytes)
    }
    let model = try #require(ONNXFixture.read(bytes, siblings: [member(weights)]).model)
    fixture.expect(try model.predict(try fixture.features(of: model)), tolerance: 1e-6)
    let missing = ONNXFixture.read(bytes)
    #expect(missing.model == nil)
    #expect(missing.findings.first?.message.contains("'data/weights'") == true)
    let short = ONNXFixture.read(bytes, siblings: [member(Array(weights.dropLast()))])
    #expect(short.findings.first?.message.contains("ends before it") == true)
  }

  @Test(arguments: ["/etc/passwd", "../weights", "data/../../weights"])
  func pathsThatLeadOutAreUnsafe(path: String) throws {
    let reading = ONNXFixture.read(try external(path).model)
    #expect(reading.model == nil)
    #expect(reading.findings.map(\.code) == ["model.path_escape"])
    #expect(reading.findings.first?.severity == .critical)
  }

  // MARK: Malformed files

  /// A list of a node of trees that is changed, and what is said of it.
  static let faults: [(list: String, place: Int, value: Int64, message: String)] = [
    ("nodes_truenodeids", 0, 99, "tree 0, node 0: child 99 does not exist among"),
    ("nodes_truenodeids", 0, 0, "tree 0, node 0: child 0 does not exist among"),
    ("nodes_falsenodeids", 0, 1, "tree 0, node 0: child 1 has two parents"),
    ("nodes_featureids", 0, -1, "tree 0, node 0: feature -1 does not exist"),
    ("nodes_nodeids", 1, 0, "tree 0, node 0: it is there twice"),
    ("class_nodeids", 0, 0, "tree 0, node 0: a weight belongs to it, and it is no leaf"),
    ("class_ids", 0, 7, "a leaf adds to a score that is none of 3"),
    ("class_ids", -1, 0, "as long as the lists of their places"),
    ("nodes_treeids", -1, 0, "tree 0, node 0: the nodes have fields of different lengths"),
    ("nodes_featureids", 0, 40, "rows have 4 features, and the trees look at 41"),
  ]

  @Test(arguments: faults.indices)
  func faultsOfTreesNameTreeAndNode(index: Int) throws {
    let fault = Self.faults[index]
    let fixture = try #require(Self.files.last { $0.name == "boosting-multiclass.onnx" })
    var message = try ONNXModelProto(serializedBytes: try fixture.bytes)
    let node = try #require(
      message.graph.node.firstIndex { $0.opType == "TreeEnsembleClassifier" })
    let list = try #require(
      message.graph.node[node].attribute.firstIndex { $0.name == fault.list })
    if fault.place < 0 {
      message.graph.node[node].attribute[list].ints.removeLast()
    } else {
      message.graph.node[node].attribute[list].ints[fault.place] = fault.value
    }
    let reading = ONNXFixture.read(try message.serializedBytes())
    #expect(reading.model == nil)
    let found = try #require(reading.findings.first)
    #expect(found.code == "model.broken")
    #expect(found.message.contains(fault.message), "\(found.message)")
  }

  /// A graph in which a node needs what comes later, or nothing makes, is none.
  @Test func cyclesAreErrors() throws {
    let fixture = try #require(Self.files.last { $0.name == "perceptron-binary.onnx" })
    var message = try ONNXModelProto(serializedBytes: try fixture.bytes)
    let last = try #require(message.graph.node.last?.output.first)
    message.graph.node[0].input[0] = last
    let reading = ONNXFixture.read(try message.serializedBytes())
    #expect(reading.model == nil)
    #expect(
      reading.findings.first?.message.contains("'\(last)', which is not made before it") == true)
  }

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
