public import DataTables
internal import NumericKernels

/// Divides each row by its length, in one of several senses; rows of almost no length stay.
public struct Normalization: PreprocessingStep, Hashable {
  /// What a row's length is.
  public enum Norm: Sendable, Hashable {
    /// The sum of absolute values.
    case l1
    /// The root of the sum of squares.
    case l2
    /// The greatest absolute value.
    case max
    /// The greatest value, whatever the signs.
    case signedMax
  }

  /// The step's name.
  public let name: String
  private let norm: Norm
  private let leastLength: Double
  /// The number of columns; `nil` for any.
  public let inputCount: Int?

  /// As many columns as it takes.
  public var outputCount: Int? { inputCount }
  /// Missing values are refused.
  public var acceptsMissingValues: Bool { false }

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - name: The step's name.
  ///   - norm: What a row's length is.
  ///   - leastLength: Rows that are shorter stay as they are.
  ///   - columnCount: The number of columns; `nil` for any.
  public init(
    name: String, norm: Norm, leastLength: Double = .leastNonzeroMagnitude, columnCount: Int?
  ) {
    self.name = name
    self.norm = norm
    self.leastLength = leastLength
    inputCount = columnCount
  }

  /// Divides every row.
  public func apply(to features: inout FeatureMatrix) {
    let width = features.columnCount
    for start in stride(from: 0, to: features.values.count, by: width) {
      var length = norm == .signedMax ? -Double.infinity : 0
      for value in features.values[start..<start + width] {
        switch norm {
        case .l1: length += abs(value)
        case .l2: length += value * value
        case .max: length = Swift.max(length, abs(value))
        case .signedMax: length = Swift.max(length, value)
        }
      }
      if norm == .l2 { length = length.squareRoot() }
      guard abs(length) >= leastLength else { continue }
      for index in start..<start + width { features.values[index] /= length }
    }
  }
}

/// Weighted sums of features less their means, each divided by a scale: principal components.
public struct Projection: PreprocessingStep, Hashable {
  /// The step's name.
  public let name: String
  /// Row-major, a row of *k* for each component.
  private let components: [Double]
  private let means: [Double]?
  private let scales: [Double]?
  private let width: Int
  private let componentCount: Int

  /// The number of columns.
  public var inputCount: Int? { width }
  /// The number of components.
  public var outputCount: Int? { componentCount }
  /// Missing values are refused.
  public var acceptsMissingValues: Bool { false }

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - name: The step's name.
  ///   - components: Row-major, a row of features for each component.
  ///   - componentCount: The number of components.
  ///   - means: What is subtracted from each feature first.
  ///   - scales: What each sum is divided by at last.
  /// - Throws: ``ModelError`` if shapes do not fit or a number is not finite.
  public init(
    name: String, components: [Double], componentCount: Int, means: [Double]?, scales: [Double]?
  ) throws(ModelError) {
    guard componentCount > 0, !components.isEmpty, components.count % componentCount == 0,
      means.map({ $0.count == components.count / componentCount }) ?? true,
      scales.map({ $0.count == componentCount }) ?? true
    else { throw .badShape("\(name) has components, means and scales that do not fit one another") }
    guard components.allSatisfy(\.isFinite), means?.allSatisfy(\.isFinite) ?? true,
      scales?.allSatisfy({ $0.isFinite && $0 != 0 }) ?? true
    else { throw .badNumber("\(name) has a number that is not finite, or divides by 0") }
    self.name = name
    self.components = components
    self.componentCount = componentCount
    self.means = means
    self.scales = scales
    width = components.count / componentCount
  }

  /// Replaces features by components.
  public func apply(to features: inout FeatureMatrix) {
    let matrix = features
    let blocks = Chunks.map(matrix.rowCount, size: 4_096) { rows in
      var block = Array(matrix.values[rows.lowerBound * width..<rows.upperBound * width])
      if let means {
        for index in block.indices { block[index] -= means[index % width] }
      }
      var sums = [Double](repeating: 0, count: rows.count * componentCount)
      var span = sums.mutableSpan
      BLAS.multiplyAdd(
        block.span, byTransposed: components.span, innerCount: width, into: &span)
      if let scales {
        for index in sums.indices { sums[index] /= scales[index % componentCount] }
      }
      return sums
    }
    features = FeatureMatrix(values: blocks.flatMap(\.self), columnCount: componentCount)
  }
}

