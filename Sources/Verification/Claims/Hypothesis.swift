internal import DataTables
internal import EvaluationMetrics
internal import InputReading
internal import TrainingRecords

/// A way in which a job may have come to another value than the one recomputed: a row of a table.
///
/// Two kinds change what is computed: which rows count and how they are averaged, and what is made of
/// each row. One of each can hold at once.
struct Hypothesis: Sendable {
  /// One value that a job would state if the hypothesis held.
  struct Outcome {
    /// What was done, as a phrase behind "equals".
    let phrase: String
    let value: Double
  }

  /// Which rows count, and how their parts are put together.
  struct Sampling: Sendable {
    let phrase: String
    let value: @Sendable (ClaimedRows, String) -> Double?
  }

  /// What is made of the rows, and the metric that is taken of them then.
  struct Reading: Sendable {
    let phrase: String
    let rows: @Sendable (ClaimedRows) -> ClaimedRows?
    let metrics: @Sendable (String) -> [String]

    init(
      _ phrase: String, rows: @escaping @Sendable (ClaimedRows) -> ClaimedRows? = { $0 },
      metrics: @escaping @Sendable (String) -> [String] = { [$0] }
    ) {
      self.phrase = phrase
      self.rows = rows
      self.metrics = metrics
    }
  }
}

// MARK: Which rows count

extension Hypothesis {
  /// Sizes of batches that are usual.
  static let batchSizes = [8, 10, 16, 20, 32, 50, 64, 100, 128, 200, 256, 512, 1_024]

  /// The samplings of a number of rows; sizes that make no difference are left out.
  static func samplings(of count: Int) -> [Sampling] {
    let sizes = batchSizes.filter { $0 < count }
    let wholes = Set(sizes.map { count / $0 * $0 }).subtracting([count]).sorted(by: >)
    let dropped = wholes.map { whole in
      let alike = sizes.filter { count / $0 * $0 == whole }.map { "\($0)" }
      return Sampling(
        phrase: "without the last \(String(count - whole, of: "row")), as batches of "
          + "\(alike.joined(separator: " or ")) drop them"
      ) { rows, metric in rows.rows(Array(0..<whole)).value(of: metric) }
    }
    let means = sizes.flatMap { size -> [Sampling] in
      let whole = count / size * size
      let all = Sampling(phrase: "as the mean over batches of \(size) rows") { rows, metric in
        meanOfBatches(rows, size, upTo: count, metric)
      }
      guard whole < count else { return [all] }
      let full = Sampling(phrase: "as the mean over whole batches of \(size) rows") {
        rows, metric in
        meanOfBatches(rows, size, upTo: whole, metric)
      }
      return [all, full]
    }
    return dropped + means + paddings(of: count)
  }

  /// Rows that are dealt out to several processes are made up to a multiple of their number, by the
  /// first ones anew.
  private static func paddings(of count: Int) -> [Sampling] {
    let padded = Set([2, 3, 4, 6, 8, 16, 32, 64].map { (count + $0 - 1) / $0 * $0 })
    return padded.subtracting([count]).sorted().map { total in
      Sampling(phrase: "with the first \(String(total - count, of: "row")) counted twice") {
        rows, metric in
        rows.rows(Array(0..<count) + Array(0..<min(total - count, count))).value(of: metric)
      }
    }
  }

  private static func meanOfBatches(
    _ rows: ClaimedRows, _ size: Int, upTo end: Int, _ metric: String
  ) -> Double? {
    var sum = 0.0
    var batches = 0.0
    for start in stride(from: 0, to: end, by: size) {
      let batch = rows.rows(Array(start..<min(start + size, end)))
      // A batch of one class has no area under its curve, and is passed over by who averages.
      guard let value = batch.value(of: metric) else { continue }
      sum += value
      batches += 1
    }
    return batches > 0 ? sum / batches : nil
  }
}

// MARK: What is made of a row

extension Hypothesis {
  /// Readings that differ by a convention.
  static let conventions: [Reading] =
    [
      Reading("its complement, 1 less it", metrics: { complements[$0].map { [$0] } ?? [] }),
      Reading("another average", metrics: { otherAverages[$0] ?? [] }),
      Reading("its square, or its root", metrics: { squares[$0].map { [$0] } ?? [] }),
      Reading("the other class taken as positive", rows: \.withOtherPositive),
      Reading("hard labels used as scores", rows: \.withHardScores),
      Reading("a score at the threshold counted as positive", rows: \.withInclusiveThreshold),
      Reading("scores in 200 bins, Keras's way", rows: { $0.withBinnedScores(200) }),
      Reading("scores in 10000 bins", rows: { $0.withBinnedScores(10_000) }),
    ]
    + [
      (0x1p-23, "single precision's way"), (1e-7, "Keras's way"),
      (1e-15, "older scikit-learn's way"),
      (1e-16, "XGBoost's way"),
    ].map { clip, whose in
      Reading("probabilities kept \(clip) from 0 and 1, \(whose)", rows: { $0.clipped(clip) })
    }

  /// Readings that differ by a number that could be any.
  static let thresholds: [Reading] = (1..<20).filter { $0 != 10 }.map { step in
    Reading("a threshold of \(Double(step) / 20)", rows: { $0.recut(Double(step) / 20) })
  }

  private static let complements = ["accuracy": "error_rate", "error_rate": "accuracy"]
  private static let squares = [
    "mean_squared_error": "root_mean_squared_error",
    "root_mean_squared_error": "mean_squared_error",
  ]
  private static let otherAverages: [String: [String]] = {
    var others: [String: [String]] = [:]
    for name in ["precision", "recall", "f1"] {
      let all = [name] + ["macro", "weighted", "micro"].map { "\(name)_\($0)" }
      for one in all { others[one] = all.filter { $0 != one } }
    }
    others["accuracy"] = ["balanced_accuracy"]
    return others
  }()
}

extension ClaimedRows {
  fileprivate var withOtherPositive: ClaimedRows? {
    guard let positive, classCount == 2 else { return nil }
    var copy = self
    copy.positive = 1 - positive
    return copy
  }

  fileprivate var withHardScores: ClaimedRows? {
    guard case .classes(let labels, let predictions?, .some) = columns, let positive else {
      return nil
    }
    var copy = self
    copy.columns = .classes(
      labels: labels, predictions: predictions,
      scores: predictions.map { $0 == Int32(positive) ? 1 : 0 })
    return copy
  }

  fileprivate var withInclusiveThreshold: ClaimedRows? {
    guard let threshold, !threshold.isInclusive else { return nil }
    var copy = self
    copy.cut(at: Threshold(threshold.value, isInclusive: true))
    return copy
  }

  fileprivate func recut(_ value: Double) -> ClaimedRows? {
    guard case .classes(_, _, .some) = columns, classCount == 2 else { return nil }
    var copy = self
    copy.cut(at: Threshold(value))
    return copy
  }

  fileprivate func clipped(_ clip: Double) -> ClaimedRows? {
    var copy = self
    copy.clip = clip
    return copy
  }

  /// Scores that no threshold of a grid tells apart are equal.
  fileprivate func withBinnedScores(_ thresholds: Int) -> ClaimedRows? {
    guard case .classes(let labels, let predictions, let scores?) = columns,
      scores.allSatisfy({ (0...1).contains($0) })
    else { return nil }
    var copy = self
    copy.columns = .classes(
      labels: labels, predictions: predictions,
      scores: scores.map { ($0 * Double(thresholds - 1)).rounded(.up) })
    return copy
  }
}
