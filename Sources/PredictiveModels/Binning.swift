public import DataTables

/// Replaces each value by the bin that it falls into, as a number or a column of 0 and 1 for each bin.
public struct Binning: PreprocessingStep, Hashable {
  /// The step's name.
  public let name: String
  /// Each column's edges, ascending, the outermost ones among them.
  private let edges: [[Double]]
  private let isOneHot: Bool
  /// What is added to a value before it is compared: `absolute` + `relative`·|value|.
  private let slack: (absolute: Double, relative: Double)

  /// The number of columns.
  public var inputCount: Int? { edges.count }
  /// The number of columns, or of all bins.
  public var outputCount: Int? {
    isOneHot ? edges.reduce(0) { $0 + $1.count - 1 } : edges.count
  }
  /// Missing values are refused.
  public var acceptsMissingValues: Bool { false }

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - name: The step's name.
  ///   - edges: Each column's edges, two at least, ascending.
  ///   - isOneHot: Whether each bin has a column.
  ///   - slack: What is added to a value before it is compared, in absolute and relative terms.
  /// - Throws: ``ModelError`` if a column has fewer edges, or they are not ascending.
  public init(
    name: String, edges: [[Double]], isOneHot: Bool, slack: (absolute: Double, relative: Double)
  ) throws(ModelError) {
    guard !edges.isEmpty, edges.allSatisfy({ $0.count >= 2 }) else {
      throw .badShape("\(name) has a column without bins")
    }
    for list in edges {
      guard list.allSatisfy({ !$0.isNaN }), zip(list, list.dropFirst()).allSatisfy({ $0 <= $1 })
      else { throw .badNumber("\(name) has edges that are not ascending") }
    }
    self.name = name
    self.edges = edges
    self.isOneHot = isOneHot
    self.slack = slack
  }

  /// Replaces values by bins.
  public func apply(to features: inout FeatureMatrix) {
    let width = edges.count
    let outputs = outputCount ?? width
    var values = [Double](repeating: 0, count: features.rowCount * outputs)
    for row in 0..<features.rowCount {
      var start = 0
      for column in 0..<width {
        let value = features.values[row * width + column]
        let inner = edges[column].dropFirst().dropLast()
        let compared = value + (slack.absolute + slack.relative * abs(value))
        let bin = inner.prefix { $0 <= compared }.count
        if isOneHot {
          values[row * outputs + start + bin] = 1
          start += edges[column].count - 1
        } else {
          values[row * outputs + column] = Double(bin)
        }
      }
    }
    features = FeatureMatrix(
      names: isOneHot ? nil : features.names, values: values, columnCount: outputs)
  }

  /// Whether both put values into the same bins.
  public static func == (first: Binning, second: Binning) -> Bool {
    first.name == second.name && first.edges == second.edges && first.isOneHot == second.isOneHot
      && first.slack == second.slack
  }

  /// Hashes the edges.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(edges)
  }
}
