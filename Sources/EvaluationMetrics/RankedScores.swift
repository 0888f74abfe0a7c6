internal import NumericKernels

/// The scores of positives and negatives in order: the statistic of every ranking metric.
///
/// Only the order of scores matters; scores that are equal, 0.0 and -0.0 among them, tie.
public struct RankedScores: Sendable {
  /// The rows of one class, by score.
  private struct Side: Sendable {
    /// Ascending.
    var scores: [Double] = []
    /// The rows' weights in the same order, those of equal scores ascending; `nil` counts each row
    /// once.
    var weights: [Double]?

    /// The weights of some rows, summed from the highest score down.
    func weight(of rows: Range<Int>) -> Double {
      guard let weights else { return Double(rows.count) }
      var sum = CompensatedSum()
      for row in rows.reversed() { sum += weights[row] }
      return sum.value
    }

    var total: Double { weight(of: 0..<scores.count) }

    /// The scores of some rows, each 0 or more, times their weights: summed by chunks from the highest
    /// score down.
    func sum(of rows: Range<Int>) -> Double {
      var sum = CompensatedSum()
      for end in stride(from: rows.upperBound, to: rows.lowerBound, by: -Chunks.size) {
        let chunk = max(end - Chunks.size, rows.lowerBound)..<end
        sum += weightedSum(
          of: scores.span.extracting(chunk), weights: weights?.span.extracting(chunk))
      }
      return sum.value
    }

    /// The weights of the rows that a threshold predicts negative and positive.
    func cut(at threshold: Threshold) -> (below: Double, above: Double) {
      var low = 0
      var high = scores.count
      while low < high {
        let middle = (low + high) / 2
        if threshold.isPositive(scores[middle]) { high = middle } else { low = middle + 1 }
      }
      return (weight(of: 0..<low), weight(of: low..<scores.count))
    }

    mutating func merge(_ other: Side) {
      if var weights, let others = other.weights {
        let pairs = merged(
          Array(zip(scores, weights)), Array(zip(other.scores, others)), by: <=)
        scores = pairs.map(\.0)
        weights = pairs.map(\.1)
        self.weights = weights
      } else {
        scores = merged(scores, other.scores, by: <=)
      }
    }
  }

  private var positives: Side
  private var negatives: Side

  /// Ranks rows.
  ///
  /// - Parameters:
  ///   - isPositive: The true classes of *n* rows.
  ///   - scores: *n* scores, none of them NaN; a positive is meant to have a higher one.
  ///   - weights: *n* weights; rows of weight 0 are left out. `nil` counts each row once.
  /// - Complexity: O(*n* log *n*), on two cores.
  public init(isPositive: [Bool], scores: [Double], weights: [Double]? = nil) {
    precondition(isPositive.count == scores.count, "a score for each label")
    if let weights {
      self.init(weighted: scores, weights) { isPositive[$0] }
    } else {
      self.init(Sorting.sorted(byClass: isPositive, scores))
    }
  }

  /// Ranks rows.
  ///
  /// - Parameters:
  ///   - labels: The true classes, *n* codes.
  ///   - positive: The code of the positive class.
  ///   - scores: *n* scores, none of them NaN; a positive is meant to have a higher one.
  ///   - weights: *n* weights; rows of weight 0 are left out. `nil` counts each row once.
  /// - Complexity: O(*n* log *n*), on two cores; without weights no memory but a copy of the scores.
  public init(labels: [Int32], positive: Int32, scores: [Double], weights: [Double]? = nil) {
    precondition(labels.count == scores.count, "a score for each label")
    if let weights {
      self.init(weighted: scores, weights) { labels[$0] == positive }
    } else {
      self.init(Sorting.sorted(byClass: labels, positive: positive, scores))
    }
  }

  private init(weighted scores: [Double], _ weights: [Double], isPositive: (Int) -> Bool) {
    precondition(weights.count == scores.count, "a weight for each label")
    // Equal scores are in the order of their weights, so that sums are the same whatever the order of
    // rows.
    func side(_ wanted: Bool) -> Side {
      let rows = scores.indices.filter { isPositive($0) == wanted && weights[$0] > 0 }
      var (own, ownWeights) = (rows.map { scores[$0] }, rows.map { weights[$0] })
      Sorting.sort(&own, withWeights: &ownWeights)
      return Side(scores: own, weights: ownWeights)
    }
    self.init(positives: side(true), negatives: side(false))
  }

