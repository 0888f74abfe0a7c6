public import DataTables

/// Subtracts a number from each column and divides by another: scikit-learn's StandardScaler.
public struct Standardization: PreprocessingStep, Hashable {
  /// The step's name.
  public let name: String
  /// What is subtracted from each column; `nil` subtracts nothing.
  private let means: [Double]?
  /// What each column is divided by; `nil` divides by nothing.
  private let scales: [Double]?
  private let columnCount: Int

  /// The number of columns.
  public var inputCount: Int? { columnCount }
  /// The number of columns.
  public var outputCount: Int? { columnCount }
  /// Missing values stay missing.
  public var acceptsMissingValues: Bool { true }

  /// Creates a step.
  ///
  /// - Throws: ``ModelError`` if a list has another length than `columnCount`, or a number that is
  ///   not finite or divides by 0.
  public init(
    name: String, means: [Double]?, scales: [Double]?, columnCount: Int
  ) throws(ModelError) {
    for list in [means, scales].compactMap(\.self) {
      guard list.count == columnCount else {
        throw .badShape("\(name) has \(list.count) numbers for \(columnCount) columns")
      }
      guard list.allSatisfy(\.isFinite) else {
        throw .badNumber("\(name) has a number that is not finite")
      }
    }
    guard scales?.contains(0) != true else { throw .badNumber("\(name) divides by 0") }
    self.name = name
    self.means = means
    self.scales = scales
    self.columnCount = columnCount
  }

  /// Standardises every row.
  public func apply(to features: inout FeatureMatrix) {
    for row in 0..<features.rowCount {
      for column in 0..<columnCount {
        var value = features.values[row * columnCount + column]
        if let means { value -= means[column] }
        if let scales { value /= scales[column] }
        features.values[row * columnCount + column] = value
      }
    }
  }
}
