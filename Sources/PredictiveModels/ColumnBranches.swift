public import DataTables

/// Steps side by side, each on columns of its own, whose outputs stand one beside another.
public struct ColumnBranches: PreprocessingStep {
  /// A step and its columns.
  public struct Branch: Sendable {
    /// The columns that the step is given, in its order; `nil` for all.
    public var columns: [Int]?
    /// The step; `nil` leaves the columns as they are.
    public var step: (any PreprocessingStep)?
    /// What outputs are multiplied with.
    public var weight: Double

    /// Creates a branch.
    public init(columns: [Int]?, step: (any PreprocessingStep)?, weight: Double = 1) {
      self.columns = columns
      self.step = step
      self.weight = weight
    }
  }

  /// The step's name.
  public let name: String
  private let branches: [Branch]
  /// The number of columns.
  public let inputCount: Int?
  /// The number of all branches' outputs; `nil` where a branch takes any number.
  public let outputCount: Int?

  /// The steps look at missing values themselves.
  public var acceptsMissingValues: Bool { true }

  /// The texts of all steps.
  public var texts: [String] { branches.flatMap { $0.step?.texts ?? [] } }

  /// The columns that no branch takes.
  ///
  /// Of more columns than tables have nothing is said.
  public var ignoredColumns: Set<Int> {
    guard let inputCount, inputCount <= 1 << 20 else { return [] }
    var ignored = Set(0..<inputCount)
    for branch in branches { ignored.subtract(branch.columns ?? Array(ignored)) }
    return ignored
  }

  /// The columns that branches take as texts.
  public func textInputs(for outputs: Set<Int>) -> Set<Int> {
    var texts: Set<Int> = []
    var start = 0
    for branch in branches {
      let width = branch.step?.outputCount ?? branch.columns?.count ?? inputCount ?? 0
      let own = Set(outputs.filter { $0 >= start && $0 < start + width }.map { $0 - start })
      let inputs = branch.step?.textInputs(for: own) ?? own
      if let columns = branch.columns {
        texts.formUnion(inputs.compactMap { columns.indices.contains($0) ? columns[$0] : nil })
      } else {
        texts.formUnion(inputs)
      }
      start += width
    }
    return texts
  }

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - name: The step's name.
  ///   - branches: At least one.
  ///   - columnCount: The number of columns, where that is known.
  /// - Throws: ``ModelError`` if a branch's columns are none, or not as many as its step takes.
  public init(name: String, branches: [Branch], columnCount: Int?) throws(ModelError) {
    guard !branches.isEmpty, columnCount ?? 1 > 0 else {
      throw .badShape("\(name) has no steps, or no columns")
    }
    var count = columnCount
    for branch in branches {
      if let columns = branch.columns {
        guard let count, !columns.isEmpty, columns.allSatisfy({ (0..<count).contains($0) }) else {
          throw .badShape("\(name) has a step on columns that there are not")
        }
        if let takes = branch.step?.inputCount, takes != columns.count {
          throw .stepWidth(step: branch.step?.name ?? "", takes: takes, given: columns.count)
        }
      } else if let takes = branch.step?.inputCount {
        guard count ?? takes == takes else {
          throw .stepWidth(step: branch.step?.name ?? "", takes: takes, given: count ?? 0)
        }
        count = takes
      }
    }
    var outputs: Int? = 0
    for branch in branches {
      let own = branch.step?.outputCount ?? branch.columns?.count ?? count
      outputs = outputs.flatMap { total in own.map { total + $0 } }
    }
    self.name = name
    self.branches = branches
    inputCount = count
    outputCount = outputs
  }

  /// Applies every step and puts the outputs together.
  public func apply(to features: inout FeatureMatrix) throws(PredictionError) {
    var parts: [FeatureMatrix] = []
    for branch in branches {
      var part = branch.columns.map { features.selecting(columns: $0) } ?? features
      try branch.step?.transform(&part)
      if branch.weight != 1 {
        for index in part.values.indices { part.values[index] *= branch.weight }
      }
      parts.append(part)
    }
    let width = parts.reduce(0) { $0 + $1.columnCount }
    var values: [Double] = []
    values.reserveCapacity(features.rowCount * width)
    for row in 0..<features.rowCount {
      for part in parts { values += part[row: row] }
    }
    let texts = features.texts
    features = FeatureMatrix(values: values, columnCount: width)
    features.texts = texts
  }
}