  private init(_ sorted: (positives: [Double], negatives: [Double])) {
    self.init(
      positives: Side(scores: sorted.positives), negatives: Side(scores: sorted.negatives))
  }

  /// Ranks the scores of positive rows against those of negative ones.
  public init(positives: [Double], negatives: [Double]) {
    var positives = positives
    var negatives = negatives
    Sorting.sort(&positives, &negatives)
    self.init(positives: Side(scores: positives), negatives: Side(scores: negatives))
  }

  private init(positives: Side, negatives: Side) {
    self.positives = positives
    self.negatives = negatives
  }

  /// Adds other rows.
  ///
  /// - Precondition: Both have weights or neither has.
  /// - Complexity: O(*n* + *m*).
  public mutating func merge(_ other: RankedScores) {
    precondition(
      (positives.weights == nil) == (other.positives.weights == nil),
      "rows with weights and rows without do not add up")
    positives.merge(other.positives)
    negatives.merge(other.negatives)
  }

  /// Calls `body` for each distinct score, from the highest to the lowest, with where its rows stand
  /// among the positives and among the negatives.
  @inline(__always)
  func forEachTie(
    _ body: (_ score: Double, _ positives: Range<Int>, _ negatives: Range<Int>) -> Void
  ) {
    forEachTie(in: 0..<positives.scores.count, 0..<negatives.scores.count, body)
  }

  /// The same for some of the positives and of the negatives, by their places.
  @inline(__always)
  private func forEachTie(
    in positiveRows: Range<Int>, _ negativeRows: Range<Int>,
    _ body: (_ score: Double, _ positives: Range<Int>, _ negatives: Range<Int>) -> Void
  ) {
    let up = positives.scores
    let down = negatives.scores
    let (first, second) = (positiveRows.lowerBound, negativeRows.lowerBound)
    var i = positiveRows.upperBound
    var j = negativeRows.upperBound
    while i > first || j > second {
      let score = max(i > first ? up[i - 1] : -.infinity, j > second ? down[j - 1] : -.infinity)
      let (iEnd, jEnd) = (i, j)
      while i > first && up[i - 1] == score { i -= 1 }
      while j > second && down[j - 1] == score { j -= 1 }
      body(score, i..<iEnd, j..<jEnd)
    }
  }

  /// The area under the ROC curve: how often a positive outranks a negative.
  ///
  /// A fraction in 0...1, ties counting one half; `nil` if the rows are all of one class
  /// (scikit-learn's `roc_auc_score` warns and returns NaN). Without weights, wins are counted in
  /// integers and divided once, so neither the order of rows nor the number of threads changes the
  /// result.
  ///
  /// Source: Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747.
  ///
  /// - Complexity: O(*n*).
  public var rocArea: Double? {
    guard !positives.scores.isEmpty && !negatives.scores.isEmpty else { return nil }
    if positives.weights == nil {
      let halfWins = Sorting.halfWins(of: positives.scores, over: negatives.scores)
      return Double(halfWins) / Double(2 * positives.scores.count * negatives.scores.count)
    }
    let (positiveTotal, negativeTotal) = (positives.total, negatives.total)
    var weightAbove = CompensatedSum()
    var area = CompensatedSum()
    forEachTie { _, positives, negatives in
      let tied = self.positives.weight(of: positives)
      // Shares rather than weights: products of weights may overflow or vanish.
      let share = self.negatives.weight(of: negatives) / negativeTotal
      area += share * ((weightAbove.value + tied / 2) / positiveTotal)
      weightAbove += tied
    }
    return min(area.value, 1)
  }

  /// Twice the area under the ROC curve, less 1, in -1...1; `nil` where the area is.
  public var gini: Double? { rocArea.map { 2 * $0 - 1 } }

  /// The mean precision over the positives, each at the threshold that just includes it.
  ///
  /// A fraction in 0...1, without interpolation; `nil` if there are no positives (scikit-learn's
  /// `average_precision_score` warns and returns 0).
  ///
  /// - Complexity: O(*n*).
  public var averagePrecision: Double? {
    guard !positives.scores.isEmpty else { return nil }
    return min(curves().precision / positives.total, 1)
  }

