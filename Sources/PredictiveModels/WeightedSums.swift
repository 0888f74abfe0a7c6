public import DataTables
internal import NumericKernels

/// Weighted sums of features: what linear models score by.
public struct WeightedSums: InPlaceScorer, Hashable {
  /// Row-major, a row of *k* for each sum.
  private let coefficients: [Double]
  /// One for each sum.
  private let intercepts: [Double]
  private let width: Int

  /// The number of features, *k*.
  public var featureCount: Int? { width }
  /// The number of sums, *m*.
  public var scoreCount: Int { intercepts.count }

  /// Creates sums.
  ///
  /// - Parameters:
  ///   - name: The algorithm's name, for errors.
  ///   - coefficients: Row-major, a row of features for each sum.
  ///   - intercepts: One for each sum.
  /// - Throws: ``ModelError`` if shapes do not fit or a number is not finite.
  public init(name: String, coefficients: [Double], intercepts: [Double]) throws(ModelError) {
    guard !coefficients.isEmpty, !intercepts.isEmpty,
      coefficients.count % intercepts.count == 0
    else {
      throw .badShape("\(name) has \(coefficients.count) coefficients for \(intercepts.count) sums")
    }
    guard coefficients.allSatisfy(\.isFinite), intercepts.allSatisfy(\.isFinite) else {
      throw .badNumber("\(name) has a coefficient that is not finite")
    }
    self.coefficients = coefficients
    self.intercepts = intercepts
    width = coefficients.count / intercepts.count
  }

  /// The sums of each row.
  public func scores(of features: FeatureMatrix) -> [Double] {
    // Blocks keep every product within what OpenBLAS counts.
    let blocks = Chunks.map(features.rowCount, size: 4_096) { rows in
      scores(of: features, rows: rows)
    }
    return blocks.count == 1 ? blocks[0] : blocks.flatMap(\.self)
  }

  /// The sums of some rows.
  func scores(of features: FeatureMatrix, rows: Range<Int>) -> [Double] {
    var sums: [Double] = []
    sums.reserveCapacity(rows.count * intercepts.count)
    for _ in rows { sums += intercepts }
    let values = features.values.span
    var span = sums.mutableSpan
    BLAS.multiplyAdd(
      values.extracting(rows.lowerBound * width..<rows.upperBound * width),
      byTransposed: coefficients.span, innerCount: width, into: &span)
    return sums
  }
}
