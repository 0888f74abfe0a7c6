public import DataTables
public import InputReading
public import NumericKernels

/// A prediction file's rows on disk, as columns that are read in pieces.
public struct StoredPredictions: StoredRows {
  /// Labels, or numbers that are to be predicted.
  private struct Target: Sendable {
    var codes: ScratchColumn<Int32>
    var numbers: ScratchColumn<Double>?

    init() throws(ScratchError) { codes = try ScratchColumn() }

    mutating func append(_ rows: TargetColumn) throws(ScratchError) {
      guard let values = rows.numbers?.values else {
        try codes.append(rows.labels.rowCodes)
        return
      }
      if numbers == nil {
        // Labels were read until a fraction showed that they are numbers.
        var numbers = try ScratchColumn<Double>()
        let known = rows.labels.labelsAsNumbers
        for start in stride(from: 0, to: codes.count, by: Chunks.size) {
          let part = try codes.elements(start..<min(start + Chunks.size, codes.count))
          try numbers.append(part.map { known[Int($0)] })
        }
        self.numbers = numbers
      }
      try numbers?.append(values)
    }
  }

  /// Columns as they are read, by their keys.
  struct Columns: Sendable {
    private var targets: [Int: Target] = [:]
    private var numbers: [Int: ScratchColumn<Double>] = [:]

    /// Adds rows of all columns, in the order of their keys.
    mutating func append(_ columns: [any PassedColumn]) throws(ScratchError) {
      for (key, column) in columns.enumerated() {
        switch column {
        case let column as TargetColumn:
          if targets[key] == nil { targets[key] = try Target() }
          try targets[key]?.append(column)
        case let column as NumberColumn:
          if numbers[key] == nil { numbers[key] = try ScratchColumn() }
          try numbers[key]?.append(column.values)
        default: preconditionFailure("columns of text are not stored")
        }
      }
    }

    fileprivate func codes(_ key: Int?) -> ScratchColumn<Int32>? {
      key.flatMap { targets[$0]?.codes }
    }

    fileprivate func targetNumbers(_ key: Int?) -> ScratchColumn<Double>? {
      key.flatMap { targets[$0]?.numbers }
    }

    fileprivate func numbers(_ key: Int?) -> ScratchColumn<Double>? { key.flatMap { numbers[$0] } }
  }

  private let columns: Columns
  private let keys: PredictionPlan.Keys
  private let meaning: PredictionPlan.Meaning
  /// The number of rows.
  public let rowCount: Int

  init(
    _ columns: Columns, _ keys: PredictionPlan.Keys, _ meaning: PredictionPlan.Meaning,
    rowCount: Int
  ) {
    self.columns = columns
    self.keys = keys
    self.meaning = meaning
    self.rowCount = rowCount
  }

  /// The numbers of a row.
  public var columnCount: Int {
    [keys.label, keys.prediction, keys.score, keys.weight].compactMap(\.self).count
      + keys.probabilities.count
  }

  /// The rows of some places.
  ///
  /// - Throws: `ScratchError` if the disk fails.
  public func rows(_ places: Range<Int>) throws(ScratchError) -> PredictionRows {
    let weights = try columns.numbers(keys.weight)?.elements(places)
    switch meaning {
    case .numbers:
      return .numbers(
        RegressionTable(
          targets: try columns.targetNumbers(keys.label)?.elements(places) ?? [],
          predictions: try columns.targetNumbers(keys.prediction)?.elements(places) ?? [],
          weights: weights))
    case .classes(let shared):
      var probabilities: [[Double]] = []
      for key in keys.probabilities {
        if let column = columns.numbers(key) { probabilities.append(try column.elements(places)) }
      }
      return .classes(
        PredictionTable(
          classes: shared.classes, labels: try labels(places, shared),
          predictions: try columns.codes(keys.prediction)?.elements(places)
            .renamed(by: shared.predictionCodes),
          scores: try columns.numbers(keys.score)?.elements(places),
          probabilities: probabilities.isEmpty
            ? nil : FeatureMatrix(names: nil, columns: probabilities).values,
          weights: weights))
    }
  }

  private func labels(
    _ places: Range<Int>, _ shared: SharedLabels
  ) throws(ScratchError) -> [Int32] {
    try (columns.codes(keys.label)?.elements(places) ?? []).renamed(by: shared.labelCodes)
  }

  /// The probabilities of a class in some rows, the classes of these rows and their weights.
  ///
  /// - Throws: `ScratchError` if the disk fails.
  public func probabilities(
    ofClass code: Int, _ places: Range<Int>
  ) throws(ScratchError) -> (labels: [Int32], probabilities: [Double], weights: [Double]?) {
    guard case .classes(let shared) = meaning else {
      preconditionFailure("numbers have no probabilities")
    }
    return (
      try labels(places, shared),
      try columns.numbers(keys.probabilities[code])?.elements(places) ?? [],
      try columns.numbers(keys.weight)?.elements(places)
    )
  }
}

/// A prediction file whose rows need not fit into memory, and which columns they were taken from.
public struct StoredPredictionFile: Sendable {
  /// The rows.
  public let rows: StoredPredictions
  /// The columns used, so that a guess is never silent.
  public let usedColumns: [PredictionFile.UsedColumn]
  /// What a reader of the results should know.
  public let warnings: [String]

  /// The rows that are put aside together.
  private static let fewestRows = Chunks.size

  /// Reads predictions and puts their rows aside on disk.
  ///
  /// - Parameters:
  ///   - input: Where they are, with their labels.
  ///   - columns: Which columns mean what; neither ids nor slices.
  ///   - kind: What the labels are.
  ///   - limits: The longest record and the most labels and columns.
  ///   - progress: Is told as rows are read.
  /// - Throws: ``TableError`` with the row and column, or if the disk is full.
  public init(
    _ input: TableInput, columns: PredictionColumns = PredictionColumns(),
    kind: PredictionFile.Kind = .found, limits: Limits = .standard, progress: RowProgress? = nil
  ) throws(TableError) {
    precondition(columns.id == nil && columns.slices.isEmpty, "columns of text are not stored")
    let reader = try TableSource.open(input, limits: limits)
    guard !reader.isHeldWhole else { throw .heldWhole(reader.place) }
    var plan = try PredictionPlan(
      reader, wanted: columns, kind: kind, hasOwnLabels: true, dropsInvalidRows: false,
      limits: limits)
    var stored = StoredPredictions.Columns()
    var failure: ScratchError?
    try plan.read(
      reader, progress,
      passing: { passed in
        do throws(ScratchError) {
          try stored.append(passed)
        } catch { failure = error }
        return failure == nil
      }, fewestRows: Self.fewestRows)
    if let failure { throw .scratch(folder: failure.folder, reason: failure.reason) }
    var warnings: [String] = []
    let meaning = try plan.meaning(at: reader.place, limits: limits, warnings: &warnings)
    rows = StoredPredictions(stored, plan.keys, meaning, rowCount: plan.rowCount)
    usedColumns = plan.used
    self.warnings = warnings
  }
}
