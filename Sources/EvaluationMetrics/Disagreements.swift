public import DataTables

/// The rows that two models predict otherwise.
public struct Disagreements: Sendable {
  /// What a model says of a row, or what is true of it.
  public enum Value: Hashable, Sendable {
    /// A class.
    case label(Label)
    /// A number.
    case number(Double)
  }

  /// A row that is predicted otherwise.
  public struct Row: Hashable, Sendable {
    /// The row's number, from 1.
    public let number: Int
    /// What is true of it.
    public let truth: Value
    /// What the first model says.
    public let first: Value
    /// What the second model says.
    public let second: Value
  }

  /// How many rows are predicted otherwise.
  public let count: Int
  /// Some of them: of classes the first ones, of numbers those that lie farthest apart.
  public let rows: [Row]

  /// Looks for the rows; `nil` where neither classes nor numbers are predicted.
  ///
  /// - Parameters:
  ///   - first: One model's rows.
  ///   - second: The other's, in the same order.
  ///   - limit: The most rows that are kept.
  init?(_ first: Evaluand, _ second: Evaluand, limit: Int) {
    func number(_ row: Int) -> Int { (first.countedRows?[row] ?? row) + 1 }
    if let one = first.rows.predictedClasses, let other = second.rows.predictedClasses {
      let different = one.indices.filter { one[$0] != other[$0] }
      count = different.count
      rows = different.prefix(limit).map { row in
        Row(
          number: number(row), truth: .label(first.labels[Int(first.rows.labels[row])]),
          first: .label(first.labels[Int(one[row])]), second: .label(first.labels[Int(other[row])]))
      }
    } else if let one = first.rows.numbers, let other = second.rows.numbers {
      let different = one.predictions.indices.filter {
        one.predictions[$0] != other.predictions[$0]
      }
      func distance(_ row: Int) -> Double { abs(one.predictions[row] - other.predictions[row]) }
      count = different.count
      rows = different.sorted { (distance($1), $0) < (distance($0), $1) }.prefix(limit).map { row in
        Row(
          number: number(row), truth: .number(one.targets[row]),
          first: .number(one.predictions[row]), second: .number(other.predictions[row]))
      }
    } else {
      return nil
    }
  }
}