  /// The greatest distance of the scores' distributions, in 0...1; `nil` if all rows are of one
  /// class.
  ///
  /// Source: the two-sample statistic of Kolmogorov and Smirnov, as `scipy.stats.ks_2samp` has it.
  ///
  /// - Complexity: O(*n*).
  public var kolmogorovSmirnov: Double? {
    guard !positives.scores.isEmpty && !negatives.scores.isEmpty else { return nil }
    return min(curves().distance, 1)
  }

  /// The rows of one part of a walk through all cuts, of the class that has more of them.
  static func partSize(ofRows count: Int) -> Int { max(count / 64, Chunks.size) }

  /// What one walk through all cuts gives: the precisions at the positives, summed, and the greatest
  /// distance of the rates of both classes.
  ///
  /// - Complexity: O(*n*), on all cores; parts are the same on any number of them.
  private func curves() -> (precision: Double, distance: Double) {
    let totals = totals
    guard positives.weights == nil, negatives.weights == nil else {
      return curves(of: forEachTie, totals, above: (0, 0))
    }
    // Without weights, a place tells how many rows stand above it, and parts need not wait for one
    // another. They are cut where the longer list has its parts, between ties.
    let longer =
      positives.scores.count > negatives.scores.count ? positives.scores : negatives.scores
    let parts = Chunks.map(longer.count, size: Self.partSize(ofRows: longer.count)) { places in
      func range(_ scores: [Double]) -> Range<Int> {
        let low = places.lowerBound == 0 ? 0 : scores.place(notBelow: longer[places.lowerBound])
        let high =
          places.upperBound == longer.count
          ? scores.count : scores.place(notBelow: longer[places.upperBound])
        return low..<max(low, high)
      }
      let (up, down) = (range(positives.scores), range(negatives.scores))
      return curves(
        of: { forEachTie(in: up, down, $0) }, totals,
        above: (
          Double(positives.scores.count - up.upperBound),
          Double(negatives.scores.count - down.upperBound)
        ))
    }
    return parts.reduce((0, 0)) { ($0.precision + $1.precision, max($0.distance, $1.distance)) }
  }

  @inline(__always)
  private func curves(
    of ties: ((Double, Range<Int>, Range<Int>) -> Void) -> Void,
    _ totals: (positives: Double, negatives: Double), above: (positives: Double, negatives: Double)
  ) -> (precision: Double, distance: Double) {
    var (positivesAbove, negativesAbove) = above
    // Rates are compared as products of counts, which are exact and quicker than quotients; products
    // of weights may overflow or vanish.
    let isWeighted = self.positives.weights != nil
    let scale =
      isWeighted
      ? (positives: 1 / totals.positives, negatives: 1 / totals.negatives)
      : (positives: totals.negatives, negatives: totals.positives)
    var precision = 0.0
    var distance = 0.0
    ties { _, positives, negatives in
      let tied = self.positives.weight(of: positives)
      positivesAbove += tied
      negativesAbove += self.negatives.weight(of: negatives)
      if tied > 0 { precision += tied * (positivesAbove / (positivesAbove + negativesAbove)) }
      distance = max(
        distance, abs(positivesAbove * scale.positives - negativesAbove * scale.negatives))
    }
    return (precision, isWeighted ? distance : distance / (totals.positives * totals.negatives))
  }

  /// The scores as probabilities, and what became of them.
  ///
  /// - Parameter binCount: Parts of 0...1.
  /// - Returns: the same bins as of the rows one by one, but for rounding.
  /// - Complexity: O(*n*), by OpenBLAS: a bin's scores stand together.
  func calibration(binCount: Int = CalibrationBins.standardCount) -> CalibrationBins {
    var calibration = CalibrationBins(count: binCount)
    for (side, isPositive) in [(positives, true), (negatives, false)] {
      var start = 0
      for bin in 0..<binCount {
        var end = start
        var length = side.scores.count - start
        while length > 0 {
          let half = length / 2
          if CalibrationBins.index(of: side.scores[end + half], count: binCount) <= bin {
            end += half + 1
            length -= half + 1
          } else {
            length = half
          }
        }
        calibration.add(
          toBin: bin, weight: side.weight(of: start..<end), scores: side.sum(of: start..<end),
          arePositive: isPositive)
        start = end
      }
    }
    return calibration
  }
}

