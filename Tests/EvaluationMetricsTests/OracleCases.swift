import DataTables
import EvaluationMetrics
import Foundation
import TestSupport
import Testing

/// A case of `Datasets/Oracles/binary.json`.
struct BinaryCase: Decodable, Sendable {
  let name: String
  let labels: [Int32]
  let scores: [Double]?
  let predictions: [Int32]
  let weights: [Double]?
  let expected: [String: Double?]

  static var all: [BinaryCase] {
    get throws { try Oracle<BinaryCase>(named: "binary").cases }
  }

  func table(withPredictions: Bool) -> PredictionTable {
    PredictionTable(
      classes: [.integer(0), .integer(1)], labels: labels,
      predictions: withPredictions ? predictions : nil, scores: scores, weights: weights)
  }
}

/// A case of `Datasets/Oracles/multiclass.json`.
struct MulticlassCase: Decodable, Sendable {
  struct Report: Decodable, Sendable {
    let precision: Double
    let recall: Double
    let f1: Double
    let support: Double
  }

  /// A label as the oracle writes it: a whole number or text.
  enum Name: Decodable, Hashable, Sendable {
    case number(Int64)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int64.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    /// The key of ``MulticlassCase/reports``.
    var text: String {
      switch self {
      case .number(let number): "\(number)"
      case .text(let text): text
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case name, classes, labels, predictions, probabilities, weights, expected, confusion
    case reports = "per_class"
  }

  let name: String
  let classes: [Name]
  let labels: [Name]
  let predictions: [Name]
  let probabilities: [[Double]]?
  let weights: [Double]?
  let expected: [String: Double?]
  let confusion: [[Double]]
  let reports: [String: Report]

  static var all: [MulticlassCase] {
    get throws { try Oracle<MulticlassCase>(named: "multiclass").cases }
  }

  /// The case's classes in canonical order, which is not the oracle's where digits are text.
  var sortedLabels: [Label] {
    get throws { try classes.map { try Label($0.text) }.sorted() }
  }

  func table(withPredictions: Bool) throws -> PredictionTable {
    let classes = try sortedLabels
    func codes(_ names: [Name]) throws -> [Int32] {
      try names.map { name in
        Int32(try #require(classes.firstIndex(of: try Label(name.text))))
      }
    }
    return PredictionTable(
      classes: classes, labels: try codes(labels),
      predictions: withPredictions ? try codes(predictions) : nil,
      probabilities: probabilities?.flatMap(\.self), weights: weights)
  }
}

/// Random rows for properties of metrics.
struct RandomRows {
  var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  /// Rows of two classes with scores in 0...1, many of them tied, and both classes among them.
  mutating func binary(_ count: Int, isWeighted: Bool) -> PredictionTable {
    let labels = [0, 1] + (2..<count).map { _ in Int32.random(in: 0...1, using: &random) }
    return PredictionTable(
      classes: [.integer(0), .integer(1)], labels: labels,
      scores: labels.map { _ in Double(Int.random(in: 0...20, using: &random)) / 20 },
      weights: isWeighted ? weights(count) : nil)
  }

  /// Rows of several classes with probabilities and all classes among them.
  mutating func multiclass(_ count: Int, classes: Int, isWeighted: Bool) -> PredictionTable {
    let labels =
      (0..<count).map { row in
        row < classes ? Int32(row) : Int32.random(in: 0..<Int32(classes), using: &random)
      }
    let probabilities = labels.flatMap { _ -> [Double] in
      let shares = (0..<classes).map { _ in Double(Int.random(in: 1...8, using: &random)) }
      let sum = shares.reduce(0, +)
      return shares.map { $0 / sum }
    }
    return PredictionTable(
      classes: (0..<classes).map { .integer(Int64($0)) }, labels: labels,
      probabilities: probabilities, weights: isWeighted ? weights(count) : nil)
  }

  /// Weights of 1 to 4.
  mutating func weights(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double(Int.random(in: 1...4, using: &random)) }
  }
}

extension PredictionTable {
  /// The rows of those indices, in their order.
  func rows(_ rows: [Int]) -> PredictionTable {
    let count = classes.count
    return PredictionTable(
      classes: classes, labels: rows.map { labels[$0] },
      predictions: predictions.map { column in rows.map { column[$0] } },
      scores: scores.map { column in rows.map { column[$0] } },
      probabilities: probabilities.map { column in
        rows.flatMap { column[$0 * count..<($0 + 1) * count] }
      },
      weights: weights.map { column in rows.map { column[$0] } })
  }
}

/// A case of `Datasets/Oracles/regression.json`.
struct RegressionCase: Decodable, Sendable {
  let name: String
  let targets: [Double]
  let predictions: [Double]
  let weights: [Double]?
  let expected: [String: Double?]

  var table: RegressionTable {
    RegressionTable(targets: targets, predictions: predictions, weights: weights)
  }
}

/// Cases whose rows are made anew from a seed, as `recipe_note` in the file says.
struct RecipeOracle: Decodable, Sendable {
  struct Sample: Decodable, Sendable {
    let name: String
    let recipe: Recipe
    let expected: [String: Double?]
  }

  struct Recipe: Decodable, Sendable {
    let rows: Int
    let seed: UInt64
    let levels: Double
    let offset: Double?
    let noise: Double?
    let weighted: Bool

    var binaryTable: PredictionTable {
      var random = SplitMix64(seed: seed)
      var labels: [Int32] = []
      var scores: [Double] = []
      var weights: [Double] = []
      for _ in 0..<rows {
        let isPositive = random.unit < 0.4
        let score = (random.unit * levels).rounded(.down) / levels
        labels.append(isPositive ? 1 : 0)
        scores.append(isPositive ? min(score + 0.25, 1) : score)
        if weighted { weights.append((random.unit * 4).rounded(.down)) }
      }
      return PredictionTable(
        classes: [.integer(0), .integer(1)], labels: labels, scores: scores,
        weights: weighted ? weights : nil)
    }

    var regressionTable: RegressionTable {
      var random = SplitMix64(seed: seed)
      var targets: [Double] = []
      var predictions: [Double] = []
      var weights: [Double] = []
      for _ in 0..<rows {
        let target = (offset ?? 0) + (random.unit * levels).rounded(.down) / levels
        targets.append(target)
        predictions.append(target + (random.unit - 0.5) * (noise ?? 0))
        if weighted { weights.append((random.unit * 4).rounded(.down)) }
      }
      return RegressionTable(
        targets: targets, predictions: predictions, weights: weighted ? weights : nil)
    }
  }

  let recipes: [Sample]

  init(named name: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(datasetBytes("Oracles/\(name).json")))
  }
}

extension SplitMix64 {
  /// A number in 0..<1 of 53 random bits.
  fileprivate var unit: Double {
    mutating get { Double(next() >> 11) * 0x1p-53 }
  }
}
