public import DataTables

/// The same scores for every row: what a baseline says.
public struct ConstantScores: Scorer, Hashable {
  private let values: [Double]
  /// The number of features, which are not looked at.
  public let featureCount: Int?

  /// The number of scores.
  public var scoreCount: Int { values.count }
  /// Nothing is looked at.
  public var acceptsMissingValues: Bool { true }

  /// Creates scores.
  public init(values: [Double], featureCount: Int?) {
    self.values = values
    self.featureCount = featureCount
  }

  /// The same scores for each row.
  public func scores(of features: FeatureMatrix) -> [Double] {
    (0..<features.rowCount).flatMap { _ in values }
  }
}
