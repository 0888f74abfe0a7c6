internal import CHighway

/// Decision trees laid out for blocks of rows: many rows at once go through each tree, without branches.
///
/// Results are those of walking every tree node by node and adding its leaf's values in the order of the
/// trees, bit for bit; a row's never depend on the rows beside it.
///
/// A tree's upper part is evaluated as a whole, for all rows of a block side by side: C. Lucchese and
/// others 2015, "QuickScorer", doi:10.1145/2766462.2767733. The rest is walked.
public final class Forest: Sendable {
  /// A precision of numbers.
  public enum Precision: Sendable, Hashable {
    /// 32 bits.
    case single
    /// 64 bits.
    case double
  }

  /// What a split looks at: a feature, and what a missing value of it counts as.
  public struct Column: Sendable, Hashable {
    /// The feature's index.
    public var feature: Int
    /// How far from 0 a value may be to count as 0.
    public var zeroThreshold: Double
    /// Whether NaN counts as 0.
    public var missingIsZero: Bool
    /// Whether 0 counts as missing.
    public var zeroIsMissing: Bool
    /// Whether a missing value goes left at every split, and not right.
    public var missingGoesLeft: Bool

    /// Creates a column.
    public init(
      feature: Int, zeroThreshold: Double, missingIsZero: Bool, zeroIsMissing: Bool,
      missingGoesLeft: Bool
    ) {
      self.feature = feature
      self.zeroThreshold = zeroThreshold
      self.missingIsZero = missingIsZero
      self.zeroIsMissing = zeroIsMissing
      self.missingGoesLeft = missingGoesLeft
    }
  }

  /// A split by category: a value's whole part is a bit of sets.
  public struct CategorySplit: Sendable, Hashable {
    /// The categories that go left.
    public var left: [UInt32]
    /// The categories of which the others go right and strangers where missing values go; `nil` where
    /// everything else goes right.
    public var known: [UInt32]?
    /// Whether a value between -1 and 0 is category 0.
    public var roundsTowardsZero: Bool
    /// Whether a missing value goes left.
    public var missingGoesLeft: Bool

    /// Creates a split.
    public init(
      left: [UInt32], known: [UInt32]?, roundsTowardsZero: Bool, missingGoesLeft: Bool
    ) {
      self.left = left
      self.known = known
      self.roundsTowardsZero = roundsTowardsZero
      self.missingGoesLeft = missingGoesLeft
    }
  }

  /// A node of a tree, whose first one is the root.
  public enum Node: Sendable, Hashable {
    /// Its values begin at that place of all leaf values.
    case leaf(Int)
    /// Rows go left where the value of a column is at most a threshold, which is not NaN.
    case split(column: Int, atMost: Double, left: Int, right: Int)
    /// Rows go where the split says of the value of a column.
    case categories(column: Int, CategorySplit, left: Int, right: Int)
  }

  /// A tree and what becomes of its values.
  public struct Tree: Sendable {
    /// The nodes.
    public var nodes: [Node]
    /// What values are multiplied with.
    public var factor: Double
    /// The score that a leaf's first value is added to.
    public var score: Int

    /// Creates a tree.
    public init(nodes: [Node], factor: Double, score: Int) {
      self.nodes = nodes
      self.factor = factor
      self.score = score
    }
  }

  private let columns: [chw_column]
  private let featureCount: Int
  private let scoreCount: Int
  private let sumPrecision: Precision
  private let parts: ForestParts

  /// Lays trees out; fails where they are too large for the layout, or there are too many columns.
  ///
  /// - Parameters:
  ///   - trees: The trees, in the order in which they are added up.
  ///   - columns: What splits look at.
  ///   - leafValues: All leaves' values.
  ///   - outputCount: The number of values of a leaf.
  ///   - featureCount: The number of features of a row.
  ///   - scoreCount: The number of scores of a row.
  ///   - precision: What values and thresholds are compared in; values are rounded to it, thresholds
  ///     have to be numbers of it.
  ///   - sumPrecision: What products and sums are rounded to.
  /// - Complexity: O(*nodes*).
  public init?(
    trees: some Sequence<Tree>, columns: [Column], leafValues: [Double], outputCount: Int,
    featureCount: Int, scoreCount: Int, precision: Precision, sumPrecision: Precision
  ) {
    precondition(columns.allSatisfy { (0..<featureCount).contains($0.feature) })
    guard
      let parts = ForestParts(
        trees: trees, columnCount: columns.count, leafValues: leafValues,
        outputCount: outputCount, precision: precision, sumPrecision: sumPrecision)
    else { return nil }
    self.parts = parts
    self.columns = columns.map { column in
      chw_column(
        feature: UInt32(column.feature), zero: column.zeroThreshold,
        missing_is_zero: column.missingIsZero, zero_is_missing: column.zeroIsMissing,
        missing_is_least: column.missingGoesLeft)
    }
    self.featureCount = featureCount
    self.scoreCount = scoreCount
    self.sumPrecision = sumPrecision
  }

