/// Rows of a prediction file that are read in pieces, as often as they are wanted, rather than held.
public protocol StoredRows: Sendable {
  /// What keeps rows from being read.
  associatedtype Failure: Error

  /// The number of rows.
  var rowCount: Int { get }
  /// The numbers of a row: its label, prediction, score, weight and probabilities, where it has them.
  var columnCount: Int { get }

  /// The rows of some places, whose classes are those of all rows.
  func rows(_ places: Range<Int>) throws(Failure) -> PredictionRows
  /// The probabilities of a class in some rows that have probabilities, the classes of these rows and
  /// their weights.
  func probabilities(
    ofClass code: Int, _ places: Range<Int>
  ) throws(Failure) -> (labels: [Int32], probabilities: [Double], weights: [Double]?)
}