/// Products of features: polynomials of a range of degrees.
public struct PolynomialExpansion: PreprocessingStep, Hashable {
  /// The step's name.
  public let name: String
  private let width: Int
  /// The features that are multiplied for each output; none for 1.
  private let products: [[Int32]]

  /// The number of columns.
  public var inputCount: Int? { width }
  /// The number of products.
  public var outputCount: Int? { products.count }
  /// Missing values are refused.
  public var acceptsMissingValues: Bool { false }
  /// Features of all products together; more than any table has.
  private static let mostFactors = 4_000_000

  /// Creates a step; products come by degree, and within one in the order of features.
  ///
  /// - Parameters:
  ///   - name: The step's name.
  ///   - columnCount: The number of features, at least 1.
  ///   - degrees: The lowest and the highest number of factors.
  ///   - isInteractionOnly: Whether no feature is multiplied with itself.
  ///   - includesOne: Whether the product of nothing comes first.
  /// - Throws: ``ModelError/badShape(_:)`` if there are more products than any table has columns.
  public init(
    name: String, columnCount: Int, degrees: ClosedRange<Int>, isInteractionOnly: Bool,
    includesOne: Bool
  ) throws(ModelError) {
    guard columnCount > 0, columnCount <= Int(Int32.max), degrees.lowerBound >= 0 else {
      throw .badShape("\(name) has no columns")
    }
    var products: [[Int32]] = includesOne ? [[]] : []
    var open: [[Int32]] = [[]]
    var room = Self.mostFactors
    for degree in 0...min(degrees.upperBound, 64) {
      if degree > 0 {
        var longer: [[Int32]] = []
        for product in open {
          let first = product.last.map { isInteractionOnly ? $0 + 1 : $0 } ?? 0
          for feature in stride(from: first, to: Int32(columnCount), by: 1) {
            room -= degree
            guard room > 0 else { throw .badShape("\(name) makes too many products") }
            longer.append(product + [feature])
          }
        }
        open = longer
      }
      if degree >= max(degrees.lowerBound, 1) { products += open }
      if open.isEmpty { break }
    }
    guard !products.isEmpty, degrees.upperBound <= 64 else {
      throw .badShape("\(name) makes no products, or too many")
    }
    self.name = name
    self.products = products
    width = columnCount
  }

  /// Replaces features by products.
  public func apply(to features: inout FeatureMatrix) {
    var values: [Double] = []
    values.reserveCapacity(features.rowCount * products.count)
    for row in 0..<features.rowCount {
      for product in products {
        var value = 1.0
        for feature in product { value *= features.values[row * width + Int(feature)] }
        values.append(value)
      }
    }
    features = FeatureMatrix(values: values, columnCount: products.count)
  }
}

/// Some of the columns, in an order.
public struct ColumnSelection: PreprocessingStep, Hashable {
  /// The step's name.
  public let name: String
  private let columns: [Int]
  private let width: Int
  /// Whether values may be missing.
  public let acceptsMissingValues: Bool

  /// The number of columns.
  public var inputCount: Int? { width }
  /// The number of columns that stay.
  public var outputCount: Int? { columns.count }

  /// Creates a step.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if no column stays, or one that there is not.
  public init(
    name: String, columns: [Int], columnCount: Int, acceptsMissingValues: Bool
  ) throws(ModelError) {
    guard !columns.isEmpty, columns.allSatisfy({ (0..<columnCount).contains($0) }) else {
      throw .badShape("\(name) leaves no column of \(columnCount)")
    }
    self.name = name
    self.columns = columns
    width = columnCount
    self.acceptsMissingValues = acceptsMissingValues
  }

  /// The columns that stand for those outputs.
  public func textInputs(for outputs: Set<Int>) -> Set<Int> {
    Set(outputs.compactMap { columns.indices.contains($0) ? columns[$0] : nil })
  }

  /// Leaves the columns.
  public func apply(to features: inout FeatureMatrix) {
    features = features.selecting(columns: columns)
  }
}
