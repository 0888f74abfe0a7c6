import DataTables
@testable import EvaluationMetrics
import TestSupport
import Testing

/// A case of `Datasets/Oracles/intervals.json`, of whichever kind its fields tell.
private struct IntervalCase: Decodable, Sendable {
  struct Resampled: Decodable, Sendable {
    let value: Double
    let low: Double
    let high: Double
    let deviation: Double
  }

  let name: String
  // An interval of a proportion.
  let hits: Double?
  let trials: Double?
  let level: Double?
  let low: Double?
  let high: Double?
  // A quantile.
  let probability: Double?
  let quantile: Double?
  // Two models.
  let p: Double?
  let variances: [Double]?
  let differenceVariance: Double?
  // Rows.
  let task: String?
  let labels: [Int32]?
  let scores: [Double]?
  let probabilities: [[Double]]?
  let weights: [Double]?
  let targets: [Double]?
  let predictions: [Double]?
  let expected: [String: Resampled]?
  let first: Column?
  let second: Column?

  /// What each model has: a score a row, or the number of rows that it alone has right.
  enum Column: Decodable, Sendable {
    case scores([Double])
    case count(Double)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let scores = try? container.decode([Double].self) {
        self = .scores(scores)
      } else {
        self = .count(try container.decode(Double.self))
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case name, hits, trials, level, low, high, probability, quantile, p, variances, task, labels
    case scores, probabilities, weights, targets, predictions, expected, first, second
    case differenceVariance = "difference_variance"
  }

  static var all: [IntervalCase] {
    get throws { try Oracle<IntervalCase>(named: "intervals").cases }
  }

  var rows: PredictionRows {
    get throws {
      if let targets, let predictions {
        return .numbers(RegressionTable(targets: targets, predictions: predictions))
      }
      let labels = try #require(labels)
      return .classes(
        PredictionTable(
          classes: (0...(labels.max() ?? 0)).map { .integer(Int64($0)) }, labels: labels,
          scores: scores, probabilities: probabilities?.flatMap(\.self), weights: weights))
    }
  }
}

@Suite struct ConfidenceIntervalTests {
  @Test func proportionsAgreeWithStatsmodels() throws {
    var count = 0
    for sample in try IntervalCase.all {
      guard let hits = sample.hits, let trials = sample.trials, let level = sample.level else {
        continue
      }
      let interval = ConfidenceInterval(wilson: hits / trials, trials: trials, level: level)
      let low = try #require(sample.low)
      let high = try #require(sample.high)
      // statsmodels leaves rounding errors beyond 0 and 1.
      #expect(abs(interval.low - max(low, 0)) < 1e-12, "\(sample.name)")
      #expect(abs(interval.high - min(high, 1)) < 1e-12, "\(sample.name)")
      count += 1
    }
    #expect(count > 100)
  }

  @Test func ofNoTrialsNothingIsKnown() {
    let interval = ConfidenceInterval(wilson: 0, trials: 0, level: 0.95)
    #expect(interval.low == 0 && interval.high == 1)
  }

  @Test func quantilesAgreeWithScipy() throws {
    for sample in try IntervalCase.all {
      guard let probability = sample.probability, let quantile = sample.quantile else { continue }
      let found = normalQuantile(probability)
      #expect(abs(found - quantile) < 1e-12 * max(abs(quantile), 1), "\(probability): \(found)")
    }
    #expect(normalQuantile(0.5) == 0)
  }

