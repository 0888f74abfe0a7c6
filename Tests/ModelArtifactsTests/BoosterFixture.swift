import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// A model file of a gradient-boosting library, with an input and what the library says of it.
struct BoosterFixture: Sendable, CustomTestStringConvertible {
  /// Numbers, or rows of them; `nil` is a missing value.
  enum Cell: Decodable {
    case number(Double?)
    case row([Double?])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let row = try? container.decode([Double?].self) {
        self = .row(row)
      } else {
        self = .number(container.decodeNil() ? nil : try container.decode(Double.self))
      }
    }

    var numbers: [Double] {
      switch self {
      case .number(let number): [number ?? .nan]
      case .row(let row): row.map { $0 ?? .nan }
      }
    }
  }

  /// A text, or a whole number as one.
  struct Text: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let number = try? container.decode(Int.self)
      text = try number.map(String.init) ?? container.decode(String.self)
    }
  }

  /// What the library says.
  struct Outputs: Decodable {
    let input: [Cell]
    let margin: [Cell]
    /// The classes that it predicts.
    let labels: [Text]?
    let prediction: [Cell]
    /// What it predicts by the rounds up to the best one.
    let best: [Cell]?
  }

  let folder: String
  let name: String
  let outputs: Outputs

  var version: String { String(folder.split(separator: "/").last ?? "") }
  /// Whether it is in XGBoost's binary format.
  var isBinary: Bool { name.hasSuffix(".model") }
  var testDescription: String { "\(version) \(name)" }
  var bytes: [UInt8] { get throws { try datasetBytes("\(folder)/\(name)") } }

  var features: FeatureMatrix {
    FeatureMatrix(
      values: outputs.input.flatMap(\.numbers), columnCount: outputs.input[0].numbers.count)
  }

  /// The models that a folder's `outputs.json` names.
  static func all(in folder: String) -> [BoosterFixture] {
    let outputs = try? JSONDecoder().decode(
      [String: Outputs].self, from: Data(datasetBytes("\(folder)/outputs.json")))
    return (outputs ?? [:]).sorted { $0.key < $1.key }
      .map { BoosterFixture(folder: folder, name: $0.key, outputs: $0.value) }
  }

  func read(_ trees: TreeChoice = .library) throws -> BoosterFile {
    let bytes = try bytes
    return try #require(BoosterFile.format(of: bytes)).read(bytes, trees, .standard)
  }

  /// Compares every number that is said; of two classes the second one's probability.
  func expect(_ output: ModelOutput, _ expected: [Cell], tolerance: Double) {
    let expected = expected.map(\.numbers)
    for (index, target) in output.targets.enumerated() {
      let width = target.probabilities == nil ? 1 : target.classes.count
      let found = target.probabilities ?? target.numbers ?? []
      guard found.count == expected.count * width else {
        Issue.record("\(found.count) numbers for \(expected.count) rows")
        return
      }
      for (row, expected) in expected.enumerated() {
        let own = Array(found[row * width..<(row + 1) * width])
        let wanted = width > 2 ? expected : [expected[index]]
        for (found, wanted) in zip(width == 2 ? [own[1]] : own, wanted)
        where !(abs(found - wanted) <= tolerance * max(1, abs(wanted))) {
          Issue.record("row \(row): \(found) where \(wanted) belongs")
          return
        }
      }
    }
  }

  /// Reads changed bytes; a model that still comes of them predicts, or says why not.
  func changeBytes(times count: Int) throws {
    let bytes = try bytes
    var random = SplitMix64(seed: UInt64(bytes.count))
    let count = ProcessInfo.processInfo.environment["CHANGES"].flatMap { Int($0) } ?? count
    for change in 0..<count {
      var changed = bytes
      for _ in 0...change % 3 {
        changed[Int.random(in: changed.indices, using: &random)] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
      }
      let file = try? BoosterFile.format(of: changed)?.read(changed, .library, .standard)
      if let model = try? file?.model(), model.featureCount == features.columnCount {
        _ = try? model.predict(features)
      }
    }
  }
}
