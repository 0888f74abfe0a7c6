public import DataTables

/// What there is to draw of some rows, with as many points as an eye tells apart.
///
/// However many rows there are, a curve has a few thousand points: a cut of the scores is left out
/// only where its rates, its precision and its threshold all lie within ``resolution`` of the last
/// one that was kept, so that a line through the kept ones is nowhere farther off than that.
public struct EvaluationCurves: Sendable {
  /// One class against the others, by the scores of it.
  public struct Ranking: Sendable {
    /// The class.
    public let label: Label
    /// The rows of the class, or the sum of their weights.
    public let positives: Double
    /// The rows of the others, or the sum of their weights.
    public let negatives: Double
    /// The counts at the cuts that were kept, from predicting nothing as the class to predicting all.
    public let cuts: [CutCounts]
    /// The area under the ROC curve; `nil` where all rows are of one class.
    public let rocArea: Double?
    /// `nil` where no row is of the class.
    public let averagePrecision: Double?
    /// Scores against outcomes; `nil` where scores are no probabilities.
    public let calibration: CalibrationBins?
    /// How often which score is given to rows of the class.
    public let positiveScores: Histogram
    /// How often which score is given to rows of the others, in the same bins.
    public let negativeScores: Histogram
  }

  /// True and predicted numbers.
  public struct Numbers: Sendable {
    /// Rows that lie close together, as one.
    public struct Group: Hashable, Sendable {
      /// The mean of their true values.
      public let target: Double
      /// The mean of what is predicted for them.
      public let prediction: Double
      /// The number of rows.
      public let count: Int
    }

    /// The rows, each by itself where they are few.
    public let groups: [Group]
    /// How often a prediction lies how far above its target.
    public let residuals: Histogram
  }

  /// Counts by value.
  public struct Histogram: Hashable, Sendable {
    /// The values from the first bin's lower end to the last one's upper end.
    public let range: ClosedRange<Double>
    /// The rows, or the sum of their weights, in bins of one width.
    public internal(set) var counts: [Double]

    init(_ range: ClosedRange<Double>, binCount: Int = 40) {
      // Values that are all one stand in the middle.
      self.range =
        range.lowerBound < range.upperBound
        ? range : (range.lowerBound - 0.5)...(range.upperBound + 0.5)
      counts = [Double](repeating: 0, count: binCount)
    }

    /// The bin of a value, of which those outside the range count at its ends.
    func bin(of value: Double) -> Int {
      let length = range.upperBound - range.lowerBound
      guard length > 0, length.isFinite else { return 0 }
      let place = (value - range.lowerBound) / length * Double(counts.count)
      return Int(min(max(place, 0), Double(counts.count - 1)))
    }
  }

  /// How far a curve may lie off, as a fraction of an axis.
  public static let resolution = 1.0 / 512

  /// The most classes of which curves are made, those with the most rows.
  static let mostClasses = 10

  /// The positive class of a binary problem, or each of many classes that have probabilities.
  public private(set) var rankings: [Ranking] = []
  /// What there is of a regression.
  public private(set) var numbers: Numbers?

  /// Makes the curves of rows.
  ///
  /// - Parameters:
  ///   - rows: The rows; at least one.
  ///   - options: The task, the positive class and the cut.
  /// - Throws: ``EvaluationError``.
  /// - Complexity: O(*n* log *n*); ten times that with many classes.
  public init(
    of rows: PredictionRows, options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) {
    let evaluand = try Evaluand(rows, options: options)
    let rows = evaluand.rows
    if let scores = rows.scores, let label = evaluand.positiveLabel {
      rankings = [
        Ranking(label, scores: scores, of: rows, code: rows.positive)
      ]
    } else if let probabilities = rows.probabilities {
      let count = rows.classCount
      var supports = [Int](repeating: 0, count: count)
      for label in rows.labels { supports[Int(label)] += 1 }
      let shown = Set((0..<count).sorted { supports[$0] > supports[$1] }.prefix(Self.mostClasses))
      rankings = (0..<count).filter(shown.contains).map { code in
        let scores = rows.labels.indices.map { probabilities[$0 * count + code] }
        return Ranking(evaluand.labels[code], scores: scores, of: rows, code: code)
      }
    }
    if let pairs = rows.numbers {
      numbers = Numbers(pairs.targets, pairs.predictions, weights: rows.weights)
    }
  }
}

