public import DataTables

/// A value that a feature of kinds may have.
public enum Category: Sendable, Hashable {
  /// A number.
  case number(Double)
  /// A text.
  case text(String)
  /// No value.
  case missing
}

/// Turns columns of categories into numbers: one a column, or a column of 0 and 1 for each category.
public struct CategoryEncoding: PreprocessingStep, Hashable {
  /// What a value becomes.
  public enum Code: Sendable, Hashable {
    /// A number.
    case number(Double)
    /// 1 in one of the column's outputs; where it is `nil`, 0 in all.
    case place(Int?)
    /// Nothing: the value is refused.
    case refused
  }

  /// A column of categories.
  public struct Column: Sendable, Hashable {
    /// The number of outputs.
    public var width: Int
    /// What each category becomes.
    public var codes: [Category: Code]
    /// What any other value becomes.
    public var unknown: Code
    /// Whether values are texts.
    public var isText: Bool

    /// Creates a column.
    public init(width: Int, codes: [Category: Code], unknown: Code, isText: Bool) {
      self.width = width
      self.codes = codes
      self.unknown = unknown
      self.isText = isText
    }

    fileprivate var isSound: Bool {
      (codes.values + [unknown]).allSatisfy { code in
        switch code {
        case .number: width == 1
        case .place(let place?): (0..<width).contains(place)
        case .place(nil), .refused: true
        }
      }
    }
  }

  /// The step's name.
  public let name: String
  private let columns: [Column]
  /// Whether values may be missing.
  public let acceptsMissingValues: Bool

  /// The number of columns.
  public var inputCount: Int? { columns.count }
  /// The number of outputs.
  public var outputCount: Int? { columns.reduce(0) { $0 + $1.width } }

  /// The columns of texts.
  public func textInputs(for outputs: Set<Int>) -> Set<Int> {
    Set(columns.indices.filter { columns[$0].isText })
  }

  /// Creates a step.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if there are no columns or outputs, or a code is outside
  ///   its column's.
  public init(
    name: String, columns: [Column], acceptsMissingValues: Bool
  ) throws(ModelError) {
    guard columns.allSatisfy({ $0.width >= 0 && $0.isSound }),
      columns.contains(where: { $0.width > 0 })
    else {
      throw .badShape("\(name) has categories without an output")
    }
    self.name = name
    self.columns = columns
    self.acceptsMissingValues = acceptsMissingValues
  }

  /// Replaces categories by numbers.
  ///
  /// - Throws: ``PredictionError/unknownCategory(row:column:value:step:)``.
  public func apply(to features: inout FeatureMatrix) throws(PredictionError) {
    let width = columns.count
    let outputs = outputCount ?? 0
    var values = [Double](repeating: 0, count: features.rowCount * outputs)
    var start = 0
    for (index, column) in columns.enumerated() {
      // Each text of the input is looked up once.
      let textCodes =
        column.isText ? features.texts.map { column.codes[.text($0)] ?? column.unknown } : []
      for row in 0..<features.rowCount {
        let value = features.values[row * width + index]
        let code: Code
        if value.isNaN {
          code = column.codes[.missing] ?? column.unknown
        } else if column.isText, let place = Int(exactly: value),
          textCodes.indices.contains(place)
        {
          code = textCodes[place]
        } else {
          // 0 and -0 are one number.
          code = column.codes[.number(value == 0 ? 0 : value)] ?? column.unknown
        }
        switch code {
        case .number(let number): values[row * outputs + start] = number
        case .place(let place):
          if let place { values[row * outputs + start + place] = 1 }
        case .refused:
          let place = column.isText ? Int(exactly: value) : nil
          let text =
            place.flatMap { features.texts.indices.contains($0) ? features.texts[$0] : nil }
          throw .unknownCategory(
            row: row + 1, column: features.names?[index] ?? "\(index + 1)",
            value: text ?? "\(value)", step: name)
        }
      }
      start += column.width
    }
    features = FeatureMatrix(values: values, columnCount: outputs)
  }
}