  /// Adds all trees' values to rows' scores.
  ///
  /// - Parameters:
  ///   - values: Row-major features.
  ///   - rows: The rows of them.
  ///   - sums: What scores begin with, row-major, *rows* x *scores*, and then the scores.
  ///   - firstRow: The row that the sums begin with.
  ///   - needsExactValues: Whether to stop at values that single precision does not hold exactly, where
  ///     they are compared in it.
  /// - Returns: the number of rows, from the first, that are done.
  /// - Complexity: O(*rows·nodes*) of small trees, O(*rows·trees·depth*) of others.
  public func add(
    _ values: Span<Double>, rows: Range<Int>, to sums: inout MutableSpan<Double>,
    ofRowsFrom firstRow: Int, needsExactValues: Bool
  ) -> Int {
    precondition(
      0 <= firstRow && firstRow <= rows.lowerBound
        && rows.upperBound * featureCount <= values.count
        && (rows.upperBound - firstRow) * scoreCount <= sums.count, "rows and their scores")
    switch (parts.precision, sumPrecision) {
    case (.single, .single):
      return unsafe add(values, rows, &sums, firstRow, needsExactValues, chw_fill32) {
        unsafe chw_forest_add_32_32($0, $1, $2, $3, $4)
      }
    case (.single, .double):
      return unsafe add(values, rows, &sums, firstRow, needsExactValues, chw_fill32) {
        unsafe chw_forest_add_32_64($0, $1, $2, $3, $4)
      }
    case (.double, .single):
      return unsafe add(values, rows, &sums, firstRow, false, Self.fill64) {
        unsafe chw_forest_add_64_32($0, $1, $2, $3, $4)
      }
    case (.double, .double):
      return unsafe add(values, rows, &sums, firstRow, false, Self.fill64) {
        unsafe chw_forest_add_64_64($0, $1, $2, $3, $4)
      }
    }
  }

  private typealias Fill<Number> = (
    UnsafePointer<chw_column>?, Int, UnsafePointer<Double>?, Int, Int,
    UnsafeMutablePointer<Number>?, Int
  ) -> Bool

  private static func fill64(
    _ columns: UnsafePointer<chw_column>?, _ columnCount: Int, _ rows: UnsafePointer<Double>?,
    _ featureCount: Int, _ rowCount: Int, _ block: UnsafeMutablePointer<Double>?, _ stride: Int
  ) -> Bool {
    unsafe chw_fill64(columns, columnCount, rows, featureCount, rowCount, block, stride)
    return true
  }

  private func add<Number: BinaryFloatingPoint, Sum: BinaryFloatingPoint>(
    _ values: Span<Double>, _ rows: Range<Int>, _ sums: inout MutableSpan<Double>,
    _ firstRow: Int, _ needsExactValues: Bool, _ fill: Fill<Number>,
    _ addTrees: (
      UnsafePointer<chw_forest>, UnsafePointer<Number>?, Int, Int, UnsafeMutablePointer<Sum>?
    ) -> Void
  ) -> Int {
    let stride = rowsOfBlock(MemoryLayout<Number>.size)
    // The first column is below every threshold.
    var block = [Number](repeating: 0, count: (columns.count + 1) * stride)
    var scores = [Sum](repeating: 0, count: scoreCount * stride)
    for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: stride) {
      let count = min(stride, rows.upperBound - start)
      // Safety: the block has room for `stride` rows of all columns, and `count` rows of values lie
      // from `start` on, as was checked above.
      let isExact = unsafe values.withUnsafeBufferPointer { values in
        unsafe columns.withUnsafeBufferPointer { columns in
          unsafe block.withUnsafeMutableBufferPointer { block in
            unsafe fill(
              columns.baseAddress, columns.count,
              values.baseAddress.map { unsafe $0 + start * featureCount }, featureCount, count,
              block.baseAddress, stride)
          }
        }
      }
      guard isExact || !needsExactValues else { return start - rows.lowerBound }
      let first = (start - firstRow) * scoreCount
      for row in 0..<count {
        for score in 0..<scoreCount {
          scores[score * stride + row] = Sum(sums[first + row * scoreCount + score])
        }
      }
      // Safety: every place that the parts name is within them, which their builder sees to; scores
      // have room for `stride` rows.
      unsafe parts.withForest { forest in
        unsafe block.withUnsafeBufferPointer { block in
          unsafe scores.withUnsafeMutableBufferPointer { scores in
            unsafe addTrees(forest, block.baseAddress, stride, count, scores.baseAddress)
          }
        }
      }
      for row in 0..<count {
        for score in 0..<scoreCount {
          sums[first + row * scoreCount + score] = Double(scores[score * stride + row])
        }
      }
    }
    return rows.count
  }

  /// Rows whose columns fit the first cache; or where trees are walked more, so that a tree that is in
  /// the second one serves many.
  private func rowsOfBlock(_ size: Int) -> Int {
    let block = Int(CHW_BLOCK)
    let fitting = (24 << 10) / ((columns.count + 1) * size * block)
    return parts.hasLowerParts ? 32 * block : max(1, min(fitting, 8)) * block
  }
}
