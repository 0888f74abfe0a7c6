import DataTables
@testable import EvaluationMetrics
import NumericKernels
import TestSupport
import Testing

/// Rows in memory that are read as stored ones are.
private struct HeldRows: StoredRows {
  let all: PredictionRows

  var rowCount: Int { all.rowCount }
  var columnCount: Int { 2 + (all.classTable?.classes.count ?? 0) }

  func rows(_ places: Range<Int>) throws(ScratchError) -> PredictionRows {
    switch all {
    case .classes(let table): .classes(table.rows(Array(places)))
    case .numbers(let table):
      .numbers(
        RegressionTable(
          targets: Array(table.targets[places]), predictions: Array(table.predictions[places]),
          weights: table.weights.map { Array($0[places]) }))
    }
  }

  func probabilities(
    ofClass code: Int, _ places: Range<Int>
  ) throws(ScratchError) -> (labels: [Int32], probabilities: [Double], weights: [Double]?) {
    guard case .classes(let table) = try rows(places) else { return ([], [], nil) }
    let count = table.classes.count
    return (
      table.labels,
      stride(from: code, to: places.count * count, by: count).map { table.probabilities?[$0] ?? 0 },
      table.weights
    )
  }
}

/// Rows evaluated from disk against the same rows in memory, to the last bit.
@Suite struct StoredEvaluationTests {
  private func expectSame(
    _ rows: PredictionRows, options: EvaluationOptions = EvaluationOptions(), numbers: Int = 400,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let held = try Evaluation(of: rows, options: options)
    let stored = try Evaluation(
      ofStored: HeldRows(all: rows), options: options,
      budget: MemoryBudget(chunks: 1, numbers: numbers))
    #expect(
      stored.entries.map(\.metric.id) == held.entries.map(\.metric.id),
      sourceLocation: sourceLocation)
    for (one, other) in zip(stored.entries, held.entries) {
      #expect(
        one.value == other.value, "\(one.metric.id), \(rows.rowCount) rows",
        sourceLocation: sourceLocation)
    }
    #expect(stored.matrix == held.matrix, sourceLocation: sourceLocation)
    #expect(stored.classReports == held.classReports, sourceLocation: sourceLocation)
    #expect(stored.warnings == held.warnings, sourceLocation: sourceLocation)
    #expect(stored.labels == held.labels && stored.rowCount == held.rowCount)
    #expect(stored.threshold == held.threshold && stored.positiveLabel == held.positiveLabel)
  }

  /// Weights with fractions, some of them 0.
  private func weights(_ count: Int, _ random: inout SplitMix64) -> [Double] {
    [1]
      + (1..<count).map { _ in
        Int.random(in: 0...9, using: &random) == 0 ? 0 : Double.random(in: 0...3, using: &random)
      }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func binaryRowsHaveTheMetricsOfMemory(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let count = Int.random(in: 1...3_000, using: &random)
    let steps = [1, 3, 50, 1 << 40].randomElement(using: &random) ?? 1
    let classes = [Label.integer(0), .integer(1)]
    var table = PredictionTable(
      classes: classes,
      labels: (0..<count).map { _ in Int.random(in: 0...4, using: &random) == 0 ? 1 : 0 },
      scores: (0..<count).map { _ in
        Double(Int.random(in: 0...steps, using: &random)) / Double(steps)
      }
    )
    if seed % 3 == 1 {
      table.predictions = table.labels.map {
        Int.random(in: 0...5, using: &random) == 0 ? 1 - $0 : $0
      }
    }
    if seed % 4 == 2 { table.scores = table.scores?.map { 4 * $0 - 2 } }
    var options = EvaluationOptions()
    if seed % 5 == 3 { options.threshold = Threshold(1 / 3, isInclusive: true) }
    if seed % 5 == 4 { options.positiveLabel = .integer(0) }
    try expectSame(.classes(table), options: options)
    table.weights = weights(count, &random)
    try expectSame(.classes(table), options: options)
  }

  @Test(arguments: [false, true])
  func severalChunksHaveTheMetricsOfMemory(isWeighted: Bool) throws {
    var random = SplitMix64(seed: 7)
    let count = 3 * Chunks.size + 1_000
    var table = PredictionTable(
      classes: [.integer(0), .integer(1)],
      labels: (0..<count).map { _ in Int.random(in: 0...2, using: &random) == 0 ? 1 : 0 },
      scores: (0..<count).map { _ in Double.random(in: 0...1, using: &random) })
    for row in 0..<count / 8 { table.scores?[8 * row] = 0.5 }
    if isWeighted { table.weights = weights(count, &random) }
    try expectSame(.classes(table), numbers: 200_000)
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func rowsOfManyClassesHaveTheMetricsOfMemory(seed: UInt64) throws {
    var rows = RandomRows(seed: seed)
    let classes = Int.random(in: 3...6, using: &rows.random)
    let count = Int.random(in: classes...2_000, using: &rows.random)
    var table = rows.multiclass(count, classes: classes, isWeighted: false)
    if seed % 3 == 1 {
      table.predictions = table.labels.map {
        ($0 + Int32.random(in: 0...1, using: &rows.random)) % 3
      }
    }
    if seed % 3 == 2 {
      table.probabilities = nil
      table.predictions = table.labels.map {
        ($0 + Int32.random(in: 0...1, using: &rows.random)) % 3
      }
    }
    try expectSame(.classes(table))
    table.weights = weights(count, &rows.random)
    try expectSame(.classes(table))
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func numbersHaveTheMetricsOfMemory(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let count = Int.random(in: 1...3_000, using: &random)
    let isTied = seed % 2 == 0
    let targets = (0..<count).map { _ in
      isTied
        ? Double(Int.random(in: 0...9, using: &random)) : Double.random(in: -5...9, using: &random)
    }
    var table = RegressionTable(
      targets: targets,
      predictions: targets.map { $0 + Double(Int.random(in: -4...4, using: &random)) / 8 })
    try expectSame(.numbers(table))
    table.weights = weights(count, &random)
    try expectSame(.numbers(table))
  }

  @Test func severalChunksOfNumbersHaveTheMetricsOfMemory() throws {
    var random = SplitMix64(seed: 3)
    let count = Chunks.size + 20_000
    let targets = (0..<count).map { _ in Double(Int.random(in: -40...40, using: &random)) }
    var table = RegressionTable(
      targets: targets, predictions: targets.map { $0 + Double.random(in: -1...1, using: &random) })
    try expectSame(.numbers(table), numbers: 100_000)
    table.weights = weights(count, &random)
    try expectSame(.numbers(table), numbers: 100_000)
  }

  @Test func whatCannotBeEvaluatedIsRefusedAsInMemory() throws {
    let classes = [Label.integer(0), .integer(1)]
    func expectRefused(_ table: PredictionTable) {
      let held = #expect(throws: EvaluationError.self) { try Evaluation(of: table) }
      let stored = #expect(throws: EvaluationError.self) {
        try Evaluation(ofStored: HeldRows(all: .classes(table)), memory: 64 << 20)
      }
      #expect(held == stored)
    }
    expectRefused(PredictionTable(classes: [], labels: [], scores: []))
    expectRefused(
      PredictionTable(classes: classes, labels: [0, 1], scores: [0, 1], weights: [0, 0]))
    expectRefused(
      PredictionTable(
        classes: classes, labels: [0, 1], probabilities: [0.5, 0.5, 0.5, 0.6]))
    expectRefused(
      PredictionTable(classes: [.text("a"), .text("b")], labels: [0, 1], scores: [0, 1]))
  }

  @Test func memoryThatHoldsNoPieceIsRefused() {
    let table = PredictionTable(
      classes: [.integer(0), .integer(1)], labels: [0, 1], scores: [0, 1])
    #expect(throws: EvaluationError.memoryTooSmall(needed: 3 * Chunks.size * 4 * 8)) {
      try Evaluation(ofStored: HeldRows(all: .classes(table)), memory: 1 << 20)
    }
  }
}
