internal import NumericKernels

/// A binary problem's rows from the highest score to the lowest; of a tie the positives come first.
struct ResampledRanking: Sendable {
  private static let positive: UInt8 = 1
  private static let lastOfTie: UInt8 = 2
  /// What each row is: positive, the last of its tie.
  private let marks: [UInt8]
  private let weights: [Double]?

  /// For each place the row that stands there.
  ///
  /// - Complexity: O(*n* log *n*).
  static func order(isPositive: [Bool], scores: [Double]) -> [UInt32] {
    var order = Array(Sorting.order(of: scores).reversed())
    var start = 0
    while start < order.count {
      let score = scores[Int(order[start])]
      var end = start + 1
      while end < order.count && scores[Int(order[end])] == score { end += 1 }
      if end > start + 1 {
        let tie = order[start..<end]
        order.replaceSubrange(
          start..<end,
          with: tie.filter { isPositive[Int($0)] } + tie.filter { !isPositive[Int($0)] })
      }
      start = end
    }
    return order
  }

  /// How often each row is ranked right against a row of the other class, ties counting one half.
  ///
  /// - Returns: *n* fractions; the mean of either class's is the ROC area.
  /// - Complexity: O(*n* log *n*).
  static func placements(isPositive: [Bool], scores: [Double]) -> [Double] {
    let order = order(isPositive: isPositive, scores: scores).map(Int.init)
    let positiveCount = Double(isPositive.count(where: \.self))
    let negativeCount = Double(isPositive.count) - positiveCount
    var placements = [Double](repeating: 0, count: order.count)
    var positivesAbove = 0.0
    var negativesAbove = 0.0
    var start = 0
    while start < order.count {
      var end = start
      var tied = (positives: 0.0, negatives: 0.0)
      while end < order.count && scores[order[end]] == scores[order[start]] {
        if isPositive[order[end]] { tied.positives += 1 } else { tied.negatives += 1 }
        end += 1
      }
      for row in order[start..<end] {
        placements[row] =
          isPositive[row]
          ? (negativeCount - negativesAbove - tied.negatives / 2) / negativeCount
          : (positivesAbove + tied.positives / 2) / positiveCount
      }
      positivesAbove += tied.positives
      negativesAbove += tied.negatives
      start = end
    }
    return placements
  }

  /// Takes rows in that order.
  init(isPositive: [Bool], scores: [Double], weights: [Double]?) {
    marks = scores.indices.map { row in
      let isLast = row + 1 == scores.count || scores[row + 1] != scores[row]
      return (isPositive[row] ? Self.positive : 0) | (isLast ? Self.lastOfTie : 0)
    }
    self.weights = weights
  }

  /// The ranking metrics of drawn rows.
  ///
  /// - Parameters:
  ///   - draws: How often each row is drawn, in order.
  ///   - withCurves: Whether more than the area is wanted.
  /// - Returns: the metrics that are wanted.
  /// - Complexity: O(*n*), one to four nanoseconds a row.
  func measures(draws: [UInt8], withCurves: Bool) -> RankingMeasures {
    precondition(draws.count == marks.count, "draws of each row")
    var measures = RankingMeasures()
    if let weights {
      let weight = weights.span
      let totals = addArea(to: &measures, draws) { row, draws in Double(draws) * weight[row] }
      guard withCurves else { return measures }
      addCurves(to: &measures, draws, totals) { row, draws in Double(draws) * weight[row] }
    } else {
      let totals = addArea(to: &measures, draws) { _, draws in Int(draws) }
      guard withCurves else { return measures }
      let sums = (positives: Double(totals.positives), negatives: Double(totals.negatives))
      addCurves(to: &measures, draws, sums) { _, draws in Double(draws) }
    }
    return measures
  }

  /// Neither loop branches on classes, which a processor could not foresee.
  @inline(__always)
  private func addArea<Sum: Numeric & RankSum>(
    to measures: inout RankingMeasures, _ draws: [UInt8], weight: (Int, UInt8) -> Sum
  ) -> (positives: Sum, negatives: Sum) {
    let draws = draws.span
    let marks = marks.span
    var positives: Sum = 0
    var negatives: Sum = 0
    var positivesBeforeTie: Sum = 0
    var halfWins: Sum = 0
    for row in draws.indices {
      let mark = marks[row]
      let own = weight(row, draws[row])
      let positive = mark & Self.positive == 0 ? 0 : own
      let negative = own - positive
      positives += positive
      negatives += negative
      // A tie's positives all come before its negatives and count one half against them.
      halfWins += negative * (positives + positivesBeforeTie)
      positivesBeforeTie = mark & Self.lastOfTie == 0 ? positivesBeforeTie : positives
    }
    if positives > 0 && negatives > 0 {
      let pairs = 2 * positives.number * negatives.number
      measures.rocArea = min(halfWins.number / pairs, 1)
    }
    return (positives, negatives)
  }

  @inline(__always)
  private func addCurves(
    to measures: inout RankingMeasures, _ draws: [UInt8],
    _ totals: (positives: Double, negatives: Double), weight: (Int, UInt8) -> Double
  ) {
    guard totals.positives > 0 else { return }
    let draws = draws.span
    let marks = marks.span
    var positives = 0.0
    var negatives = 0.0
    var positivesBeforeTie = 0.0
    var precision = 0.0
    var distance = 0.0
    for row in draws.indices {
      let mark = marks[row]
      let own = weight(row, draws[row])
      let positive = mark & Self.positive == 0 ? 0 : own
      positives += positive
      negatives += own - positive
      guard mark & Self.lastOfTie != 0 else { continue }
      // Before the first draw, 0 is divided by next to nothing instead of by 0.
      let share = positives / (positives + negatives + .leastNormalMagnitude)
      precision += (positives - positivesBeforeTie) * share
      distance = max(
        distance, (positives * totals.negatives - negatives * totals.positives).magnitude)
      positivesBeforeTie = positives
    }
    measures.averagePrecision = min(precision / totals.positives, 1)
    if totals.negatives > 0 {
      measures.kolmogorovSmirnov = min(distance / (totals.positives * totals.negatives), 1)
    }
  }
}

/// What wins are added up in: whole numbers where rows have no weights.
private protocol RankSum: Comparable {
  var number: Double { get }
}

extension Int: RankSum {
  fileprivate var number: Double { Double(self) }
}

extension Double: RankSum {
  fileprivate var number: Double { self }
}
