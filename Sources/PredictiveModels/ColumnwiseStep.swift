public import DataTables

/// A step that turns every column by itself into one column, value by value; missing values stay missing.
public struct ColumnwiseStep: PreprocessingStep, Hashable {
  /// What happens to a column's values.
  public enum Function: Sendable, Hashable {
    /// Nothing.
    case identity
    /// *x*·`scale` + `shift`, and then no less and no more than a range.
    case rescaling(scale: Double, shift: Double, range: ClosedRange<Double>?)
    /// What numpy's function of the name makes.
    case elementary(ElementaryFunction)
    /// A value's place among quantiles.
    case quantile(QuantileFunction)
    /// The value that has a place among quantiles.
    case quantileInverse(QuantileFunction)
    /// A power, by a parameter.
    case power(PowerFunction)
    /// The value that has a power.
    case powerInverse(PowerFunction)
    /// A value without its fraction.
    case truncation
    /// 1 above a threshold, else 0.
    case threshold(Double)
  }

  /// The step's name.
  public let name: String
  /// A function a column, or one for all.
  private let functions: [Function]
  private let columnCount: Int?
  /// Whether values may be missing.
  public let acceptsMissingValues: Bool

  /// The number of columns; `nil` where there is one function for any number.
  public var inputCount: Int? { columnCount }
  /// As many as it takes.
  public var outputCount: Int? { columnCount }

  /// Creates a step with a function for each column.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if there is none.
  public init(
    name: String, functions: [Function], acceptsMissingValues: Bool = true
  ) throws(ModelError) {
    guard !functions.isEmpty else { throw .badShape("\(name) has no columns") }
    self.name = name
    self.functions = functions
    columnCount = functions.count
    self.acceptsMissingValues = acceptsMissingValues
  }

  /// Creates a step with one function for any number of columns.
  public init(
    name: String, function: Function, columnCount: Int?, acceptsMissingValues: Bool = true
  ) {
    self.name = name
    functions = [function]
    self.columnCount = columnCount
    self.acceptsMissingValues = acceptsMissingValues
  }

  /// Replaces every value.
  public func apply(to features: inout FeatureMatrix) throws(PredictionError) {
    let width = features.columnCount
    for column in 0..<width {
      let function = functions[functions.count == 1 ? 0 : column]
      if function == .identity { continue }
      for index in stride(from: column, to: features.values.count, by: width) {
        let value = features.values[index]
        guard !value.isNaN else { continue }
        let result = function(value)
        guard !result.isNaN else {
          throw .outsideDomain(
            row: index / width + 1, column: features.columnName(of: index), step: name)
        }
        features.values[index] = result
      }
    }
  }
}

extension ColumnwiseStep.Function {
  /// What becomes of a value that is a number; NaN where the function has none.
  func callAsFunction(_ value: Double) -> Double {
    switch self {
    case .identity: return value
    case .rescaling(let scale, let shift, let range):
      let result = value * scale + shift
      guard let range else { return result }
      return min(max(result, range.lowerBound), range.upperBound)
    case .elementary(let function): return function(value)
    case .quantile(let function): return function(value)
    case .quantileInverse(let function): return function.inverse(value)
    case .power(let function): return function(value)
    case .powerInverse(let function): return function.inverse(value)
    case .truncation: return value.rounded(.towardZero)
    case .threshold(let threshold): return value > threshold ? 1 : 0
    }
  }
}