extension RankedScores {
  /// The ranking metrics together.
  ///
  /// - Parameter withError: Whether the area's standard error is wanted too.
  /// - Returns: all of them.
  func measures(withError: Bool) -> RankingMeasures {
    let curves = curves()
    let hasPositives = !positives.scores.isEmpty
    return RankingMeasures(
      rocArea: rocArea, rocAreaError: withError ? rocAreaStandardError : nil,
      averagePrecision: hasPositives ? min(curves.precision / positives.total, 1) : nil,
      kolmogorovSmirnov: hasPositives && !negatives.scores.isEmpty ? min(curves.distance, 1) : nil)
  }

  /// The standard deviation of the ROC area over samples like this one.
  ///
  /// `nil` with weights, or with fewer than two rows of a class.
  ///
  /// Source: DeLong, DeLong and Clarke-Pearson 1988, doi:10.2307/2531595.
  ///
  /// - Complexity: O(*n*).
  public var rocAreaStandardError: Double? {
    let positiveCount = Double(positives.scores.count)
    let negativeCount = Double(negatives.scores.count)
    guard positives.weights == nil, positiveCount > 1, negativeCount > 1, let area = rocArea else {
      return nil
    }
    // How often a row is ranked right against the other class, less the mean of that: the area.
    var ofPositives = CompensatedSum()
    var ofNegatives = CompensatedSum()
    var positivesAbove = 0.0
    var negativesBelow = negativeCount
    forEachTie { _, positives, negatives in
      let (tiedPositives, tiedNegatives) = (Double(positives.count), Double(negatives.count))
      negativesBelow -= tiedNegatives
      if tiedPositives > 0 {
        let distance = (negativesBelow + tiedNegatives / 2) / negativeCount - area
        ofPositives += tiedPositives * (distance * distance)
      }
      if tiedNegatives > 0 {
        let distance = (positivesAbove + tiedPositives / 2) / positiveCount - area
        ofNegatives += tiedNegatives * (distance * distance)
      }
      positivesAbove += tiedPositives
    }
    let variance =
      ofPositives.value / (positiveCount * (positiveCount - 1))
      + ofNegatives.value / (negativeCount * (negativeCount - 1))
    return variance.squareRoot()
  }

  /// The weights of some positives, by their places.
  func positiveWeight(of rows: Range<Int>) -> Double { positives.weight(of: rows) }

  /// The weights of some negatives, by their places.
  func negativeWeight(of rows: Range<Int>) -> Double { negatives.weight(of: rows) }

  /// The weights of all positives and of all negatives.
  var totals: (positives: Double, negatives: Double) { (positives.total, negatives.total) }

  /// The matrix of negatives and positives, in that order, at a threshold.
  ///
  /// - Complexity: O(log *n*) without weights, O(*n*) with them.
  public func matrix(at threshold: Threshold) -> ConfusionMatrix {
    let (positives, negatives) = (positives.cut(at: threshold), negatives.cut(at: threshold))
    return ConfusionMatrix(
      classCount: 2, cells: [negatives.below, negatives.above, positives.below, positives.above])
  }
}

extension [Double] {
  /// Of an ascending list the first place whose number is not below another.
  fileprivate func place(notBelow number: Double) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The sum of numbers, each 0 or more, times their weights, by OpenBLAS.
func weightedSum(of numbers: Span<Double>, weights: Span<Double>?) -> Double {
  guard let weights else { return BLAS.absoluteSum(numbers) }
  return BLAS.dot(numbers, weights)
}

/// Two sorted lists as one.
private func merged<Element>(
  _ first: [Element], _ second: [Element], by precedes: (Element, Element) -> Bool
) -> [Element] {
  var result: [Element] = []
  result.reserveCapacity(first.count + second.count)
  var j = 0
  for element in first {
    while j < second.count && !precedes(element, second[j]) {
      result.append(second[j])
      j += 1
    }
    result.append(element)
  }
  result.append(contentsOf: second[j...])
  return result
}
