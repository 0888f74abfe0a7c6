public import DataTables
public import EvaluationMetrics
public import InputReading
public import TableFiles

/// Two models on the same rows, held against the same gates.
public struct ModelComparison: Sendable {
  /// A model's part in a comparison.
  public struct Candidate: Sendable {
    /// Its file of predictions, or its artifact.
    public let place: Place
    /// What it says of the rows.
    public let rows: PredictionRows
    /// What tells its rows apart, where a column of it is named.
    public let ids: RowIDs?

    /// Takes a model's rows.
    public init(_ rows: PredictionRows, ids: RowIDs? = nil, at place: Place) {
      self.rows = rows
      self.ids = ids
      self.place = place
    }
  }

  /// The first model's file.
  public let first: Place
  /// The second model's file.
  public let second: Place
  /// How both do.
  public let comparison: Comparison
  /// What becomes of the gates with the first model.
  public let firstGates: [GateResult]
  /// What becomes of the gates with the second model, which decide.
  public let secondGates: [GateResult]

  /// Whether the second model may take the first one's place.
  public var verdict: Verdict { secondGates.contains(where: \.fails) ? .rejected : .approved }

  /// Compares two models.
  ///
  /// - Parameters:
  ///   - first: The model that is there.
  ///   - second: The model that may take its place. Its rows are matched with the first one's by
  ///     their ids, where both have some, and else by their order.
  ///   - gates: What must hold. Where they name a baseline and no other is given, it is the first
  ///     model.
  ///   - slicings: What the first model's rows belong to, in the columns that gates name.
  ///   - options: How rows are evaluated.
  ///   - baseline: The metrics of a third model.
  ///   - disagreementLimit: The most rows that are told of those that are predicted otherwise.
  /// - Throws: ``VerificationError`` where the rows are not the same.
  public init(
    of first: Candidate, and second: Candidate, gates: [Gate], slicings: [Categories],
    options: EvaluationOptions, baseline: Baseline?, disagreementLimit: Int
  ) throws(VerificationError) {
    self.first = first.place
    self.second = second.place
    let others = try Self.matched(second, with: first)
    do throws(EvaluationError) {
      comparison = try Comparison(
        of: first.rows, and: others, options: options, disagreementLimit: disagreementLimit)
    } catch { throw .evaluation(error, second.place) }
    let ownSlices: [Slice]
    if baseline == nil {
      ownSlices =
        Evidence(
          comparison.first, rows: first.rows, slicings: slicings, options: options
        ).judge(gates).slices
    } else {
      ownSlices = []
    }
    let reference = baseline ?? Baseline(comparison.first, slices: ownSlices, at: first.place)
    func judge(_ evaluation: Evaluation, _ rows: PredictionRows) -> [GateResult] {
      Evidence(
        evaluation, rows: rows, slicings: slicings, options: options, baseline: reference
      ).judge(gates).results
    }
    firstGates = judge(comparison.first, first.rows)
    secondGates = judge(comparison.second, others)
  }

  /// A model's rows in the order of another's.
  private static func matched(
    _ second: Candidate, with first: Candidate
  ) throws(VerificationError) -> PredictionRows {
    guard let ids = first.ids, let others = second.ids else { return second.rows }
    guard first.rows.rowCount == second.rows.rowCount else {
      throw .table(
        .differentLengths(
          second.place, rows: second.rows.rowCount, other: first.place.description,
          otherRows: first.rows.rowCount))
    }
    do throws(TableError) {
      return second.rows.selecting(try ids.matches(in: others))
    } catch { throw .table(error) }
  }
}
