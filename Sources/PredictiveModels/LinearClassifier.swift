internal import Glibc
public import DataTables
internal import NumericKernels

/// A classifier by weighted sums of features, with probabilities.
public struct LinearClassifier: Predictor, Hashable {
  /// How the weighted sums become probabilities.
  public enum Link: Hashable, Sendable {
    /// Two classes and one sum *s*: the second one's is 1 / (1 + exp(-`factor`·*s*)).
    case logistic(factor: Double)
    /// A sum a class: exponentials in proportion.
    case softmax
    /// A sum a class: each one's logistic, in proportion.
    case oneVsRest
  }

  /// The algorithm's name.
  public let name: String
  /// The number of features, *k*.
  public let featureCount: Int
  private let labels: [Label]
  /// Row-major, a row of *k* for each sum.
  private let coefficients: [Double]
  /// One for each sum.
  private let intercepts: [Double]
  private let link: Link

  /// The classes in the model's order.
  public var classes: [Label]? { labels }
  /// Missing values are refused, as scikit-learn does.
  public var acceptsMissingValues: Bool { false }
  /// Sums are in double precision.
  public var roundsToSinglePrecision: Bool { false }
  /// There are no trees.
  public var treeCount: Int? { nil }

  /// Creates a classifier.
  ///
  /// - Parameters:
  ///   - name: The algorithm's name.
  ///   - classes: At least two.
  ///   - coefficients: Row-major, a row of features for each sum.
  ///   - intercepts: One for each sum.
  ///   - link: How sums become probabilities; logistic takes one sum, the others one a class.
  /// - Throws: ``ModelError`` if shapes do not fit or a number is not finite.
  public init(
    name: String, classes: [Label], coefficients: [Double], intercepts: [Double], link: Link
  ) throws(ModelError) {
    let sumCount = if case .logistic = link { 1 } else { classes.count }
    guard classes.count >= 2, Set(classes).count == classes.count else {
      throw .badShape("\(name) needs two or more different classes")
    }
    if case .logistic = link, classes.count != 2 {
      throw .badShape("\(name) has one row of coefficients for \(classes.count) classes")
    }
    guard intercepts.count == sumCount else {
      throw .badShape("\(name) has \(intercepts.count) intercepts where \(sumCount) belong")
    }
    guard !coefficients.isEmpty, coefficients.count % sumCount == 0 else {
      throw .badShape("\(name) has \(coefficients.count) coefficients for \(sumCount) sums")
    }
    guard (coefficients + intercepts).allSatisfy(\.isFinite) else {
      throw .badNumber("\(name) has a coefficient that is not finite")
    }
    self.name = name
    labels = classes
    self.coefficients = coefficients
    self.intercepts = intercepts
    self.link = link
    featureCount = coefficients.count / sumCount
  }

  /// Predicts rows: the class of the greatest sum, the first of equal ones; of two classes the
  /// second where the sum is above 0.
  public func predict(_ features: FeatureMatrix) -> ModelOutput {
    let sumCount = intercepts.count
    let classCount = labels.count
    let rowCount = features.rowCount
    // Blocks keep every product within what OpenBLAS counts.
    let parts = Chunks.map(rowCount, size: 4_096) { rows in
      var sums = rows.flatMap { _ in intercepts }
      let block = Array(
        features.values[rows.lowerBound * featureCount..<rows.upperBound * featureCount])
      var span = sums.mutableSpan
      BLAS.multiplyAdd(
        block.span, byTransposed: coefficients.span, innerCount: featureCount, into: &span)
      return sums
    }
    let sums = parts.flatMap(\.self)
    var codes: [Int32] = []
    var probabilities: [Double] = []
    codes.reserveCapacity(rowCount)
    probabilities.reserveCapacity(rowCount * classCount)
    for row in 0..<rowCount {
      let sums = sums[row * sumCount..<(row + 1) * sumCount]
      codes.append(code(of: sums))
      appendProbabilities(of: sums, to: &probabilities)
    }
    return ModelOutput(classes: labels, codes: codes, probabilities: probabilities)
  }

  private func code(of sums: ArraySlice<Double>) -> Int32 {
    if sums.count == 1 { return sums[sums.startIndex] > 0 ? 1 : 0 }
    var best = sums.startIndex
    for index in sums.indices where sums[index] > sums[best] { best = index }
    return Int32(best - sums.startIndex)
  }

  private func appendProbabilities(of sums: ArraySlice<Double>, to probabilities: inout [Double]) {
    let shares: [Double]
    switch link {
    case .logistic(let factor):
      let probability = logistic(factor * sums[sums.startIndex])
      probabilities += [1 - probability, probability]
      return
    case .softmax:
      let greatest = sums.reduce(-.infinity, max)
      shares = sums.map { exp($0 - greatest) }
    case .oneVsRest: shares = sums.map(logistic)
    }
    let total = shares.reduce(0, +)
    probabilities += shares.map { $0 / total }
  }
}

/// 1 / (1 + exp(-x)), which far below 0 must not overflow on its way to a number that is not 0.
private func logistic(_ x: Double) -> Double {
  guard x < 0 else { return 1 / (1 + exp(-x)) }
  let power = exp(x)
  return power / (1 + power)
}
