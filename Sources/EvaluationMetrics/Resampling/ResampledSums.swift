internal import NumericKernels

/// Columns whose sums over drawn rows are wanted: one product of matrices gives them for many
/// replicates at once, the draws being one and the columns the other.
///
/// Rows may be cut into segments, each with sums of its own.
struct ResampledSums: Sendable {
  /// The sums of one replicate.
  struct Sums {
    /// Row-major, segments x columns.
    fileprivate var values: [Double]
    fileprivate let columnCount: Int

    /// The sums over all segments.
    var total: [Double] {
      (0..<columnCount).map { column in
        stride(from: column, to: values.count, by: columnCount).reduce(0) { $0 + values[$1] }
      }
    }
  }

  /// Rows of one product, whose draws fit a core's cache.
  private static let blockSize = 1 << 10

  /// The rows of each product, and the segment that they belong to.
  private let blocks: [(rows: Range<Int>, segment: Int)]
  private let segmentCount: Int
  private let columnCount: Int
  /// Block by block, in each column by column.
  private let values: [Double]

  /// Takes columns.
  ///
  /// - Parameters:
  ///   - segments: For each segment its columns, all of one length.
  ///   - weights: The rows' weights, segment after segment; they are the first column.
  init(_ segments: [[[Double]]], weights: [Double]?) {
    var blocks: [(rows: Range<Int>, segment: Int)] = []
    var values: [Double] = []
    var start = 0
    for (segment, columns) in segments.enumerated() {
      let count = columns[0].count
      for first in stride(from: 0, to: count, by: Self.blockSize) {
        let rows = first..<min(first + Self.blockSize, count)
        let own = weights.map { Array($0[start + rows.lowerBound..<start + rows.upperBound]) }
        values += own ?? [Double](repeating: 1, count: rows.count)
        for column in columns {
          values += own.map { own in zip(column[rows], own).map { $0 * $1 } } ?? Array(column[rows])
        }
        blocks.append((start + rows.lowerBound..<start + rows.upperBound, segment))
      }
      start += count
    }
    self.blocks = blocks
    self.values = values
    segmentCount = segments.count
    columnCount = (segments.first?.count ?? 0) + 1
  }

  /// The sums of replicates.
  ///
  /// - Parameter draws: For each replicate how often each row is drawn.
  /// - Returns: the sums of each replicate.
  /// - Complexity: O(*n·k*) for *k* columns and each replicate, by OpenBLAS.
  func sums(draws: [[UInt8]]) -> [Sums] {
    let width = columnCount
    var sums = draws.map { _ in
      Sums(values: [Double](repeating: 0, count: segmentCount * width), columnCount: width)
    }
    var factors = [Double](repeating: 0, count: draws.count * Self.blockSize)
    var products = [Double](repeating: 0, count: draws.count * width)
    for (rows, segment) in blocks {
      for (replicate, draws) in draws.enumerated() {
        let draws = draws.span
        let start = replicate * rows.count - rows.lowerBound
        for row in rows { factors[start + row] = Double(draws[row]) }
      }
      for index in products.indices { products[index] = 0 }
      let all = values.span
      let left = factors.span
      var result = products.mutableSpan
      BLAS.multiplyAdd(
        left.extracting(0..<draws.count * rows.count),
        byTransposed: all.extracting(rows.lowerBound * width..<rows.upperBound * width),
        innerCount: rows.count, into: &result)
      for replicate in draws.indices {
        for column in 0..<width {
          sums[replicate].values[segment * width + column] += products[replicate * width + column]
        }
      }
    }
    return sums
  }
}

extension ResampledSums {
  /// The losses of a binary problem's rows whose probabilities descend, segmented by the bins of
  /// calibration.
  init(isPositive: [Bool], probabilities: [Double], weights: [Double]?) {
    var segments: [[[Double]]] = []
    var start = 0
    while start < probabilities.count {
      let bin = CalibrationBins.index(
        of: probabilities[start], count: CalibrationBins.standardCount)
      var end = start
      while end < probabilities.count,
        CalibrationBins.index(of: probabilities[end], count: CalibrationBins.standardCount) == bin
      { end += 1 }
      let losses = (start..<end).map {
        ProbabilityLosses.loss(isPositive: isPositive[$0], probability: probabilities[$0])
      }
      segments.append([
        losses.map(\.logarithm), losses.map(\.square),
        // Of a bin only the distance of scores and outcomes is wanted.
        (start..<end).map { (isPositive[$0] ? 1 : 0) - probabilities[$0] },
      ])
      start = end
    }
    self.init(segments, weights: weights)
  }

  /// The losses of rows of many classes.
  init(losses: [(logarithm: Double, square: Double)], weights: [Double]?) {
    self.init([[losses.map(\.logarithm), losses.map(\.square)]], weights: weights)
  }
}

extension ResampledSums.Sums {
  /// The losses, where the columns are of losses.
  var losses: ProbabilityLosses {
    let total = total
    return ProbabilityLosses(weight: total[0], logarithms: total[1], squares: total[2])
  }

  /// The expected calibration error, where the segments are bins.
  var calibrationError: Double? {
    guard columnCount == 4 else { return nil }
    let distances = stride(from: 3, to: values.count, by: columnCount).map { values[$0].magnitude }
    return distances.reduce(0, +) / total[0]
  }
}
