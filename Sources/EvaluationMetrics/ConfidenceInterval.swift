internal import Glibc

/// How intervals are made.
public struct Confidence: Hashable, Sendable {
  /// How often such an interval holds the true value, in 0...1 without the ends.
  public let level: Double
  /// The resamplings of an interval that no formula gives.
  public let replicateCount: Int
  /// What the resamplings are drawn from: one seed, one result.
  public let seed: UInt64
  /// The metrics that get an interval; `nil` for all.
  public let metrics: Set<String>?

  /// Creates the manner of intervals.
  ///
  /// - Parameters:
  ///   - level: In 0...1 without the ends.
  ///   - replicateCount: At least 2.
  ///   - seed: Any number.
  ///   - metrics: The names of those that get an interval; `nil` for all.
  public init(
    level: Double = 0.95, replicateCount: Int = 1_000, seed: UInt64 = 0,
    metrics: Set<String>? = nil
  ) {
    precondition(level > 0 && level < 1, "a level between 0 and 1")
    precondition(replicateCount > 1, "two replicates or more")
    self.level = level
    self.replicateCount = replicateCount
    self.seed = seed
    self.metrics = metrics
  }
}

/// Where a metric's true value lies, as far as the rows can tell.
public struct ConfidenceInterval: Hashable, Sendable {
  /// What an interval was made by.
  public enum Method: String, Hashable, Sendable {
    /// Wilson's score interval of a proportion.
    case wilson
    /// DeLong's variance of a ROC area, and the normal distribution.
    case deLong = "delong"
    /// The percentiles of the metric over resampled rows.
    case bootstrap
  }

  /// The lower end, at most the metric's value.
  public let low: Double
  /// The upper end, at least the metric's value.
  public let high: Double
  /// How often such an interval holds the true value.
  public let level: Double
  /// What it was made by.
  public let method: Method
}

extension ConfidenceInterval {
  /// The interval of a proportion.
  ///
  /// Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.
  ///
  /// - Parameters:
  ///   - proportion: The fraction of trials that succeeded, in 0...1.
  ///   - trials: Their number; of none, nothing is known.
  ///   - level: In 0...1 without the ends.
  init(wilson proportion: Double, trials: Double, level: Double) {
    guard trials > 0 else {
      self.init(low: 0, high: 1, level: level, method: .wilson)
      return
    }
    let z = normalQuantile(0.5 + level / 2)
    let shrink = 1 + z * z / trials
    let centre = (proportion + z * z / (2 * trials)) / shrink
    let spread =
      z / shrink
      * (proportion * (1 - proportion) / trials + z * z / (4 * trials * trials)).squareRoot()
    self.init(
      low: min(max(centre - spread, 0), proportion), high: max(min(centre + spread, 1), proportion),
      level: level, method: .wilson)
  }

  /// The interval of an area whose standard error is known.
  ///
  /// Source: DeLong, DeLong and Clarke-Pearson 1988, doi:10.2307/2531595.
  init(
    deLong value: Double, standardError: Double, range: ClosedRange<Double>, level: Double
  ) {
    let spread = normalQuantile(0.5 + level / 2) * standardError
    self.init(
      low: max(value - spread, range.lowerBound), high: min(value + spread, range.upperBound),
      level: level, method: .deLong)
  }

  /// The interval between two percentiles of replicates; `nil` where there are fewer than two.
  ///
  /// Source: Efron 1979, doi:10.1214/aos/1176344552. Percentiles are linear between replicates, as
  /// numpy's are.
  init?(bootstrap value: Double, replicates: [Double], level: Double) {
    guard replicates.count > 1 else { return nil }
    let sorted = replicates.sorted()
    func percentile(_ fraction: Double) -> Double {
      let place = fraction * Double(sorted.count - 1)
      let below = Int(place)
      let rest = place - Double(below)
      guard rest > 0 else { return sorted[below] }
      return sorted[below] + rest * (sorted[below + 1] - sorted[below])
    }
    self.init(
      low: min(percentile((1 - level) / 2), value), high: max(percentile((1 + level) / 2), value),
      level: level, method: .bootstrap)
  }
}

/// The number that a standard normal variable stays below with that probability.
///
/// - Parameter probability: In 0...1 without the ends.
/// - Returns: a number exact to a few units in the last place.
/// - Complexity: O(1): Newton's steps on the complementary error function.
func normalQuantile(_ probability: Double) -> Double {
  precondition(probability > 0 && probability < 1, "a probability between 0 and 1")
  // The lower tail keeps its digits; the upper one mirrors it.
  guard probability <= 0.5 else { return -normalQuantile(1 - probability) }
  // Where the density is all but 0, a first guess by the tail's logarithm is needed.
  var z = -(-2 * log(2 * probability)).squareRoot()
  for _ in 0..<100 {
    let error = 0.5 * erfc(-z / 2.0.squareRoot()) - probability
    let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    // Halley's correction keeps the step from leaping over the tail.
    let newton = error / density
    let step = newton / (1 + z * newton / 2)
    z -= step
    guard abs(step) > 1e-15 * max(abs(z), 1e-3) else { break }
  }
  return z
}

/// How often a standard normal variable is further from 0 than `z`: the two-sided p-value.
func normalTails(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }
