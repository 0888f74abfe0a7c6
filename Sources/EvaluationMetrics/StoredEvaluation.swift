public import DataTables
public import NumericKernels

extension Evaluation {
  /// Computes every metric of rows that need not fit into memory.
  ///
  /// The results are those of the same rows in memory, to the last bit. Rows are read in pieces, a few
  /// times over; scores, and distances of numbers, are sorted in parts that are put aside on disk.
  ///
  /// - Parameters:
  ///   - rows: The rows; at least one.
  ///   - options: The task, the positive class and the cut; no intervals.
  ///   - memory: The bytes that the computation may hold.
  /// - Throws: ``EvaluationError``, also if `memory` does not hold as many rows as are looked at
  ///   together, or the disk is full.
  /// - Complexity: as in memory; *c* times reading the probabilities of *c* classes.
  public init<Rows: StoredRows>(
    ofStored rows: Rows, options: EvaluationOptions = EvaluationOptions(), memory: Int
  ) throws(EvaluationError) where Rows.Failure == ScratchError {
    try self.init(
      ofStored: rows, options: options,
      budget: MemoryBudget(memory, columnCount: rows.columnCount))
  }

  init<Rows: StoredRows>(
    ofStored rows: Rows, options: EvaluationOptions, budget: MemoryBudget
  ) throws(EvaluationError) where Rows.Failure == ScratchError {
    precondition(options.confidence == nil, "rows are drawn again from memory alone")
    let source = try CountedRows(rows, options: options, budget: budget)
    do throws(ScratchError) {
      let (statistics, preparation) = try source.statistics()
      self.init(
        task: preparation.task, labels: preparation.labels,
        positiveLabel: preparation.positiveLabel, threshold: preparation.threshold,
        rowCount: rows.rowCount, statistics: statistics,
        entries: Metric.values(of: preparation.task, from: statistics).map {
          Entry(metric: $0.metric, value: $0.value, interval: nil)
        }, warnings: preparation.warnings(ofAll: rows.rowCount))
    } catch { throw .scratch(error) }
  }
}

/// How much is held in memory at a time.
struct MemoryBudget {
  /// The rows that are read at a time: whole chunks, whose sums are those of all rows at once.
  let pieceSize: Int
  /// The numbers that sorting may hold at a time.
  private let numbers: Int

  /// Creates a budget of so many chunks of rows, and numbers.
  init(chunks: Int, numbers: Int) {
    pieceSize = chunks * Chunks.size
    self.numbers = numbers
  }

  /// Divides memory between rows as they are read and numbers as they are sorted.
  ///
  /// A row's numbers are held up to three times, as they are read, taken apart and made ready.
  init(_ memory: Int, columnCount: Int) throws(EvaluationError) {
    let chunk = 3 * Chunks.size * columnCount * MemoryLayout<Double>.stride
    guard chunk <= memory / 2 else { throw .memoryTooSmall(needed: chunk) }
    self.init(
      chunks: min(memory / 2 / chunk, 16), numbers: memory / 2 / MemoryLayout<Double>.stride)
  }

  /// The numbers that two walks through sorted runs may read at a time each: as they are read, put
  /// together and, with weights, sorted by them.
  func capacity(isWeighted: Bool) -> Int { numbers / (isWeighted ? 16 : 6) }
}

/// Stored rows without those that have no weight.
private struct CountedRows<Rows: StoredRows> where Rows.Failure == ScratchError {
  private let rows: Rows
  private let budget: MemoryBudget
  private let hasWeightlessRows: Bool
  private let classes: [Int]
  private let preparation: RowPreparation
  /// No rows, of the kind that all are.
  private let pattern: EvaluatedRows

  /// Checks all rows.
  init(
    _ rows: Rows, options: EvaluationOptions, budget: MemoryBudget
  ) throws(EvaluationError) {
    guard rows.rowCount > 0 else { throw .noRows }
    self.rows = rows
    self.budget = budget
    var survey = RowSurvey()
    for start in stride(from: 0, to: rows.rowCount, by: budget.pieceSize) {
      let piece: PredictionRows
      do throws(ScratchError) {
        piece = try rows.rows(start..<min(start + budget.pieceSize, rows.rowCount))
      } catch { throw .scratch(error) }
      try survey.add(piece)
    }
    classes = try survey.countedClasses()
    hasWeightlessRows = survey.hasWeightlessRows
    let none: PredictionRows
    do throws(ScratchError) { none = try rows.rows(0..<0) } catch { throw .scratch(error) }
    switch none {
    case .classes(let table):
      let counted = hasWeightlessRows ? table.counting([], classes: classes) : table
      preparation = try RowPreparation(counted, options: options)
      pattern = preparation.rows(of: counted)
    case .numbers(let table):
      preparation = try RowPreparation(ofNumbers: options)
      pattern = preparation.rows(of: table)
    }
  }

