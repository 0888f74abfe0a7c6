internal import DataTables
internal import NumericKernels
internal import Synchronization

/// A scorer's trees, laid out for blocks of rows when the first of them come.
///
/// It says the same as ``TreeEnsemble`` node by node, bit for bit, only sooner.
final class FlatTrees: Sendable {
  private struct Layouts {
    /// `nil` until it is asked for; holds `nil` where there is none.
    var single: Forest??
    var double: Forest??
  }

  private let trees: TreeEnsemble
  private let weights: [Double]
  private let scores: [Int]
  private let scoreCount: Int
  private let sumPrecision: Forest.Precision
  private let layouts = Mutex(Layouts())

  /// Keeps what is to be laid out.
  ///
  /// - Parameters:
  ///   - trees: The trees.
  ///   - weights: What trees' values are multiplied with, of the first trees.
  ///   - scores: The score that each tree's first value is added to.
  ///   - scoreCount: The number of scores.
  ///   - isSinglePrecision: Whether products and sums are rounded to single precision.
  init(
    _ trees: TreeEnsemble, weights: [Double], scores: [Int], scoreCount: Int,
    isSinglePrecision: Bool
  ) {
    self.trees = trees
    self.weights = weights
    self.scores = scores
    self.scoreCount = scoreCount
    sumPrecision = isSinglePrecision ? .single : .double
  }

  /// Rows that are worth a layout.
  private static let fewestRows = 256

  /// The scores of each row, trees in their order.
  ///
  /// - Parameters:
  ///   - features: *n* rows.
  ///   - starts: What scores begin with: one a score, or one for each score of each row.
  ///   - finish: What becomes of sums.
  /// - Returns: scores, row-major, *n* x *m*.
  func scores(
    of features: FeatureMatrix, from starts: [Double], finish: (@Sendable (Double) -> Double)? = nil
  ) -> [Double] {
    // What sums begin with is a number of their precision, or the trees are walked.
    let fits = sumPrecision == .double || starts.allSatisfy { Double(Float($0)) == $0 }
    let usesBlocks = fits && features.rowCount >= Self.fewestRows
    let isOneForAll = starts.count == scoreCount
    let blocks = Chunks.map(features.rowCount, size: 4_096) { rows in
      var sums: [Double] = []
      if isOneForAll {
        sums.reserveCapacity(rows.count * scoreCount)
        for _ in rows { sums += starts }
      } else {
        sums = Array(starts[rows.lowerBound * scoreCount..<rows.upperBound * scoreCount])
      }
      let values = features.values.span
      add(values, rows, usesBlocks: usesBlocks, to: &sums)
      if let finish { for index in sums.indices { sums[index] = finish(sums[index]) } }
      return sums
    }
    return blocks.count == 1 ? blocks[0] : blocks.flatMap(\.self)
  }

  /// Adds all trees' values to rows' scores.
  private func add(
    _ values: Span<Double>, _ rows: Range<Int>, usesBlocks: Bool, to sums: inout [Double]
  ) {
    var span = sums.mutableSpan
    if usesBlocks, addBlocks(values, rows, &span) { return }
    // One tree's nodes are near one another: rows inside trees, not trees inside rows.
    for (tree, weight) in weights.enumerated() {
      for (place, row) in rows.enumerated() {
        trees.add(
          tree: tree, values: values, from: row * trees.featureCount, times: weight,
          isSinglePrecision: sumPrecision == .single, to: &span,
          from: place * scoreCount + scores[tree])
      }
    }
  }

  private func addBlocks(
    _ values: Span<Double>, _ rows: Range<Int>, _ sums: inout MutableSpan<Double>
  ) -> Bool {
    var done = 0
    // Numbers that fit into half the bits are compared twice as fast.
    if let forest = layout(.single) {
      done = forest.add(
        values, rows: rows, to: &sums, ofRowsFrom: rows.lowerBound,
        needsExactValues: !trees.roundsToSinglePrecision)
    }
    guard done < rows.count else { return true }
    guard !trees.roundsToSinglePrecision, let forest = layout(.double) else {
      precondition(done == 0, "a layout serves all rows that are rounded")
      return false
    }
    _ = forest.add(
      values, rows: rows.lowerBound + done..<rows.upperBound, to: &sums,
      ofRowsFrom: rows.lowerBound, needsExactValues: false)
    return true
  }

  private func layout(_ precision: Forest.Precision) -> Forest? {
    layouts.withLock { layouts in
      let known = precision == .single ? layouts.single : layouts.double
      if let known { return known }
      let made = trees.forest(
        weights: weights, scores: scores, scoreCount: scoreCount, precision: precision,
        sumPrecision: sumPrecision)
      if precision == .single { layouts.single = .some(made) } else { layouts.double = .some(made) }
      return made
    }
  }
}

extension FlatTrees: Hashable {
  /// Whether both add up the same trees in the same way.
  static func == (first: FlatTrees, second: FlatTrees) -> Bool {
    first === second
      || (first.trees == second.trees && first.weights == second.weights
        && first.scores == second.scores && first.scoreCount == second.scoreCount
        && first.sumPrecision == second.sumPrecision)
  }

  /// Feeds what is compared.
  func hash(into hasher: inout Hasher) {
    hasher.combine(weights)
    hasher.combine(scores)
  }
}