  @Test func areasAgreeWithDeLongs() throws {
    var count = 0
    for sample in try IntervalCase.all {
      guard case .scores(let first) = sample.first, case .scores(let second) = sample.second,
        let labels = sample.labels, let variances = sample.variances
      else { continue }
      count += 1
      let isPositive = labels.map { $0 == 1 }
      for (scores, variance) in zip([first, second], variances) {
        let error = RankedScores(isPositive: isPositive, scores: scores).rocAreaStandardError
        let found = try #require(error)
        #expect(abs(found * found - variance) < 1e-14, "\(sample.name)")
      }
      func rows(_ scores: [Double]) -> PredictionRows {
        .classes(
          PredictionTable(classes: [.integer(0), .integer(1)], labels: labels, scores: scores))
      }
      let comparison = try Comparison(
        of: rows(first), and: rows(second),
        options: EvaluationOptions(confidence: Confidence(level: 0.9, replicateCount: 2)))
      let entry = try #require(comparison.entries.first { $0.metric.id == "roc_auc" })
      #expect(entry.test == .deLong)
      guard let expected = sample.differenceVariance else {
        // Both models rank the rows alike.
        #expect(entry.difference == 0 && entry.pValue == 1)
        continue
      }
      let high = try #require(entry.interval).high
      let error = (high - (entry.difference ?? 0)) / normalQuantile(0.95)
      if high < 1 { #expect(abs(error * error - expected) < 1e-14) }
      #expect(isClose(entry.pValue, sample.p, relative: 1e-9), "\(sample.name)")
    }
    #expect(count == 12)
  }

  @Test func mcNemarsTestAgreesWithStatsmodels() throws {
    var count = 0
    for sample in try IntervalCase.all {
      guard case .count(let first) = sample.first, case .count(let second) = sample.second else {
        continue
      }
      let agreement = Comparison.Agreement(
        bothRight: 7, onlyFirst: first, onlySecond: second, neither: 5)
      #expect(isClose(agreement.mcNemar, sample.p, relative: 1e-8), "\(first), \(second)")
      count += 1
    }
    #expect(count == 9)
  }

  @Test func resampledIntervalsAgreeWithScipys() throws {
    var count = 0
    for sample in try IntervalCase.all {
      guard let expected = sample.expected else { continue }
      let evaluation = try Evaluation(
        of: sample.rows,
        options: EvaluationOptions(confidence: Confidence(replicateCount: 4_000, seed: 1)))
      for (name, resampled) in expected {
        let entry = try #require(evaluation.entries.first { $0.metric.id == name })
        #expect(isClose(entry.value.number, resampled.value, relative: 1e-12), "\(name)")
        let interval = try #require(entry.interval)
        #expect(interval.method == .bootstrap)
        // A percentile of 4,000 has an error of about 1/24 of the deviation.
        let tolerance = 0.25 * resampled.deviation
        #expect(abs(interval.low - resampled.low) < tolerance, "\(name): \(interval)")
        #expect(abs(interval.high - resampled.high) < tolerance, "\(name): \(interval)")
        count += 1
      }
    }
    #expect(count == 21)
  }

  @Test func everyIntervalHoldsItsValueAndStaysInRange() throws {
    let options = EvaluationOptions(confidence: Confidence(level: 0.9, replicateCount: 40))
    var tables: [PredictionRows] = []
    for sample in try BinaryCase.all where sample.labels.count <= 200 {
      tables.append(.classes(sample.table(withPredictions: sample.scores == nil)))
    }
    for sample in try MulticlassCase.all where sample.labels.count <= 100 {
      tables.append(.classes(try sample.table(withPredictions: true)))
    }
    for rows in tables {
      for entry in try Evaluation(of: rows, options: options).entries {
        guard let value = entry.value.number else {
          #expect(entry.interval == nil)
          continue
        }
        guard let interval = entry.interval else { continue }
        #expect(interval.low <= value && value <= interval.high, "\(entry.metric.id)")
        let range = entry.metric.range
        #expect(range.contains(interval.low) && range.contains(interval.high))
        #expect(interval.level == 0.9)
      }
    }
  }

  @Test func formulasServeProportionsAndAreasOfUnweightedRows() throws {
    var random = RandomRows(seed: 6)
    let options = EvaluationOptions(confidence: Confidence(replicateCount: 10))
    func methods(isWeighted: Bool) throws -> [String: ConfidenceInterval.Method] {
      let entries = try Evaluation(
        of: random.binary(300, isWeighted: isWeighted), options: options
      ).entries
      return Dictionary(
        uniqueKeysWithValues: entries.compactMap { entry in
          entry.interval.map { (entry.metric.id, $0.method) }
        })
    }
    let unweighted = try methods(isWeighted: false)
    #expect(unweighted.filter { $0.value == .wilson }.count == 5)
    #expect(unweighted["roc_auc"] == .deLong && unweighted["gini"] == .deLong)
    #expect(unweighted["f1"] == .bootstrap)
    let weighted = try methods(isWeighted: true)
    #expect(Set(weighted.keys) == Set(unweighted.keys))
    #expect(weighted.values.allSatisfy { $0 == .bootstrap })
  }

  @Test func withoutAConfidenceThereAreNoIntervals() throws {
    var random = RandomRows(seed: 1)
    let evaluation = try Evaluation(of: random.binary(50, isWeighted: false))
    #expect(evaluation.entries.allSatisfy { $0.interval == nil })
  }
}
