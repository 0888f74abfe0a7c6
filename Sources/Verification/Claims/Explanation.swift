internal import EvaluationMetrics
internal import InputReading
internal import TrainingRecords

/// Why a stated value differs from the recomputed one, as far as hypotheses tell.
public struct Explanation: Hashable, Sendable {
  /// The hypotheses that reproduce the stated value to its printed digits, the plainest first.
  public let phrases: [String]
  /// How likely a random value near the recomputed one would have been reproduced as well, by any of
  /// the hypotheses tried.
  public let chance: Double

  /// Whether the match says something: a random value would seldom have matched.
  public var isTelling: Bool { chance <= Self.greatestChance }

  /// The explanation in a sentence.
  public var sentence: String {
    let matches = phrases.prefix(Self.mostPhrases).joined(separator: "; or ")
    let percentage = (chance * 1_000).rounded() / 10
    let share = chance < 0.001 ? "less than 0.1 %" : "\(percentage) %"
    return isTelling
      ? "equals \(matches) (of random values nearby, \(share) would match some cause as well)"
      : "not explained: it equals \(matches), and \(share) of random values nearby would match some "
        + "cause as well"
  }

  private static let greatestChance = 0.05
  private static let mostPhrases = 3

  /// Looks for hypotheses that reproduce a stated value.
  ///
  /// Values of the log itself are tried first, then other conventions, other rows and other
  /// thresholds, then two at once, and no further than to the first of these at which some match:
  /// the more is tried, the less a match tells.
  ///
  /// - Parameters:
  ///   - stated: The stated value.
  ///   - tolerance: How far a value that prints the same may lie from it.
  ///   - computed: The recomputed value.
  ///   - metric: Its metric.
  ///   - spacing: How far apart the values are that the metric can have near the stated one, 0 where
  ///     it can have any.
  ///   - rows: The rows; `nil` where only other stated values can explain it.
  ///   - others: Other values that the job states of the metric, and what they are.
  /// - Returns: what matches first, and how much that tells; `nil` where nothing does.
  /// - Complexity: O(*h* *n* log *n*) for *h* hypotheses and *n* rows.
  static func find(
    _ stated: Double, within tolerance: Double, insteadOf computed: Double, of metric: String,
    spacing: Double, rows: ClaimedRows?, others: [Hypothesis.Outcome]
  ) -> Explanation? {
    var tried: [Double] = []
    func matches(_ outcomes: [Hypothesis.Outcome]) -> Explanation? {
      // What changes nothing explains nothing.
      let real = outcomes.filter { abs($0.value - computed) > tolerance * 1e-3 }
      tried += real.map(\.value)
      let phrases = real.filter { abs($0.value - stated) <= tolerance }.map(\.phrase)
      guard !phrases.isEmpty else { return nil }
      return Explanation(
        phrases: phrases,
        chance: chance(
          of: tried, tolerance: max(tolerance, spacing / 2), stated: stated, computed: computed))
    }
    if let found = matches(others) { return found }
    guard let rows, rows.count <= mostRows else { return nil }
    // What a reading makes of the rows is kept for the combinations.
    typealias Read = (reading: Hypothesis.Reading, rows: ClaimedRows, metrics: [String])
    func read(_ readings: [Hypothesis.Reading]) -> [Read] {
      readings.compactMap { reading in
        reading.rows(rows).map { (reading, $0, reading.metrics(metric)) }
      }
    }
    func outcomes(_ readings: [Read]) -> [Hypothesis.Outcome] {
      readings.flatMap { reading, rows, metrics in
        metrics.compactMap { other in
          rows.value(of: other).map {
            Hypothesis.Outcome(phrase: name(of: other, reading), value: $0)
          }
        }
      }
    }
    func name(of other: String, _ reading: Hypothesis.Reading) -> String {
      other == metric ? "\(metric) with \(reading.phrase)" : other
    }
    let conventions = read(Hypothesis.conventions)
    if let found = matches(outcomes(conventions)) { return found }
    let samplings = Hypothesis.samplings(of: rows.count)
    let sampled = samplings.compactMap { sampling in
      sampling.value(rows, metric).map {
        Hypothesis.Outcome(phrase: "\(metric) \(sampling.phrase)", value: $0)
      }
    }
    if let found = matches(sampled) { return found }
    let thresholds = read(Hypothesis.thresholds)
    if let found = matches(outcomes(thresholds)) { return found }
    guard rows.count <= mostRowsOfCombinations else { return nil }
    var combined: [Hypothesis.Outcome] = []
    for (reading, rows, metrics) in conventions + thresholds {
      // What makes no difference by itself makes none together.
      for other in metrics where rows.value(of: other).map({ $0 != computed }) == true {
        for sampling in samplings {
          guard let value = sampling.value(rows, other) else { continue }
          combined.append(
            Hypothesis.Outcome(
              phrase: "\(name(of: other, reading)), \(sampling.phrase)", value: value))
        }
      }
    }
    return matches(combined)
  }

  /// Rows beyond which hypotheses take too long, one at a time and in pairs.
  private static let mostRows = 2_000_000
  private static let mostRowsOfCombinations = 20_000

  /// The share of the values around the recomputed one, out to twice the stated one's distance, that
  /// one of those tried would have matched.
  private static func chance(
    of tried: [Double], tolerance: Double, stated: Double, computed: Double
  ) -> Double {
    let reach = max(2 * abs(stated - computed), 4 * tolerance)
    let low = computed - reach
    let high = computed + reach
    var covered = 0.0
    var end = low
    for value in tried.sorted() {
      let from = max(value - tolerance, end)
      let to = min(value + tolerance, high)
      guard to > from else { continue }
      covered += to - from
      end = to
    }
    return min(1, covered / (high - low))
  }
}