  /// The rows in turn, whole chunks at a time but for the last.
  private func forEachPiece(
    _ body: (EvaluatedRows) throws(ScratchError) -> Void
  ) throws(ScratchError) {
    var rest = pattern
    for start in stride(from: 0, to: rows.rowCount, by: budget.pieceSize) {
      var piece = try prepared(start..<min(start + budget.pieceSize, rows.rowCount))
      if hasWeightlessRows {
        rest.append(piece)
        let whole = rest.rowCount / Chunks.size * Chunks.size
        piece = rest.selecting(Array(0..<whole))
        rest = rest.selecting(Array(whole..<rest.rowCount))
      }
      if piece.rowCount > 0 { try body(piece) }
    }
    if rest.rowCount > 0 { try body(rest) }
  }

  private func prepared(_ places: Range<Int>) throws(ScratchError) -> EvaluatedRows {
    switch try rows.rows(places) {
    case .classes(let table):
      let counted = table.weights.flatMap(rowsThatCount)
      let weighty =
        hasWeightlessRows
        ? table.counting(counted ?? Array(0..<table.rowCount), classes: classes) : table
      return preparation.rows(of: weighty)
    case .numbers(let table):
      let counted = table.weights.flatMap(rowsThatCount)
      return preparation.rows(of: counted.map { table.counting($0) } ?? table)
    }
  }

  /// The statistics of all rows, and what was found remarkable about them.
  func statistics() throws(ScratchError) -> (Statistics, RowPreparation) {
    var statistics = Statistics(describing: pattern)
    var preparation = preparation
    let isWeighted = pattern.weights != nil
    if pattern.numbers != nil {
      statistics.errors = try errors(noting: &preparation)
      return (statistics, preparation)
    }
    var sums = RowSums(describing: pattern)
    var supports = [Double](repeating: 0, count: pattern.classCount)
    var scores: StoredScores?
    if pattern.scores != nil {
      scores = try StoredScores(
        classCount: 2, isWeighted: isWeighted,
        capacity: budget.capacity(isWeighted: isWeighted))
    }
    try forEachPiece { rows throws(ScratchError) in
      var rows = rows
      preparation.note(rows)
      // Sums of what turns out to be no probabilities are not taken over.
      rows.areProbabilities = true
      sums.add(rows)
      for row in rows.labels.indices { supports[Int(rows.labels[row])] += rows.weights?[row] ?? 1 }
      if let own = rows.scores {
        try scores?.add(labels: rows.labels, scores: own, weights: rows.weights)
      }
    }
    statistics.take(sums, areProbabilities: preparation.areProbabilities)
    if var scores {
      try scores.putAside()
      let found = try scores.ranking(of: pattern.positive, against: [1 - pattern.positive])
        .measures(cut: pattern.cut, areProbabilities: preparation.areProbabilities)
      statistics.ranking = found.ranking
      if let matrix = found.matrix {
        statistics.matrix = matrix.placing(positive: pattern.positive)
      }
      statistics.calibrationError = found.calibration?.expectedCalibrationError
    }
    if pattern.probabilities != nil { statistics.classAreas = try areas(supports: supports) }
    return (statistics, preparation)
  }

  /// The areas under the curves of each class's probabilities, class by class.
  private func areas(supports: [Double]) throws(ScratchError) -> ClassAreas {
    let isWeighted = pattern.weights != nil
    let all = supports.indices
    var areas = ClassAreas(supports: supports)
    for label in all {
      var scores = try StoredScores(
        classCount: all.count, isWeighted: isWeighted,
        capacity: budget.capacity(isWeighted: isWeighted))
      for start in stride(from: 0, to: rows.rowCount, by: budget.pieceSize) {
        let piece = try rows.probabilities(
          ofClass: label, start..<min(start + budget.pieceSize, rows.rowCount))
        if let weights = piece.weights, let counted = rowsThatCount(weights) {
          try scores.add(
            labels: counted.map { piece.labels[$0] },
            scores: counted.map { piece.probabilities[$0] },
            weights: counted.map { weights[$0] })
        } else {
          try scores.add(
            labels: piece.labels, scores: piece.probabilities, weights: piece.weights)
        }
      }
      try scores.putAside()
      areas.againstRest[label] = try scores.ranking(
        of: label, against: all.filter { $0 != label }
      ).rocArea()
      guard !isWeighted else { continue }
      for other in all where other != label {
        areas.againstEach[label * all.count + other] = try scores.ranking(
          of: label, against: [other]
        ).rocArea()
      }
    }
    return areas
  }
}

