/// The counts at one cut of the scores.
public struct CutCounts: Hashable, Sendable {
  /// Rows with this score or a higher one are predicted positive; infinite where none is.
  public let threshold: Double
  /// Positives predicted so, or the sum of their weights.
  public let truePositives: Double
  /// Negatives predicted positive, or the sum of their weights.
  public let falsePositives: Double
}

/// What a threshold is to make as large as can be.
public enum ThresholdGoal: Hashable, Sendable {
  /// F1 of the positive class.
  case f1
  /// Youden's J: recall + specificity - 1.
  case youden
  /// The negative of what wrong predictions cost.
  case cost(falsePositive: Double, falseNegative: Double)
}

extension RankedScores {
  /// The counts at every distinct score, from predicting nothing positive to predicting all so.
  ///
  /// The ROC curve and the precision-recall curve are these counts over their totals.
  ///
  /// - Complexity: O(*n*).
  public var cuts: [CutCounts] {
    var cuts = [CutCounts(threshold: .infinity, truePositives: 0, falsePositives: 0)]
    var truePositives = 0.0
    var falsePositives = 0.0
    forEachTie { score, positives, negatives in
      truePositives += positiveWeight(of: positives)
      falsePositives += negativeWeight(of: negatives)
      cuts.append(
        CutCounts(
          threshold: score, truePositives: truePositives, falsePositives: falsePositives))
    }
    return cuts
  }

  /// The points of the ROC curve, from (0, 0) to (1, 1); `nil` if all rows are of one class.
  ///
  /// - Complexity: O(*n*).
  public var rocCurve: [(falsePositiveRate: Double, truePositiveRate: Double, threshold: Double)]? {
    let (positives, negatives) = totals
    guard positives > 0 && negatives > 0 else { return nil }
    return cuts.map {
      ($0.falsePositives / negatives, $0.truePositives / positives, $0.threshold)
    }
  }

  /// The points of the precision-recall curve, from the highest threshold to the lowest; `nil` if
  /// there are no positives.
  ///
  /// - Complexity: O(*n*).
  public var precisionRecallCurve: [(recall: Double, precision: Double, threshold: Double)]? {
    let (positives, _) = totals
    guard positives > 0 else { return nil }
    return cuts.dropFirst().map {
      (
        $0.truePositives / positives, $0.truePositives / ($0.truePositives + $0.falsePositives),
        $0.threshold
      )
    }
  }

  /// The highest threshold, to be taken inclusively, that serves a goal best.
  ///
  /// - Returns: the cut; infinite where it is best to predict nothing positive.
  /// - Complexity: O(*n*).
  public func bestCut(for goal: ThresholdGoal) -> CutCounts {
    let (positives, negatives) = totals
    func merit(_ cut: CutCounts) -> Double {
      let missed = positives - cut.truePositives
      switch goal {
      case .f1:
        let denominator = positives + cut.truePositives + cut.falsePositives
        return denominator > 0 ? 2 * cut.truePositives / denominator : 0
      case .youden:
        let recall = positives > 0 ? cut.truePositives / positives : 0
        return recall - (negatives > 0 ? cut.falsePositives / negatives : 0)
      case .cost(let falsePositive, let falseNegative):
        return -(cut.falsePositives * falsePositive + missed * falseNegative)
      }
    }
    var best = CutCounts(threshold: .infinity, truePositives: 0, falsePositives: 0)
    var bestMerit = merit(best)
    for cut in cuts.dropFirst() {
      let found = merit(cut)
      if found > bestMerit { (best, bestMerit) = (cut, found) }
    }
    return best
  }
}
