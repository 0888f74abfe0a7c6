import DataTables
import EvaluationMetrics
import TestSupport
import Testing

@Suite struct ClassScoresTests {
  private func scores(_ table: PredictionTable) throws -> ClassScores {
    ClassScores(
      labels: table.labels, probabilities: try #require(table.probabilities),
      classCount: table.classes.count, weights: table.weights)
  }

  /// How often a row of `label` outranks one of `others` in the label's own column, pair by pair.
  private func naiveArea(_ table: PredictionTable, _ label: Int, against others: Set<Int>) -> Double
  {
    let column = table.labels.indices.map {
      table.probabilities?[$0 * table.classes.count + label] ?? 0
    }
    var (wins, pairs) = (0.0, 0.0)
    for i in table.labels.indices where Int(table.labels[i]) == label {
      for j in table.labels.indices where others.contains(Int(table.labels[j])) {
        let weight = (table.weights?[i] ?? 1) * (table.weights?[j] ?? 1)
        pairs += weight
        wins += column[i] > column[j] ? weight : column[i] == column[j] ? weight / 2 : 0
      }
    }
    return wins / pairs
  }

  private func support(_ table: PredictionTable, _ label: Int) -> Double {
    table.labels.indices.filter { Int(table.labels[$0]) == label }
      .reduce(0) { $0 + (table.weights?[$1] ?? 1) }
  }

  @Test(arguments: 0..<20 as Range<UInt64>, [3, 5])
  func oneVsRestIsTheMeanOfTheClassesAreas(seed: UInt64, classes: Int) throws {
    for isWeighted in [false, true] {
      var rows = RandomRows(seed: seed)
      let table = rows.multiclass(40, classes: classes, isWeighted: isWeighted)
      let all = Set(0..<classes)
      let areas = all.sorted().map { naiveArea(table, $0, against: all.subtracting([$0])) }
      let supports = all.sorted().map { support(table, $0) }
      let weighted = zip(areas, supports).reduce(0) { $0 + $1.0 * $1.1 } / supports.reduce(0, +)
      let scores = try scores(table)
      #expect(
        isClose(scores.oneVsRestArea(.macro), areas.reduce(0, +) / Double(classes)), "seed \(seed)")
      #expect(isClose(scores.oneVsRestArea(.weighted), weighted), "seed \(seed)")
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>, [3, 5])
  func oneVsOneIsTheMeanOfThePairsAreas(seed: UInt64, classes: Int) throws {
    var rows = RandomRows(seed: seed)
    let table = rows.multiclass(40, classes: classes, isWeighted: false)
    var (areas, supports): ([Double], [Double]) = ([], [])
    for first in 0..<classes {
      for second in (first + 1)..<classes {
        areas.append(
          (naiveArea(table, first, against: [second]) + naiveArea(table, second, against: [first]))
            / 2)
        supports.append(support(table, first) + support(table, second))
      }
    }
    let weighted = zip(areas, supports).reduce(0) { $0 + $1.0 * $1.1 } / supports.reduce(0, +)
    let scores = try scores(table)
    #expect(
      isClose(scores.oneVsOneArea(.macro), areas.reduce(0, +) / Double(areas.count)), "seed \(seed)"
    )
    #expect(isClose(scores.oneVsOneArea(.weighted), weighted), "seed \(seed)")
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func partsMergeToTheWhole(seed: UInt64) throws {
    for isWeighted in [false, true] {
      var rows = RandomRows(seed: seed)
      let table = rows.multiclass(60, classes: 3, isWeighted: isWeighted)
      let whole = try scores(table)
      var merged = try scores(table.rows(Array(0..<2)))
      for range in [2..<2, 2..<30, 30..<60] { merged.merge(try scores(table.rows(Array(range)))) }
      #expect(merged.trueClasses == whole.trueClasses)
      for average in [ClassScores.Average.macro, .weighted] {
        #expect(
          isClose(merged.oneVsRestArea(average), whole.oneVsRestArea(average), relative: 1e-12),
          "seed \(seed)")
        #expect(
          isClose(merged.oneVsOneArea(average), whole.oneVsOneArea(average), relative: 1e-12),
          "seed \(seed)")
      }
    }
  }

  @Test func absentClassesLeaveOneVsOneToTheOthers() {
    let scores = ClassScores(
      labels: [0, 0, 2], probabilities: [0.8, 0.1, 0.1, 0.3, 0.3, 0.4, 0.2, 0.2, 0.6], classCount: 3
    )
    #expect(scores.trueClasses == [0, 2])
    #expect(scores.oneVsRestArea(.macro) == nil)
    #expect(scores.oneVsRestArea(.weighted) == nil)
    #expect(scores.oneVsOneArea(.macro) == 1)
    #expect(scores.oneVsOneArea(.weighted) == 1)
  }

  @Test func rowsOfWeightZeroCreateNoClass() {
    let scores = ClassScores(
      labels: [0, 1], probabilities: [0.5, 0.5, 0.5, 0.5], classCount: 2, weights: [1, 0])
    #expect(scores.trueClasses == [0])
    #expect(scores.oneVsRestArea(.macro) == nil)
    #expect(scores.oneVsOneArea(.macro) == nil)
  }

  @Test func oneClassHasNoArea() {
    let scores = ClassScores(labels: [0, 0], probabilities: [1, 1], classCount: 1)
    #expect(scores.oneVsRestArea(.macro) == nil)
    #expect(scores.oneVsOneArea(.macro) == nil)
  }
}
