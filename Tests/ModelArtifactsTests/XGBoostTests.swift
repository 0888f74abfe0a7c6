import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// Every model of Datasets/Models/xgboost/<version> says what XGBoost said.
@Suite struct XGBoostTests {
  static let files = [
    "0.90", "1.0.2", "1.2.1", "1.3.3", "1.7.6", "2.1.4", "3.0.5", "3.2.0",
  ].flatMap {
    BoosterFixture.all(in: "Models/xgboost/\($0)")
  }

  @Test func allFilesAreThere() {
    #expect(Self.files.count == 30 + 36 + 40 + 40 + 90)
    #expect(Self.files.count { $0.isBinary } == 90)
  }

  @Test(arguments: files)
  func modelsSayWhatXGBoostSays(fixture: BoosterFixture) throws {
    let file = try fixture.read()
    #expect(file.framework == "XGBoost")
    // The binary format tells major and minor, and since 1.0.
    let version = fixture.version.split(separator: ".").prefix(2).joined(separator: ".")
    #expect(
      file.version == (!fixture.isBinary ? fixture.version : version == "0.90" ? nil : version))
    let output = try file.model().predictAlsoInBlocks(fixture.features)
    fixture.expect(output, fixture.outputs.prediction, tolerance: 1e-6)
    if file.booster.parameters.contains(where: { $0.value == "binary:logistic" }) {
      #expect(output.classes == [.integer(0), .integer(1)])
      let positive = fixture.outputs.prediction.flatMap(\.numbers)
      let codes = output.targets.map { $0.codes ?? [] }
      let width = codes.count
      for (index, probability) in positive.enumerated() {
        #expect(codes[index % width][index / width] == (probability > 0.5 ? 1 : 0))
      }
    }
    let best = try fixture.read(.best)
    let expected = fixture.outputs.best ?? fixture.outputs.prediction
    try fixture.expect(
      best.model().predictAlsoInBlocks(fixture.features), expected, tolerance: 1e-6)
    #expect((file.rounds != nil) == (fixture.outputs.best != nil))
    #expect(best.findings.count == (fixture.outputs.best == nil ? 0 : 1))
  }

  /// Where the objective says nothing but scores, they are the library's to the last bit;
  /// before 1.3 it added what sums begin with at their end.
  @Test(
    arguments: files.filter {
      $0.name.contains("squarederror") && !["0.90", "1.0.2", "1.2.1"].contains($0.version)
    })
  func sumsAreInSinglePrecision(fixture: BoosterFixture) throws {
    let output = try fixture.read().model().predict(fixture.features)
    for (found, expected) in zip(output.numbers ?? [], fixture.outputs.margin) {
      #expect(Float(found) == expected.numbers.first.map(Float.init))
    }
  }

  // MARK: Malformed files

  static let samples = files.filter {
    ["0.90", "1.7.6"].contains($0.version)
      && ["binary-logistic.model", "dart-multi.model", "linear-multi.model", "stopped.model"]
        .contains($0.name)
      || $0.version == "3.2.0"
        && [
          "binary-logistic.json", "multi-softprob.ubj", "dart.json", "linear.json",
          "categories-one-hot.ubj", "pair-multi_output_tree-ubj.ubj",
        ].contains($0.name)
  }

  @Test(arguments: samples)
  func everyCutIsAnError(fixture: BoosterFixture) throws {
    let bytes = try fixture.bytes
    // Every byte of the head and of the end, and every seventh of the trees.
    for count in 0..<bytes.count where count < 500 || count % 7 == 0 || count + 100 > bytes.count {
      let cut = Array(bytes[..<count])
      if (try? BoosterFile.format(of: cut)?.read(cut, .library, .standard)) != nil {
        Issue.record("\(count) bytes")
      }
    }
  }

  @Test(arguments: samples)
  func changedBytesDoNoHarm(fixture: BoosterFixture) throws {
    try fixture.changeBytes(times: 200)
  }

  @Test func faultsOfTreesNameTreeAndNode() throws {
    let fixture = try #require(Self.samples.first { $0.name == "binary-logistic.json" })
    let text = String(decoding: try fixture.bytes, as: UTF8.self)
    func message(_ old: String, _ new: String) -> String? {
      let changed = text.replacing(old, with: new, maxReplacements: 1)
      #expect(changed != text)
      do throws(ModelFormatError) {
        let bytes = Array(changed.utf8)
        _ = try BoosterFile.format(of: bytes)?.read(bytes, .library, .standard)
        return nil
      } catch { return error.message }
    }
    let lefts = "\"left_children\":[1,"
    #expect(
      message(lefts, "\"left_children\":[99,")?.hasPrefix("tree 0, node 0: child 99 does not exist")
        == true)
    #expect(message(lefts, "\"left_children\":[0,")?.hasPrefix("tree 0, node 0: child 0") == true)
    #expect(message(lefts, "\"left_children\":[-7,")?.hasPrefix("tree 0, node 0: child -7") == true)
    #expect(message(lefts, "\"left_children\":[2,")?.contains("has two parents") == true)
    #expect(
      message(lefts, "\"left_children\":[1,1,")
        == "tree 0, node 0: the nodes have fields of different lengths")
    #expect(
      message("\"split_indices\":[", "\"split_indices\":[1234")?
        .hasPrefix("tree 0, node 0: feature 1234") == true)
    #expect(message("\"tree_info\":[0", "\"tree_info\":[5")?.hasPrefix("tree 0") == true)
    #expect(message("binary:logistic", "binary:strange")?.contains("is not supported") == true)
    #expect(message("\"base_score\":\"[", "\"base_score\":\"x[")?.contains("base_score") == true)
    #expect(message("\"num_trees\":\"3\"", "\"num_trees\":\"4\"")?.contains("trees") == true)
  }

  /// A width of leaves that no file has asks for no memory.
  @Test(arguments: ["3", "1000000000000"])
  func widthsOfLeavesMustFit(width: String) throws {
    let fixture = try #require(
      Self.files.last { $0.name == "pair-multi_output_tree-json.json" })
    let text = String(decoding: try fixture.bytes, as: UTF8.self)
    let key = "\"size_leaf_vector\":"
    let bytes = Array(text.replacing(key + "\"2\"", with: key + "\"\(width)\"").utf8)
    #expect(throws: ModelFormatError.self) {
      try XGBoostModel.formats[0].read(bytes, .library, .standard)
    }
  }

  /// What is no value of UBJSON's is an error with its byte.
  @Test(arguments: [
    "", "{", "[", "[$d", "[$d#", "[$d#l\u{7f}\u{7f}\u{7f}\u{7f}", "[#i\u{7f}", "Si\u{7f}a", "x",
    "{i\u{1}a", "Z ", "[$d]", "[#i\u{ff}]",
  ])
  func brokenUBJSONIsAnError(text: String) {
    #expect(throws: ModelFormatError.self) {
      try UBJSON.value(of: Array(text.utf8), limits: .standard)
    }
  }

  @Test func deepUBJSONIsAnError() {
    #expect(throws: ModelFormatError.self) {
      try UBJSON.value(of: [UInt8](repeating: UInt8(ascii: "["), count: 100_000), limits: .standard)
    }
  }

  @Test func ubjsonReadsEveryNumber() throws {
    let bytes: [UInt8] =
      Array("[i".utf8) + [0xFF] + Array("U".utf8) + [0xFF] + Array("I".utf8) + [1, 0]
      + Array("l".utf8) + [0, 1, 0, 0] + Array("L".utf8) + [0, 0, 0, 1, 0, 0, 0, 0]
      + Array("d".utf8) + [0x3F, 0x80, 0, 0] + Array("D".utf8) + [0x3F, 0xF0, 0, 0, 0, 0, 0, 0]
      + Array("TF]".utf8)
    #expect(
      try UBJSON.value(of: bytes, limits: .standard)
        == .numbers([-1, 255, 256, 65_536, 4_294_967_296, 1, 1, 1, 0]))
  }

  /// What is left over behind a model is an error too, and so is a length that is not the file's.
  @Test func bytesBehindABinaryModelAreAnError() throws {
    let fixture = try #require(Self.samples.first { $0.name == "binary-logistic.model" })
    let bytes = try fixture.bytes
    func read(_ bytes: [UInt8]) throws -> BoosterFile {
      try #require(BoosterFile.format(of: bytes)).read(bytes, .library, .standard)
    }
    func length(_ count: Int) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
    }
    let mark = Array("CONFIG-offset:".utf8)
    #expect(throws: ModelFormatError.self) { try read(bytes + [0]) }
    #expect(try read(mark + length(bytes.count) + bytes + Array("{}".utf8)).framework == "XGBoost")
    for wrong in [bytes.count - 1, bytes.count + 1, bytes.count + 3, -1, 1 << 62] {
      #expect(throws: ModelFormatError.self) {
        try read(mark + length(wrong) + bytes + Array("{}".utf8))
      }
    }
  }

  // MARK: Artifacts

  /// SageMaker's file has no suffix.
  @Test(arguments: ["binary-logistic.json", "stopped-binary.ubj"])
  func archivesHoldModelsByTheirContent(name: String) throws {
    let fixture = try #require(Self.files.last { $0.name == name })
    let folder = try TemporaryFolder()
    let tar = ArchiveBytes.tar([ArchiveBytes.Entry("xgboost-model", try fixture.bytes)])
    let path = try folder.write(ArchiveBytes.gzip(tar), to: "model.tar.gz")
    let artifact = try Artifact(path: path)
    #expect(artifact.condition == .loadable)
    #expect(artifact.description?.member == "xgboost-model")
    #expect(artifact.description?.algorithm == "gbtree")
    #expect(
      artifact.findings.map(\.code) == (name.hasPrefix("stopped") ? ["model.early_stopping"] : []))
    let all = artifact.model?.predictor.treeCount ?? 0
    let best = try Artifact(path: path, trees: .best).model?.predictor.treeCount ?? 0
    #expect(name.hasPrefix("stopped") ? best < all : best == all)
  }

  @Test func brokenModelsAreFindings() throws {
    let folder = try TemporaryFolder()
    let artifact = try Artifact(path: folder.write(Array("{\"learner\":{}}".utf8), to: "m.json"))
    #expect(artifact.condition == .broken)
    #expect(artifact.findings.map(\.code) == ["model.broken"])
  }
}
