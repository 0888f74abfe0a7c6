public import DataTables
public import InputReading
public import PredictiveModels
internal import TableFiles

/// A model's outputs as they were recorded, to compare with what it says now.
///
/// The columns are those that predictions are written with: `prediction`, `probability_<class>`.
public struct RecordedOutputs: Sendable {
  /// How far a number may lie from the recorded one: `absolute` + `relative` · |recorded|.
  public struct Tolerance: Hashable, Sendable {
    /// The part that does not depend on the number.
    public var absolute = 1e-9
    /// The part that grows with it.
    public var relative = 1e-6

    /// Creates the usual tolerance.
    public init() {}

    func holds(_ found: Double, _ recorded: Double) -> Bool {
      abs(found - recorded) <= absolute + relative * abs(recorded)
    }
  }

  /// A cell that differs.
  public struct Mismatch: Hashable, Sendable {
    /// The row, from 1.
    public let row: Int
    /// The column.
    public let column: String
    /// What is recorded.
    public let recorded: String
    /// What the model says.
    public let found: String
  }

  /// How outputs compare.
  public struct Comparison: Hashable, Sendable {
    /// The rows compared.
    public let rowCount: Int
    /// The columns compared.
    public let columns: [String]
    /// The cells that differ, row by row.
    public let mismatches: [Mismatch]
    /// The largest distance of two numbers.
    public let greatestDifference: Double

    /// Whether nothing differs.
    public var agrees: Bool { mismatches.isEmpty }
  }

  /// Compares outputs with recorded ones.
  ///
  /// - Parameters:
  ///   - output: What the model says.
  ///   - columns: The recorded columns and their cells as they stand in the file.
  ///   - tolerance: How far numbers may lie apart.
  ///   - place: The recorded file.
  /// - Returns: what differs, and by how much.
  /// - Throws: ``VerificationError`` if rows are not as many, or a recorded cell is no number.
  public static func compare(
    _ output: ModelOutput, with columns: [(name: String, cells: [String])],
    tolerance: Tolerance = Tolerance(), at place: Place
  ) throws(VerificationError) -> Comparison {
    var mismatches: [Mismatch] = []
    var greatest = 0.0
    var compared: [String] = []
    let table = OutputTable(output)
    for (name, cells) in columns {
      guard let column = table.columns.first(where: { $0.name == name }) else { continue }
      compared.append(name)
      guard cells.count == output.rowCount else {
        throw .table(
          .differentLengths(
            place, rows: cells.count, other: "the input", otherRows: output.rowCount))
      }
      for (row, cell) in cells.enumerated() {
        let isEqual: Bool
        switch column.values {
        case .labels(let labels):
          isEqual = cell == labels[row].description || (try? Label(cell)) == labels[row].canonical
        case .numbers(let numbers):
          guard let recorded = Double(decimal: cell.trimmingBlanks) else {
            throw .table(
              .notANumber(place.at(.row(row + 1, column: name)), found: cell, .text, count: 1))
          }
          greatest = max(greatest, abs(recorded - numbers[row]))
          isEqual = tolerance.holds(numbers[row], recorded)
        }
        if !isEqual {
          mismatches.append(
            Mismatch(row: row + 1, column: name, recorded: cell, found: column.values[row]))
        }
      }
    }
    guard !compared.isEmpty else {
      throw .table(.noSuchColumn(place, name: "prediction", columns: columns.map(\.name)))
    }
    return Comparison(
      rowCount: output.rowCount, columns: compared,
      mismatches: mismatches.sorted { ($0.row, $0.column) < ($1.row, $1.column) },
      greatestDifference: greatest)
  }
}

/// A model's outputs as columns with the names that files and reports have.
public struct OutputTable: Sendable {
  /// A column's cells.
  public enum Values: Sendable {
    /// Class labels.
    case labels([Label])
    /// Numbers.
    case numbers([Double])

    /// A cell as it is written.
    public subscript(row: Int) -> String {
      switch self {
      case .labels(let labels): labels[row].description
      case .numbers(let numbers): numbers[row].description
      }
    }
  }

  /// The columns in the order of files.
  public let columns: [(name: String, values: Values)]
  /// The number of rows.
  public let rowCount: Int

  /// Lays out a model's outputs: `prediction`, then `probability_<class>` in the model's order, or for
  /// a classifier without probabilities `decision_<class>`, of two classes `decision` alone.
  ///
  /// Several targets are numbered from 0: `prediction_0`, `probability_0_<class>`.
  public init(_ output: ModelOutput) {
    rowCount = output.rowCount
    let targets = output.targets
    columns = targets.enumerated().flatMap { index, target in
      Self.columns(of: target, suffix: targets.count > 1 ? "_\(index)" : "")
    }
  }

  private static func columns(
    of output: ModelOutput, suffix: String
  ) -> [(name: String, values: Values)] {
    var columns: [(name: String, values: Values)] = []
    switch output.predictions {
    case .classes(let codes):
      columns.append(("prediction\(suffix)", .labels(codes.map { output.classes[Int($0)] })))
    case .numbers(let numbers): columns.append(("prediction\(suffix)", .numbers(numbers)))
    }
    let word = output.probabilities == nil ? "decision" : "probability"
    guard let values = output.probabilities ?? output.decisions else { return columns }
    guard values.count != output.rowCount || output.classes.count == 1 else {
      columns.append((word + suffix, .numbers(values)))
      return columns
    }
    let count = output.classes.count
    for (index, label) in output.classes.enumerated() {
      let own = (0..<output.rowCount).map { values[$0 * count + index] }
      columns.append(("\(word)\(suffix)_\(label)", .numbers(own)))
    }
    return columns
  }
}

/// A sample: rows of features with the outputs recorded for them.
public struct Sample: Sendable {
  /// The features, in the model's order.
  public let features: FeatureMatrix
  /// The recorded columns and their cells.
  public let recorded: [(name: String, cells: [String])]
  /// The file.
  public let place: Place

  /// Reads a sample; its feature columns come first, then the recorded outputs.
  ///
  /// - Throws: ``VerificationError``.
  public init(
    path: String, model: Model, limits: Limits = .standard
  ) throws(VerificationError) {
    let file = try FeatureFile.opened(path: path, layout: TableLayout(), limits: limits)
    place = file.place
    let names = file.columns
    let outputs = names.indices.filter { Self.isOutput(names[$0]) }
    let others = names.indices.filter { !Self.isOutput(names[$0]) }
    let features = try model.columns(in: others.map { names[$0] }, of: file.place)
      .map { others[$0] }
    let (matrix, rows) = try file.rows(of: model, features: features, texts: outputs)
    self.features = matrix
    recorded = zip(outputs, rows.texts).map { (names[$0], $1) }
  }

  private static func isOutput(_ name: String) -> Bool {
    name == "prediction" || name.hasPrefix("probability_") || name == "decision"
      || name.hasPrefix("decision_") || name.hasPrefix("prediction_")
  }
}

extension String {
  /// The text without the spaces and tabs around it.
  fileprivate var trimmingBlanks: Substring {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !isBlank($0) }),
      let last = lastIndex(where: { !isBlank($0) })
    else { return "" }
    return self[first...last]
  }
}
