public import DataTables
internal import Glibc

/// The log of each class's share times the density of a row in it, each feature being normally
/// distributed by itself: what a Gaussian naive Bayes classifier scores by.
public struct GaussianLikelihoods: Scorer, Hashable {
  /// Row-major, a row of *k* for each class.
  private let means: [Double]
  private let variances: [Double]
  /// What each class's score begins with.
  private let starts: [Double]
  private let width: Int

  /// The number of features, *k*.
  public var featureCount: Int? { width }
  /// The number of classes.
  public var scoreCount: Int { starts.count }

  /// Creates likelihoods.
  ///
  /// - Parameters:
  ///   - name: The algorithm's name, for errors.
  ///   - means: Row-major, a row of features for each class.
  ///   - variances: The same; above 0.
  ///   - priors: Each class's share of all rows.
  /// - Throws: ``ModelError`` if shapes do not fit or a number is none that it can be.
  public init(
    name: String, means: [Double], variances: [Double], priors: [Double]
  ) throws(ModelError) {
    guard !priors.isEmpty, !means.isEmpty, means.count % priors.count == 0,
      variances.count == means.count
    else {
      throw .badShape(
        "\(name) has \(means.count) means and \(variances.count) variances for "
          + "\(priors.count) classes")
    }
    guard means.allSatisfy(\.isFinite), variances.allSatisfy({ $0.isFinite && $0 > 0 }),
      priors.allSatisfy({ $0.isFinite && $0 >= 0 })
    else { throw .badNumber("\(name) has a mean, variance or share that is none") }
    self.means = means
    self.variances = variances
    width = means.count / priors.count
    starts = priors.indices.map { index in
      let own = variances[
        index * (means.count / priors.count)..<(index + 1) * (means.count / priors.count)]
      return log(priors[index]) - 0.5 * own.reduce(0) { $0 + log(2 * Double.pi * $1) }
    }
  }

  /// The scores of each row.
  public func scores(of features: FeatureMatrix) -> [Double] {
    var scores: [Double] = []
    scores.reserveCapacity(features.rowCount * starts.count)
    for row in 0..<features.rowCount {
      for index in starts.indices {
        var distance = 0.0
        for column in 0..<width {
          let difference = features.values[row * width + column] - means[index * width + column]
          distance += difference * difference / variances[index * width + column]
        }
        scores.append(starts[index] - 0.5 * distance)
      }
    }
    return scores
  }
}
