public import DataTables

/// Takes a number as a missing value, as a library does that was told one to stand for it.
public struct MissingMarker: PreprocessingStep, Hashable {
  /// The step's name.
  public let name: String
  private let mark: Float
  /// Whether values may be missing besides.
  public let acceptsMissingValues: Bool

  /// It takes as many columns as there are.
  public var inputCount: Int? { nil }
  /// It gives as many columns as it takes.
  public var outputCount: Int? { nil }

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - name: The name of what takes the number so.
  ///   - mark: The number; values are compared in single precision.
  ///   - acceptsMissingValues: Whether values may be missing besides.
  public init(name: String, mark: Float, acceptsMissingValues: Bool) {
    self.name = name
    self.mark = mark
    self.acceptsMissingValues = acceptsMissingValues
  }

  /// Replaces the number by missing values.
  public func apply(to features: inout FeatureMatrix) {
    for index in features.values.indices where Float(features.values[index]) == mark {
      features.values[index] = .nan
    }
  }
}
