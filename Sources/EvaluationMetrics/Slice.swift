public import DataTables

/// The metrics of the rows that belong together.
public struct Slice: Sendable {
  /// The columns that tell rows apart.
  public let columns: [String]
  /// What these rows have in them, one value a column.
  public let values: [String]
  /// The rows' metrics.
  public let evaluation: Evaluation
}

extension Evaluation {
  /// Computes every metric for each value of some columns.
  ///
  /// Classes, the positive one among them, are those of all rows. Slices whose rows have no weight
  /// are left out.
  ///
  /// - Parameters:
  ///   - rows: The rows; at least one.
  ///   - slicings: What rows belong to, each by itself.
  ///   - options: As for all rows together.
  /// - Returns: the slices of each slicing in turn, by value.
  /// - Throws: ``EvaluationError``.
  /// - Complexity: for each slicing that of one evaluation: rows are parted once, and each part
  ///   evaluated.
  public static func slices(
    of rows: PredictionRows, by slicings: [Categories],
    options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) -> [Slice] {
    let whole = try Evaluand(rows, options: options)
    return slicings.flatMap { slicing in
      precondition(slicing.codes.count == rows.rowCount, "a value for each row")
      return zip(slicing.values, whole.places(of: slicing.rows)).compactMap { values, rows in
        rows.isEmpty
          ? nil
          : Slice(
            columns: slicing.columns, values: values,
            evaluation: Evaluation(whole.selecting(rows), options: options))
      }
    }
  }
}
