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

  /// Computes every metric of the rows that have certain values in some columns.
  ///
  /// Classes, the positive one among them, are those of all rows.
  ///
  /// - Parameters:
  ///   - values: One value a column of the slicing.
  ///   - slicing: What rows belong to.
  ///   - rows: The rows; at least one.
  ///   - options: As for all rows together.
  /// - Returns: the slice; `nil` where no row with a weight has these values.
  /// - Throws: ``EvaluationError``.
  /// - Complexity: that of one evaluation.
  public static func slice(
    _ values: [String], by slicing: Categories, of rows: PredictionRows,
    options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) -> Slice? {
    precondition(slicing.codes.count == rows.rowCount, "a value for each row")
    guard let code = slicing.values.firstIndex(of: values) else { return nil }
    let whole = try Evaluand(rows, options: options)
    let own = slicing.codes.indices.filter { slicing.codes[$0] == Int32(code) }
    guard let places = whole.places(of: [own]).first, !places.isEmpty else { return nil }
    return Slice(
      columns: slicing.columns, values: values,
      evaluation: Evaluation(whole.selecting(places), options: options))
  }
}
