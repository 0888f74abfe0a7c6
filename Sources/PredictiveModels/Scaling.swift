public import DataTables

/// Subtracts a number from each column and divides by another: scikit-learn's StandardScaler.
public struct Standardization: PreprocessingStep, Hashable {
  /// The step's name.
  public let name: String
  /// What is subtracted from each column; `nil` subtracts nothing.
  private let means: [Double]?
  /// What each column is divided by; `nil` divides by nothing.
  private let scales: [Double]?
  /// The number of columns.
  public let inputCount: Int

  /// The number of columns.
  public var outputCount: Int { inputCount }

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
    inputCount = columnCount
  }

  /// Standardises every row.
  public func apply(to features: inout FeatureMatrix) {
    for row in 0..<features.rowCount {
      for column in 0..<inputCount {
        var value = features.values[row * inputCount + column]
        if let means { value -= means[column] }
        if let scales { value /= scales[column] }
        features.values[row * inputCount + column] = value
      }
    }
  }
}