// MARK: Numbers

extension CountedRows {
  private func errors(
    noting preparation: inout RowPreparation
  ) throws(ScratchError) -> RegressionMeasures {
    let isWeighted = pattern.weights != nil
    var sums = ErrorSums()
    var distances = SortedRuns(
      in: try ScratchFile(), isWeighted: isWeighted,
      capacity: budget.capacity(isWeighted: isWeighted))
    var notes = preparation
    try forEachPiece { rows throws(ScratchError) in
      guard let numbers = rows.numbers else { return }
      notes.note(rows)
      sums.add(targets: numbers.targets, predictions: numbers.predictions, weights: rows.weights)
      // Walks go from the greatest number to the smallest.
      try distances.add(
        zip(numbers.targets, numbers.predictions).map { -($0 - $1).magnitude },
        weights: rows.weights)
    }
    preparation = notes
    try distances.putAside()
    let median = try middle(of: distances)
    guard !isWeighted else {
      return sums.measures(
        medianAbsoluteError: median, pearsonCorrelation: nil, spearmanCorrelation: nil)
    }
    let targets = ChunkedNumbers(count: rows.rowCount) { places throws(ScratchError) in
      try rows.rows(places).numberTable?.targets ?? []
    }
    let predictions = ChunkedNumbers(count: rows.rowCount) { places throws(ScratchError) in
      try rows.rows(places).numberTable?.predictions ?? []
    }
    return sums.measures(
      medianAbsoluteError: median, pearsonCorrelation: try correlation(targets, predictions),
      spearmanCorrelation: try correlation(ranks(of: targets), ranks(of: predictions)))
  }

  private func middle(of distances: SortedRuns) throws(ScratchError) -> Double {
    let isWeighted = pattern.weights != nil
    let capacity = budget.capacity(isWeighted: isWeighted)
    func cursor() throws(ScratchError) -> SortedCursor {
      try SortedCursor(
        SortedBlocks([distances], capacity: capacity), isWeighted: isWeighted)
    }
    var middle = MiddleDistance(ofRows: distances.count)
    if isWeighted {
      var total = 0.0
      var all = try cursor()
      while let row = try all.take() { total += row.weight }
      middle = MiddleDistance(ofWeight: total)
    }
    var cursor = try cursor()
    while !middle.isFound, let row = try cursor.take() {
      middle.add(-row.number, weight: row.weight)
    }
    return middle.value
  }

  /// The ranks of a column's numbers, equal ones having the mean of theirs.
  ///
  /// Numbers are sorted with their places, and ranks by these.
  private func ranks(
    of column: ChunkedNumbers<ScratchError>
  ) throws(ScratchError) -> ChunkedNumbers<ScratchError> {
    let capacity = budget.capacity(isWeighted: true)
    var numbers = SortedRuns(in: try ScratchFile(), isWeighted: true, capacity: capacity)
    try column.forEachChunk { chunk throws(ScratchError) in
      let first = numbers.count
      try numbers.add(chunk, weights: chunk.indices.map { Double(first + $0) })
    }
    try numbers.putAside()
    // Of each number all equal ones are counted before their ranks are known.
    func cursor() throws(ScratchError) -> SortedCursor {
      try SortedCursor(SortedBlocks([numbers], capacity: capacity / 2), isWeighted: true)
    }
    var (ahead, cursor) = (try cursor(), try cursor())
    var ranks = SortedRuns(in: try ScratchFile(), isWeighted: true, capacity: capacity)
    var end = column.count
    var piece = (places: [Double](), ranks: [Double]())
    func handOver() throws(ScratchError) {
      try ranks.add(piece.places, weights: piece.ranks)
      piece = ([], [])
    }
    while let number = ahead.number {
      let start = end - (try ahead.takeTie(number).count)
      for _ in start..<end {
        guard let row = try cursor.take() else { break }
        piece.places.append(-row.weight)
        piece.ranks.append(Double(start + end + 1) / 2)
        if piece.places.count == Chunks.size { try handOver() }
      }
      end = start
    }
    try handOver()
    try ranks.putAside()
    var blocks = SortedBlocks([ranks], capacity: capacity)
    var result = try ScratchColumn<Double>()
    while let block = try blocks.next() { try result.append((block.weights ?? []).reversed()) }
    let stored = result
    return ChunkedNumbers(count: column.count) { places throws(ScratchError) in
      try stored.elements(places)
    }
  }
}
