import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// Files that are cut off or changed: whatever comes of it, nothing traps and nothing hangs.
@Suite struct MalformedTests {
  private static let folder = "Models/scikit-learn/1.9.1/"

  private static func names(_ inner: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: dataset(folder + inner))
    // Those of whole families are compressed.
    return (names ?? []).sorted().filter { $0.hasSuffix(".pkl") || $0.hasSuffix(".joblib") }
      .filter { !ScikitLearnFamiliesTests.familyNames.contains(String($0.prefix { $0 != "." })) }
      .map { folder + inner + $0 }
  }

  static let pickles = names("") + names("extra/")
  /// The archive of breast-cancer-overstated is that of breast-cancer.
  static let archives = ["breast-cancer", "iris-tree"].map { $0 + "/model.tar.gz" }

  @Test func allFilesAreThere() {
    #expect(Self.pickles.count == 9 + 12)
  }

  // MARK: Cuts

  @Test(arguments: pickles)
  func everyCutOfAPickleShows(file: String) throws {
    let bytes = try datasetBytes(file)
    for count in 0..<bytes.count {
      let cut = PickleFile(Array(bytes[..<count]), ReadingOptions())
      let isBroken = cut.reading == nil && cut.findings.contains { $0.code == "pickle.broken" }
      if !isBroken { Issue.record("\(count) bytes") }
    }
  }

  @Test(arguments: archives)
  func everyCutOfAnArchiveShows(file: String) throws {
    let bytes = try datasetBytes(file)
    let folder = try TemporaryFolder()
    for count in 0..<bytes.count {
      let cut = try Artifact(path: folder.write(bytes[..<count]))
      if cut.condition != .broken || cut.model != nil { Issue.record("\(count) bytes") }
    }
  }

  // MARK: Changes

  /// Reads changed bytes; a model that still comes of them predicts, or says why not.
  private func read(_ bytes: [UInt8], at path: String) throws {
    guard let model = try Artifact(path: path).model else { return }
    let count = model.featureCount ?? 1
    guard count < 1_000 else { return }
    _ = try? model.predict(
      FeatureMatrix(values: [Double](repeating: 0.5, count: count), columnCount: count))
  }

  @Test(
    arguments: [
      "dt.joblib", "lr.pkl", "extra/scaler-lr-fortran-order.joblib",
      "extra/tree-missing-values.joblib", "extra/scaler-lr-protocol-2.pkl",
    ]
    .map { folder + $0 } + archives)
  func changedBytesDoNoHarm(file: String) throws {
    let bytes = try datasetBytes(file)
    let folder = try TemporaryFolder()
    var random = SplitMix64(seed: UInt64(bytes.count))
    for change in 0..<1_000 {
      var changed = bytes
      // One bit, or up to three bytes.
      if change % 2 == 0 {
        changed[Int.random(in: changed.indices, using: &random)] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
      } else {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          changed[Int.random(in: changed.indices, using: &random)] =
            .random(in: .min ... .max, using: &random)
        }
      }
      try read(changed, at: folder.write(changed))
    }
  }

  /// A family's file is changed once it is unpacked; whatever is still an estimator predicts or says
  /// why not.
  @Test(
    arguments: ScikitLearnFamiliesTests.families.filter {
      ["0.20.4", "1.9.1"].contains($0.version)
    }
      + ScikitLearnFamiliesTests.boosterFamilies.filter {
        ["1.2.1", "3.2.0", "4.7.0"].contains($0.version)
      })
  func changedEstimatorsDoNoHarm(family: ScikitLearnFamiliesTests.Family) throws {
    let packed = try family.bytes("joblib")
    let bytes = try #require(Compression(of: packed)).unpack(packed, limit: 1 << 30)
    var random = SplitMix64(seed: UInt64(bytes.count))
    let count = ProcessInfo.processInfo.environment["CHANGES"].flatMap { Int($0) } ?? 20
    for change in 0..<count {
      var changed = bytes
      for _ in 0...change % 3 {
        changed[Int.random(in: changed.indices, using: &random)] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
      }
      var machine = PickleMachine(change % 2 == 0 ? changed : bytes, limits: .standard)
      // What was built before the change shows is looked at too.
      _ = try? machine.read()
      var graph = machine.graph
      if change % 2 == 1 { self.change(&graph, using: &random) }
      for place in graph.nodes.indices {
        let id = NodeID(index: Int32(place))
        guard case .object(let object) = graph[id],
          ScikitLearnReader.kinds[object.constructor] != nil
        else { continue }
        read(id, graph)
      }
    }
  }

  /// Puts other values in the place of some.
  private func change(_ graph: inout PickleGraph, using random: inout SplitMix64) {
    let strange: [PickleGraph.Node] = [
      .none, .bool(true), .integer(-1), .integer(0), .integer(1 << 40), .integer(.max),
      .integer(.min), .float(.nan), .float(-1e300), .float(.infinity), .text(""), .text("drop"),
      .list([]), .tuple([]), .dictionary([]), .bytes([]),
    ]
    for _ in 0..<graph.nodes.count / 50 + 1 {
      let place = NodeID(index: Int32.random(in: 0..<Int32(graph.nodes.count), using: &random))
      let other = NodeID(index: Int32.random(in: 0..<Int32(graph.nodes.count), using: &random))
      switch graph[place] {
      case .array(let array):
        // A shape or a type that the bytes do not have, or fewer elements.
        var shape = array.shape
        if !shape.isEmpty, Bool.random(using: &random) {
          shape[0] = [0, 1, shape[0] - 1, shape[0] + 1].randomElement(using: &random) ?? 0
        } else {
          shape = shape.reversed()
        }
        graph[place] = .array(
          NumPyArray(
            type: array.type, shape: shape, isFortran: !array.isFortran, storage: array.storage))
      case .list(let elements) where Bool.random(using: &random) && !elements.isEmpty:
        graph[place] = .list(Array(elements.dropLast()))
      case .tuple(let elements) where Bool.random(using: &random) && !elements.isEmpty:
        graph[place] = .tuple(elements.reversed())
      default:
        graph[place] =
          Bool.random(using: &random)
          ? graph[other] : strange.randomElement(using: &random) ?? .none
      }
    }
  }

  private func read(_ id: NodeID, _ graph: PickleGraph) {
    let reader = ScikitLearnReader(graph: graph)
    let row = [0.5, .nan, -1, 3, 0, 7, 2, 1]
    if let step = try? reader.step(id) {
      let count = step.inputCount ?? 4
      guard count < 100 else { return }
      for start in 0..<2 {
        var matrix = FeatureMatrix(
          values: (0..<count).map { row[($0 + start) % row.count] }, columnCount: count)
        matrix.texts = ["red", "small"]
        _ = try? step.transform(&matrix)
      }
    } else if let model = try? reader.read(id).model {
      let count = model.featureCount ?? 4
      guard count < 100 else { return }
      for values in [row, [Double](repeating: 0.5, count: 8)] {
        _ = try? model.predict(
          FeatureMatrix(values: (0..<count).map { values[$0 % 8] }, columnCount: count))
      }
    }
  }

  /// Bytes of which each is an opcode reach further than random ones.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func randomOpcodesDoNoHarm(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let opcodes = (UInt8.min...UInt8.max).filter { PickleOpcode(rawValue: $0) != nil }
    for _ in 0..<2_000 {
      let body = (0..<60).map { _ in
        Int.random(in: 0..<4, using: &random) == 0
          ? UInt8.random(in: 0...12, using: &random)
          : opcodes.randomElement(using: &random) ?? 0x4E
      }
      _ = PickleFile([0x80, 4] + body, ReadingOptions())
      _ = PickleFile.isPickle(body, limits: .standard)
    }
  }
}
