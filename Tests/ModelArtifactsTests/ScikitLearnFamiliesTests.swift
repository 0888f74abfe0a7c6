import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// Every estimator of Datasets/Models/scikit-learn/<version>/<family>.joblib says what scikit-learn said.
@Suite struct ScikitLearnFamiliesTests {
  /// A file of estimators.
  struct Family: Sendable, CustomTestStringConvertible {
    let version: String
    let name: String
    var testDescription: String { "\(version) \(name)" }

    func bytes(_ suffix: String) throws -> [UInt8] {
      try datasetBytes("Models/scikit-learn/\(version)/\(name).\(suffix)")
    }
  }

  static let familyNames = [
    "linear", "trees", "boosting", "steps", "columns", "wrappers",
  ]

  static let families = [
    "0.20.4", "0.23.2", "0.24.2", "1.0.2", "1.2.2", "1.3.2", "1.4.2", "1.9.1",
  ].flatMap { version in
    familyNames.map { Family(version: version, name: $0) }
  }
  // That version had none of them.
  .filter { $0.testDescription != "0.20.4 boosting" }

  /// A cell of an input or an output.
  enum Cell: Decodable {
    case missing
    case number(Double)
    case label(Label)
    case row([Cell])

    init(from decoder: any Decoder) throws {
      if var list = try? decoder.unkeyedContainer() {
        var cells: [Cell] = []
        while !list.isAtEnd { cells.append(try list.decode(Cell.self)) }
        self = .row(cells)
        return
      }
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .missing
      } else if let truth = try? container.decode(Bool.self) {
        self = .label(.text(truth ? "True" : "False"))
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .label(.text(try container.decode(String.self)))
      }
    }

    var cells: [Cell] { if case .row(let cells) = self { cells } else { [self] } }
    /// All numbers, however deep.
    var numbers: [Double] {
      switch self {
      case .missing: [.nan]
      case .number(let number): [number]
      case .label: []
      case .row(let cells): cells.flatMap(\.numbers)
      }
    }
    var label: Label? {
      switch self {
      case .number(let number): Int64(exactly: number).map { .integer($0) }
      case .label(let label): label
      default: nil
      }
    }
  }

  struct Case: Decodable {
    let input: [[Cell]]?
    let columns: [String]?
    let prediction: [Cell]?
    let probability: Cell?
    let decision: Cell?
    let transformed: Cell?
  }

  struct Document: Decodable {
    let input: [[Cell]]
    let cases: [String: Case]
  }

  private func features(_ rows: [[Cell]], names: [String]?) -> FeatureMatrix {
    var texts: [String] = []
    var values: [Double] = []
    for cell in rows.joined() {
      switch cell {
      case .number(let number): values.append(number)
      case .label(.text(let text)):
        let index = texts.firstIndex(of: text) ?? texts.count
        if index == texts.count { texts.append(text) }
        values.append(Double(index))
      default: values.append(.nan)
      }
    }
    var matrix = FeatureMatrix(names: names, values: values, columnCount: rows[0].count)
    matrix.texts = texts
    return matrix
  }

  private func expectClose(_ found: [Double]?, _ expected: [Double], _ what: String) {
    // A linear model inside gradient boosting computes in single precision.
    let tolerance = what.contains(" init") ? 1e-6 : 1e-9
    guard let found, found.count == expected.count else {
      Issue.record("\(what): \(found?.count ?? -1) numbers where \(expected.count) belong")
      return
    }
    for (index, (found, expected)) in zip(found, expected).enumerated()
    where !(abs(found - expected) <= tolerance * max(1, abs(expected)))
      && !(found.isNaN && expected.isNaN)
    {
      Issue.record("\(what), number \(index): \(found) where \(expected) belongs")
      return
    }
  }

  private func expectTexts(_ found: FeatureMatrix, _ expected: Cell, _ name: String) {
    let texts = found.values.map { found.texts[Int($0)] }
    #expect(texts == expected.cells.flatMap { $0.cells.map { $0.label?.description } }, "\(name)")
  }

  @Test(arguments: families)
  func estimatorsSayWhatScikitLearnSays(family: Family) throws {
    let document = try JSONDecoder().decode(Document.self, from: Data(family.bytes("json")))
    let packed = try family.bytes("joblib")
    let bytes = try #require(Compression(of: packed)).unpack(packed, limit: 1 << 30)
    var machine = PickleMachine(bytes, limits: .standard)
    let root = try machine.read()
    let strangers = machine.globals.map(\.name).filter { PickleGlobals.standing(of: $0) != .known }
    #expect(Set(strangers) == [])
    #expect(machine.requests == [])
    let reader = ScikitLearnReader(graph: machine.graph)
    guard case .dictionary(let entries) = machine.graph[root] else {
      Issue.record("a dictionary")
      return
    }
    #expect(entries.count == document.cases.count)
    for entry in entries {
      let name = try #require(machine.graph.text(entry.key))
      let expected = try #require(document.cases[name])
      let rows = expected.input ?? document.input
      do {
        if let transformed = expected.transformed {
          var matrix = features(rows, names: expected.columns)
          let step = try reader.step(entry.value)
          matrix.texts += step.texts.filter { !matrix.texts.contains($0) }
          try step.transform(&matrix)
          if name.contains("words") {
            expectTexts(matrix, transformed, name)
            continue
          }
          expectClose(matrix.values, transformed.numbers, name)
        } else {
          let model = try reader.read(entry.value).model
          var matrix = features(rows, names: expected.columns)
          if let columns = expected.columns {
            // Columns that a model does not know are among the recorded ones.
            matrix = matrix.selecting(columns: try model.featureColumns(in: columns))
          }
          try check(model.predictAlsoInBlocks(matrix), expected, name)
        }
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  private func check(_ output: ModelOutput, _ expected: Case, _ name: String) {
    let rows = expected.prediction ?? []
    let targets = output.targets
    for (index, target) in targets.enumerated() {
      let own = rows.map { targets.count > 1 ? $0.cells[index] : $0 }
      switch target.predictions {
      case .numbers(let numbers): expectClose(numbers, own.flatMap(\.numbers), name)
      case .classes(let codes):
        #expect(codes.map { target.classes[Int($0)] } == own.map(\.label), "\(name)")
      }
      if let probability = expected.probability {
        let own = targets.count > 1 ? probability.cells[index] : probability
        expectClose(target.probabilities, own.numbers, name + " probabilities")
      } else {
        #expect(target.probabilities == nil, "\(name)")
      }
    }
    if let decision = expected.decision, targets.count == 1 {
      expectClose(output.decisions, decision.numbers, name + " decisions")
    } else if targets.count == 1 {
      #expect(output.decisions == nil, "\(name)")
    }
  }
}
