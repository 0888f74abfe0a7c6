import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// A model of ONNX's, with rows and what ONNX Runtime says of them.
struct ONNXFixture: Sendable, CustomTestStringConvertible {
  /// A value, or a list of them; `nil` is what is not a number.
  indirect enum Value: Decodable, Sendable {
    case number(Double?)
    case text(String)
    case list([Value])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let list = try? container.decode([Value].self) {
        self = .list(list)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let truth = try? container.decode(Bool.self) {
        self = .number(truth ? 1 : 0)
      } else {
        self = .number(container.decodeNil() ? nil : try container.decode(Double.self))
      }
    }

    /// All numbers in it, in their order.
    var numbers: [Double] {
      switch self {
      case .number(let number): [number ?? .nan]
      case .text: []
      case .list(let values): values.flatMap(\.numbers)
      }
    }

    /// The values in a list as labels.
    var labels: [String] {
      switch self {
      case .number(let number): [number.map { "\(Int($0))" } ?? "nan"]
      case .text(let text): [text]
      case .list(let values): values.flatMap(\.labels)
      }
    }
  }

  /// What is recorded.
  struct Record: Decodable, Sendable {
    /// The columns of each input.
    let inputs: [String: [[Value]]]
    let outputs: [Value]
    /// The model itself in base64, where it is no file.
    let model: String?
  }

  let folder: String
  let name: String
  let record: Record

  var testDescription: String { "\(folder.split(separator: "/").last ?? "") \(name)" }

  /// The version of ONNX Runtime.
  var version: String { String(folder.split(separator: "/").last ?? "") }

  var bytes: [UInt8] {
    get throws {
      if let model = record.model { return Array(try #require(Data(base64Encoded: model))) }
      return try datasetBytes("\(folder)/\(name)")
    }
  }

  /// The models that a file of records names.
  static func all(in file: String) -> [ONNXFixture] {
    let records = try? JSONDecoder().decode(
      [String: Record].self, from: Data(datasetBytes(file)))
    let folder = file.split(separator: "/").dropLast().joined(separator: "/")
    return (records ?? [:]).sorted { $0.key < $1.key }
      .map { ONNXFixture(folder: folder, name: $0.key, record: $0.value) }
  }

  static func read(_ bytes: [UInt8], siblings: [Member] = []) -> ModelReading {
    ONNXModel.format.read(
      ModelSource(path: "model.onnx", bytes: bytes, siblings: Siblings(siblings)),
      ReadingOptions(trees: .library, limits: .standard))
  }

  /// The file's bytes with a text in every place of another one that is as long.
  func changing(_ old: String, to new: String) throws -> [UInt8] {
    try #require(old.utf8.count == new.utf8.count)
    let bytes = try bytes
    let changed = bytes.replacing(Array(old.utf8), with: Array(new.utf8))
    #expect(changed != bytes)
    return changed
  }

  func model() throws -> Model {
    let reading = Self.read(try bytes)
    return try #require(reading.model, "\(reading.findings.map(\.message))")
  }

  /// The rows, in the order of the model's features.
  func features(of model: Model) throws -> FeatureMatrix {
    let columns =
      try record.inputs.count == 1
      ? #require(record.inputs.values.first)
      : #require(model.featureNames).flatMap { record.inputs[$0] ?? [] }
    let rowCount = columns[0].count
    let texts = columns.indices.filter {
      if case .text = columns[$0][0] { true } else { false }
    }
    let numbers = columns.indices.filter { !texts.contains($0) }
    let values = (0..<rowCount).flatMap { row in
      numbers.map { columns[$0][row].numbers.first ?? .nan }
    }
    return FeatureMatrix(
      numbers: FeatureMatrix(values: values, columnCount: numbers.count),
      textColumns: texts.map { ($0, nil, columns[$0].map { $0.labels[0] }) })
  }

  /// Compares labels, and every number that is said.
  func expect(_ output: ModelOutput, tolerance: Double) {
    var expected = record.outputs
    if let codes = output.codes {
      let labels = expected.removeFirst().labels
      let found = codes.map { output.classes[Int($0)].description }
      #expect(found == labels)
    }
    // A label that no classes are known of is a number, and scores beside it are not told; scores may also
    // be an output for each class.
    let columns = expected.map(\.numbers)
    let areColumns = columns.count > 1 && columns.allSatisfy { $0.count == output.rowCount }
    let wanted =
      output.codes == nil || !areColumns
      ? columns[0] : (0..<output.rowCount).flatMap { row in columns.map { $0[row] } }
    let width = output.codes == nil ? output.targets.count : output.classes.count
    let found: [Double]
    if output.codes == nil {
      let columns = output.targets.map { $0.numbers ?? [] }
      found = (0..<output.rowCount).flatMap { row in columns.map { $0[row] } }
    } else if let probabilities = output.probabilities {
      found = probabilities
    } else if let decisions = output.decisions, width == 2 {
      found = decisions
    } else {
      found = output.decisions ?? []
    }
    let compared =
      output.decisions != nil && width == 2 && wanted.count == 2 * output.rowCount
      ? stride(from: 1, to: wanted.count, by: 2).map { wanted[$0] } : wanted
    guard found.count == compared.count else {
      Issue.record("\(found.count) numbers where \(compared.count) are recorded")
      return
    }
    for (index, (found, wanted)) in zip(found, compared).enumerated()
    where !(abs(found - wanted) <= tolerance * max(1, abs(wanted))) {
      Issue.record("number \(index): \(found) where \(wanted) belongs")
      return
    }
  }
}
