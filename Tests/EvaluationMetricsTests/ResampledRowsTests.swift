import DataTables
@testable import EvaluationMetrics
import NumericKernels
import TestSupport
import Testing

/// Replicates against their obvious twin: rows copied as often as they are drawn, and evaluated.
@Suite struct ResampledRowsTests {
  private func expectTwins(
    _ rows: EvaluatedRows, task: EvaluationMetrics.Task, seed: UInt64, _ name: String
  ) {
    let metrics = Metric.all.filter { $0.tasks.contains(task) }
    let source = ResampledRows(rows, metrics: metrics, isPaired: true)
    var random: [RandomSource] = []
    var draws: [[UInt8]] = []
    for replicate in 0..<3 as Range<UInt64> {
      var source = RandomSource(seed: seed, stream: replicate)
      var counts = [UInt8](repeating: 0, count: rows.rowCount)
      Resampling.draw(into: &counts, using: &source)
      draws.append(counts)
      random.append(source)
    }
    source.forEachReplicate(draws: draws, random: random) { replicate, statistics in
      let copies = draws[replicate].enumerated().flatMap { row, count in
        [Int](repeating: row, count: Int(count))
      }
      let twin = Statistics(of: rows.selecting(copies))
      for metric in metrics {
        let value = metric.compute(statistics)?.number
        let expected = metric.compute(twin)?.number
        #expect(
          isClose(value, expected, relative: 1e-9)
            || value.flatMap { value in expected.map { abs(value - $0) < 1e-12 } } == true,
          "\(name), \(metric.id): \(value as Any) is not \(expected as Any)")
      }
    }
  }

  @Test func binaryReplicatesAreCopiedRows() throws {
    for (index, sample) in try BinaryCase.all.enumerated() where sample.labels.count <= 400 {
      for withPredictions in [true, false] where withPredictions || sample.scores != nil {
        let table = sample.table(withPredictions: withPredictions)
        let evaluand = try Evaluand(table, options: EvaluationOptions(task: .binary))
        expectTwins(evaluand.rows, task: .binary, seed: UInt64(index), sample.name)
      }
    }
  }

  @Test func multiclassReplicatesAreCopiedRows() throws {
    for (index, sample) in try MulticlassCase.all.enumerated() where sample.labels.count <= 200 {
      let table = try sample.table(withPredictions: true)
      let evaluand = try Evaluand(table, options: EvaluationOptions(task: .multiclass))
      expectTwins(evaluand.rows, task: .multiclass, seed: UInt64(index), sample.name)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func replicatesOfNumbersAreCopiedRows(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let count = Int.random(in: 2...300, using: &random)
    let levels = Double([4, 50, 1_000_000].randomElement(using: &random) ?? 4)
    let targets = (0..<count).map { _ in
      1_000 + (Double.random(in: 0..<1, using: &random) * levels).rounded(.down)
    }
    let predictions = targets.map { $0 + Double(Int.random(in: -3...3, using: &random)) / 4 }
    let weights = targets.map { _ in Double(Int.random(in: 1...4, using: &random)) }
    for weights in [nil, weights] {
      var rows = EvaluatedRows()
      rows.numbers = (targets, predictions)
      rows.weights = weights
      expectTwins(rows, task: .regression, seed: seed, "seed \(seed)")
    }
  }

  @Test func replicatesDoNotDependOnTheirBatch() throws {
    var random = RandomRows(seed: 4)
    let rows = try Evaluand(
      random.binary(500, isWeighted: true), options: EvaluationOptions()
    ).rows
    let metrics = Metric.all.filter { $0.tasks.contains(.binary) }
    let few = Bootstrap.replicates(of: metrics, rows, Confidence(replicateCount: 5, seed: 8))
    let many = Bootstrap.replicates(of: metrics, rows, Confidence(replicateCount: 40, seed: 8))
    let others = Bootstrap.replicates(of: metrics, rows, Confidence(replicateCount: 5, seed: 9))
    for index in metrics.indices {
      for (one, other) in zip(few[index], many[index]) {
        #expect(isClose(one, other, relative: 1e-13))
      }
      #expect(few[index] != others[index], "\(metrics[index].id)")
    }
  }
}
