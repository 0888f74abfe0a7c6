public import DataTables

/// Weighted sums of the features that are there, in single precision: what XGBoost's linear boosters
/// score by.
public struct SkippingSums: Scorer, Hashable {
  /// Row-major, a row of *m* for each feature.
  private let coefficients: [Float]
  /// One for each sum.
  private let starts: [Float]
  private let width: Int

  /// The number of features, *k*.
  public var featureCount: Int? { width }
  /// The number of sums, *m*.
  public var scoreCount: Int { starts.count }
  /// A missing feature adds nothing.
  public var acceptsMissingValues: Bool { true }
  /// Features are rounded to single precision first.
  public var roundsToSinglePrecision: Bool { true }

  /// Creates sums.
  ///
  /// - Parameters:
  ///   - coefficients: Row-major, *k* x *m*: a row of sums for each feature.
  ///   - starts: What the *m* sums begin with.
  /// - Throws: ``ModelError`` if shapes do not fit or a number is not finite.
  public init(coefficients: [Float], starts: [Float]) throws(ModelError) {
    guard !starts.isEmpty, !coefficients.isEmpty, coefficients.count % starts.count == 0 else {
      throw .badShape("there are \(coefficients.count) weights for \(starts.count) sums")
    }
    guard coefficients.allSatisfy(\.isFinite), starts.allSatisfy(\.isFinite) else {
      throw .badNumber("a weight is not finite")
    }
    self.coefficients = coefficients
    self.starts = starts
    width = coefficients.count / starts.count
  }

  /// The sums of each row.
  ///
  /// - Complexity: O(*n·k·m*).
  public func scores(of features: FeatureMatrix) -> [Double] {
    var scores: [Double] = []
    scores.reserveCapacity(features.rowCount * starts.count)
    for row in 0..<features.rowCount {
      var sums = starts
      for (feature, value) in features[row: row].enumerated() where !value.isNaN {
        for index in sums.indices {
          sums[index] += Float(value) * coefficients[feature * sums.count + index]
        }
      }
      scores += sums.map(Double.init)
    }
    return scores
  }
}
