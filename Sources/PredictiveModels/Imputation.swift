public import DataTables

/// Fills in missing values with a number or a text for each column.
public struct Imputation: PreprocessingStep, Hashable {
  /// What stands for a missing value.
  public enum Placeholder: Sendable, Hashable {
    /// NaN.
    case missing
    /// A number.
    case number(Double)
    /// A text: all columns are texts.
    case text(String)
  }

  /// What is filled in.
  public enum Filling: Sendable, Hashable {
    /// A number.
    case number(Double)
    /// A text, in a column of texts.
    case text(String)
    /// The column is left out: there was nothing to learn from.
    case columnLeftOut
  }

  /// The step's name.
  public let name: String
  private let fillings: [Filling]
  private let placeholder: Placeholder
  /// The columns behind which comes a column that tells whether a value was missing.
  private let indicated: [Int]

  /// The number of columns.
  public var inputCount: Int? { fillings.count }
  /// The number of columns that are filled in or indicated.
  public var outputCount: Int? { fillings.count { $0 != .columnLeftOut } + indicated.count }
  /// Whether NaN is what stands for a missing value.
  public var acceptsMissingValues: Bool { placeholder == .missing }
  /// The texts that are filled in.
  public var texts: [String] {
    fillings.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// The columns of texts, and those that go through and are texts behind it.
  public func textInputs(for outputs: Set<Int>) -> Set<Int> {
    var inputs: Set<Int> = []
    var output = 0
    for (column, filling) in fillings.enumerated() {
      if case .text = filling { inputs.insert(column) }
      if case .text = placeholder { inputs.insert(column) }
      guard filling != .columnLeftOut else { continue }
      if outputs.contains(output) { inputs.insert(column) }
      output += 1
    }
    return inputs
  }

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - name: The step's name.
  ///   - fillings: One a column.
  ///   - placeholder: What stands for a missing value.
  ///   - indicated: Columns whose missing values are told by columns of 0 and 1 at the end.
  /// - Throws: ``ModelError`` if no column is left, an indicated one is none, or a number is filled in
  ///   among texts.
  public init(
    name: String, fillings: [Filling], placeholder: Placeholder, indicated: [Int]
  ) throws(ModelError) {
    if case .text = placeholder {
      for case .number in fillings { throw .badShape("\(name) puts numbers among texts") }
    }
    guard fillings.contains(where: { $0 != .columnLeftOut }),
      indicated.allSatisfy(fillings.indices.contains)
    else { throw .badShape("\(name) leaves no column") }
    self.name = name
    self.fillings = fillings
    self.placeholder = placeholder
    self.indicated = indicated
  }

  /// Fills in every missing value; the texts are among those of the features.
  public func apply(to features: inout FeatureMatrix) {
    var places: [String: Int] = [:]
    for (place, text) in features.texts.enumerated() { places[text] = place }
    // A number for each column that stays: a text is its place.
    var numbers: [Double?] = []
    for filling in fillings {
      switch filling {
      case .number(let number): numbers.append(number)
      case .columnLeftOut: numbers.append(nil)
      case .text(let text): numbers.append(places[text].map { Double($0) } ?? .nan)
      }
    }
    let mark: Double? =
      switch placeholder {
      case .missing: nil
      case .number(let number): number
      // A text that is nowhere in the input stands for nothing.
      case .text(let text): places[text].map { Double($0) } ?? .infinity
      }
    func isMissing(_ value: Double) -> Bool { mark.map { value == $0 } ?? value.isNaN }
    let width = fillings.count
    let isShaped = outputCount != width
    var values: [Double] = []
    values.reserveCapacity(features.rowCount * (outputCount ?? width))
    for row in 0..<features.rowCount {
      for column in 0..<width {
        guard let number = numbers[column] else { continue }
        let value = features.values[row * width + column]
        values.append(isMissing(value) ? number : value)
      }
      for column in indicated {
        values.append(isMissing(features.values[row * width + column]) ? 1 : 0)
      }
    }
    let texts = features.texts
    features = FeatureMatrix(
      names: isShaped ? nil : features.names, values: values, columnCount: outputCount ?? width)
    features.texts = texts
  }
}
