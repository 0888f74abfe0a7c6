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
    var library = "scikit-learn"
    var testDescription: String {
      library == "scikit-learn" ? "\(version) \(name)" : "\(library) \(version) \(name)"
    }
    /// How far from the library's numbers ours may be, of 1 or more in proportion.
    var tolerance: Double { library == "xgboost" ? 1e-6 : 1e-9 }

    func bytes(_ suffix: String) throws -> [UInt8] {
      try datasetBytes("Models/\(library)/\(version)/\(name).\(suffix)")
    }
  }

  static let familyNames = [
    "linear", "trees", "boosting", "steps", "columns", "wrappers", "settings",
  ]

  static let families = [
    "0.20.4", "0.23.2", "0.24.2", "1.0.2", "1.2.2", "1.3.2", "1.4.2", "1.9.1",
  ].flatMap { version in
    familyNames.map { Family(version: version, name: $0) }
  }
  // That version had none of them.
  .filter { $0.testDescription != "0.20.4 boosting" }

  /// Boosters and their libraries' estimators.
  static let boosterFamilies =
    [
      (
        "xgboost", ["0.90", "1.0.2", "1.2.1", "1.3.3", "1.5.2", "1.7.6", "2.1.4", "3.0.5", "3.2.0"]
      ),
      ("lightgbm", ["2.3.1", "3.3.5", "4.7.0"]),
    ].flatMap { library, versions in
      versions.map { Family(version: $0, name: "estimators", library: library) }
    }

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
    /// Of an early-stopped booster, what the library's own predict returns by all rounds.
    let all: Cell?
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

  private func expectClose(
    _ found: [Double]?, _ expected: [Double], _ what: String, tolerance: Double
  ) {
    // A linear model inside gradient boosting computes in single precision.
    let tolerance = what.contains(" init") ? 1e-6 : tolerance
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

  @Test(arguments: families + boosterFamilies)
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
          expectClose(
            matrix.values, transformed.numbers, name, tolerance: family.tolerance)
        } else {
          let model = try reader.read(entry.value).model
          var matrix = features(rows, names: expected.columns)
          if let columns = expected.columns {
            // Columns that a model does not know are among the recorded ones.
            matrix = matrix.selecting(columns: try model.featureColumns(in: columns))
          }
          try check(model.predictAlsoInBlocks(matrix), expected, name, tolerance: family.tolerance)
        }
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  /// `--trees` chooses the rounds of an early-stopped booster wherever it stands.
  @Test(arguments: boosterFamilies)
  func treesOfStoppedBoostersCanBeChosen(family: Family) throws {
    let document = try JSONDecoder().decode(Document.self, from: Data(family.bytes("json")))
    let packed = try family.bytes("joblib")
    let bytes = try #require(Compression(of: packed)).unpack(packed, limit: 1 << 30)
    var machine = PickleMachine(bytes, limits: .standard)
    let root = try machine.read()
    var count = 0
    for (name, expected) in document.cases {
      guard let all = expected.all, let id = machine.graph.value(name, in: root) else { continue }
      count += 1
      func read(_ trees: TreeChoice) throws -> ScikitLearnReader.Reading {
        try ScikitLearnReader(graph: machine.graph, options: ReadingOptions(trees: trees)).read(id)
      }
      let matrix = features(expected.input ?? document.input, names: nil)
      let best = try read(.best)
      check(try best.model.predict(matrix), expected, name, tolerance: family.tolerance)
      // LightGBM keeps the rounds behind the best one only where it is to train on.
      let hasMore = family.library == "xgboost" || name == "booster-kept"
      #expect(best.findings.map(\.code) == (hasMore ? ["model.early_stopping"] : []), "\(name)")
      let output = try read(.all).model.predict(matrix)
      var found = output.numbers ?? output.probabilities ?? []
      if output.classes.count == 2 {
        found = stride(from: 1, to: found.count, by: 2).map { found[$0] }
      }
      expectClose(found, all.numbers, name + " all", tolerance: family.tolerance)
    }
    #expect(count == (family.library == "xgboost" ? 3 : 4))
  }

  private func check(_ output: ModelOutput, _ expected: Case, _ name: String, tolerance: Double) {
    let rows = expected.prediction ?? []
    let targets = output.targets
    for (index, target) in targets.enumerated() {
      let own = rows.map { targets.count > 1 ? $0.cells[index] : $0 }
      switch target.predictions {
      case .numbers(let numbers):
        expectClose(numbers, own.flatMap(\.numbers), name, tolerance: tolerance)
      case .classes(let codes):
        #expect(codes.map { target.classes[Int($0)] } == own.map(\.label), "\(name)")
      }
      if let probability = expected.probability {
        let own = targets.count > 1 ? probability.cells[index] : probability
        expectClose(
          target.probabilities, own.numbers, name + " probabilities", tolerance: tolerance)
      } else {
        #expect(target.probabilities == nil, "\(name)")
      }
    }
    if let decision = expected.decision, targets.count == 1 {
      expectClose(output.decisions, decision.numbers, name + " decisions", tolerance: tolerance)
    } else if targets.count == 1 {
      #expect(output.decisions == nil, "\(name)")
    }
  }
}
