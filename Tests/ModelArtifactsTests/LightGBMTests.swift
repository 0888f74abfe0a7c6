import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// Every model of Datasets/Models/lightgbm/<version> says what LightGBM said.
@Suite struct LightGBMTests {
  static let files = ["2.3.1", "3.3.5", "4.7.0"].flatMap {
    BoosterFixture.all(in: "Models/lightgbm/\($0)")
  }

  @Test func allFilesAreThere() {
    #expect(Self.files.count == 32 + 35 + 35)
  }

  @Test(arguments: files)
  func modelsSayWhatLightGBMSays(fixture: BoosterFixture) throws {
    let file = try fixture.read()
    #expect(file.format == "lightgbm-text")
    let output = try file.model().predictAlsoInBlocks(fixture.features)
    fixture.expect(output, fixture.outputs.prediction, tolerance: 1e-12)
    let objective = file.booster.parameters.first { $0.name == "objective" }?.value ?? ""
    if objective.hasPrefix("binary") {
      #expect(output.classes == [.integer(0), .integer(1)])
      let positive = fixture.outputs.prediction.flatMap(\.numbers)
      #expect(output.codes == positive.map { $0 > 0.5 ? 1 : 0 })
    } else if objective.hasPrefix("multiclass") {
      #expect(output.classes == [.integer(0), .integer(1), .integer(2)])
    } else {
      #expect(output.numbers != nil)
    }
  }

  @Test func namesAreThoseThatWereGiven() throws {
    let named = try #require(Self.files.last { $0.name == "names.txt" })
    #expect(try named.read().model().featureNames == ["width", "height", "c", "d"])
    let other = try #require(Self.files.last { $0.name == "binary.txt" })
    #expect(try other.read().model().featureNames == nil)
  }

  @Test func forestsAndOtherBoostersAreToldByName() throws {
    for (name, booster) in [("forest", "rf"), ("dart", "dart"), ("binary", "gbdt")] {
      let fixture = try #require(Self.files.last { $0.name == "\(name).txt" })
      #expect(try fixture.read().booster.name == booster)
    }
  }

  // MARK: Malformed files

  static let samples = files.filter {
    $0.version == "4.7.0" && ["categories.txt", "linear.txt", "multiclass.txt"].contains($0.name)
  }

  /// A cut behind the last tree leaves the model whole, unless it is among the settings.
  @Test(arguments: samples)
  func everyCutOfTheTreesIsAnError(fixture: BoosterFixture) throws {
    let bytes = try fixture.bytes
    let text = String(decoding: bytes, as: UTF8.self)
    let end = try #require(text.range(of: "end of trees")?.upperBound)
    let endOffset = text.utf8.distance(from: text.startIndex, to: end)
    for count in 0..<bytes.count where count < 500 || count % 7 == 0 || count + 100 > bytes.count {
      let cut = Array(bytes[..<count])
      let file = try? BoosterFile.format(of: cut)?.read(cut, .library, .standard)
      guard let file else { continue }
      if count < endOffset { Issue.record("\(count) bytes") }
      fixture.expect(
        try file.model().predictAlsoInBlocks(fixture.features), fixture.outputs.prediction,
        tolerance: 1e-12)
    }
  }

  @Test(arguments: samples)
  func changedBytesDoNoHarm(fixture: BoosterFixture) throws {
    try fixture.changeBytes(times: 200)
  }

  @Test(arguments: [
    ("left_child=", "left_child=99 ", "tree 0, node 0: the splits have fields"),
    ("split_feature=", "split_feature=77", "tree 0, node 0: feature 77"),
    ("num_leaves=6", "num_leaves=7", "tree 0, node 0: there are 6 values of 7 leaves"),
    ("Tree=1", "Tree=2", "'Tree=2' is not the next tree, Tree=1"),
    ("tree_sizes=", "tree_sizes=1 ", "'tree_sizes' is not"),
    ("max_feature_idx=3", "max_feature_idx=-3", "'max_feature_idx' is not"),
    ("objective=binary", "objective=strange", "LightGBM's objective 'strange' is not supported"),
    ("objective=binary", "objective=multiclass num_class:3", "'objective' is not"),
    ("version=v4", "version=v9", "LightGBM's text format 'v9' is not supported"),
    ("threshold=", "threshold=x", "'Tree=0: threshold' is not a list of numbers"),
    ("end of parameters", "", "the text ends before 'end of parameters'"),
  ])
  func faultsNameTheirPlace(old: String, new: String, message: String) throws {
    let fixture = try #require(Self.files.last { $0.name == "binary.txt" })
    let text = String(decoding: try fixture.bytes, as: UTF8.self)
    let changed = text.replacing(old, with: new, maxReplacements: 1)
    #expect(changed != text)
    do throws(ModelFormatError) {
      let bytes = Array(changed.utf8)
      _ = try BoosterFile.format(of: bytes)?.read(bytes, .library, .standard)
      Issue.record("is read")
    } catch { #expect(error.message.hasPrefix(message)) }
  }

  @Test func childrenThatLeadBackAreErrors() throws {
    let fixture = try #require(Self.files.last { $0.name == "binary.txt" })
    let text = String(decoding: try fixture.bytes, as: UTF8.self)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("left_child=") })
    for (child, reason) in [("0", "child 0"), ("50", "child 50"), ("-50", "child -50")] {
      let rest = line.drop { $0 != " " }
      let bytes = Array(text.replacing(line, with: "left_child=\(child)\(rest)").utf8)
      do throws(ModelFormatError) {
        _ = try BoosterFile.format(of: bytes)?.read(bytes, .library, .standard)
        Issue.record("is read")
      } catch { #expect(error.message.hasPrefix("tree 0, node 0: \(reason)")) }
    }
  }

  @Test func filesAreKnownByTheirContent() throws {
    let fixture = try #require(Self.files.last { $0.name == "multiclass.txt" })
    let folder = try TemporaryFolder()
    let artifact = try Artifact(path: folder.write(fixture.bytes, to: "model"))
    #expect(artifact.condition == .loadable)
    #expect(artifact.description?.framework == "LightGBM")
    #expect(artifact.model?.predictor.treeCount == 6)
    #expect(artifact.findings == [])
  }
}