extension EvaluationCurves.Ranking {
  fileprivate init(_ label: Label, scores: [Double], of rows: EvaluatedRows, code: Int) {
    let ranked = RankedScores(
      labels: rows.labels, positive: Int32(code), scores: scores, weights: rows.weights)
    self.label = label
    (positives, negatives) = ranked.totals
    rocArea = ranked.rocArea
    averagePrecision = ranked.averagePrecision
    calibration = rows.areProbabilities ? ranked.calibration() : nil
    let range: ClosedRange<Double> =
      rows.areProbabilities
      ? 0...1 : (scores.min() ?? 0)...(scores.max() ?? 0)
    cuts = ranked.cuts(
      within: EvaluationCurves.resolution, scoreRange: range.upperBound - range.lowerBound)
    var own = EvaluationCurves.Histogram(range)
    var others = own
    for row in scores.indices {
      let bin = own.bin(of: scores[row])
      let weight = rows.weights?[row] ?? 1
      if rows.labels[row] == Int32(code) {
        own.counts[bin] += weight
      } else {
        others.counts[bin] += weight
      }
    }
    positiveScores = own
    negativeScores = others
  }
}

extension EvaluationCurves.Numbers {
  /// The most rows that are kept apart.
  private static let mostSingleRows = 400

  fileprivate init(_ targets: [Double], _ predictions: [Double], weights: [Double]?) {
    var residuals = EvaluationCurves.Histogram(
      Self.range(zip(predictions, targets).map { $0 - $1 }))
    for row in targets.indices {
      residuals.counts[residuals.bin(of: predictions[row] - targets[row])] += weights?[row] ?? 1
    }
    self.residuals = residuals
    guard targets.count > Self.mostSingleRows else {
      groups = zip(targets, predictions).map { Group(target: $0, prediction: $1, count: 1) }
      return
    }
    let across = EvaluationCurves.Histogram(Self.range(targets), binCount: 48)
    let up = EvaluationCurves.Histogram(Self.range(predictions), binCount: 48)
    var sums: [Int: (target: CompensatedSum, prediction: CompensatedSum, count: Int)] = [:]
    for row in targets.indices {
      let cell = across.bin(of: targets[row]) * up.counts.count + up.bin(of: predictions[row])
      var sum = sums[cell] ?? (CompensatedSum(), CompensatedSum(), 0)
      sum.target += targets[row]
      sum.prediction += predictions[row]
      sum.count += 1
      sums[cell] = sum
    }
    groups = sums.sorted { $0.key < $1.key }.map { _, sum in
      Group(
        target: sum.target.value / Double(sum.count),
        prediction: sum.prediction.value / Double(sum.count), count: sum.count)
    }
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    (values.min() ?? 0)...(values.max() ?? 0)
  }
}

extension RankedScores {
  /// The cuts that a line needs to lie within `distance` of every cut, in each of the false and true
  /// positive rates, the precision and the threshold as a fraction of `scoreRange`.
  ///
  /// - Complexity: O(*n*) time; memory only for what is kept.
  func cuts(within distance: Double, scoreRange: Double) -> [CutCounts] {
    let (positives, negatives) = totals
    func precision(_ cut: CutCounts) -> Double {
      let predicted = cut.truePositives + cut.falsePositives
      return predicted > 0 ? cut.truePositives / predicted : 1
    }
    func isFar(_ cut: CutCounts, from other: CutCounts) -> Bool {
      cut.truePositives - other.truePositives > distance * positives
        || cut.falsePositives - other.falsePositives > distance * negatives
        || abs(precision(cut) - precision(other)) > distance
        || !(other.threshold - cut.threshold <= distance * scoreRange)
    }
    var kept = [CutCounts(threshold: .infinity, truePositives: 0, falsePositives: 0)]
    var last = kept[0]
    var truePositives = 0.0
    var falsePositives = 0.0
    forEachTie { score, positives, negatives in
      truePositives += positiveWeight(of: positives)
      falsePositives += negativeWeight(of: negatives)
      let cut = CutCounts(
        threshold: score, truePositives: truePositives, falsePositives: falsePositives)
      if isFar(cut, from: kept[kept.count - 1]) { kept.append(cut) }
      last = cut
    }
    if last != kept[kept.count - 1] { kept.append(last) }
    return kept
  }
}
