import Assay
import Benchmark
import BenchmarkInputs

extension Rows {
  var table: PredictionTable {
    PredictionTable(
      classes: [.integer(0), .integer(1)], labels: labels, predictions: predictions, scores: scores)
  }
}

nonisolated(unsafe) let benchmarks: () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal, .peakMemoryResident, .throughput], maxDuration: .seconds(5))
  for (name, count) in [("10 k", 10_000), ("1 M", 1_000_000), ("10 M", 10_000_000)] {
    let rows = Rows(count)
    Benchmark("confusion matrix, \(name) rows") { benchmark in
      for _ in benchmark.scaledIterations {
        var matrix = ConfusionMatrix(classCount: 2)
        matrix.add(labels: rows.labels, predictions: rows.predictions)
        precondition(matrix.total == Double(count), "every row is counted once")
        blackHole(matrix)
      }
    }
    let isPositive = rows.isPositive
    Benchmark("rocArea, \(name) rows") { benchmark in
      for _ in benchmark.scaledIterations {
        let area = RankedScores(isPositive: isPositive, scores: rows.scores).rocArea
        precondition((area ?? 0) > 0.9, "scores tell labels")
        blackHole(area)
      }
    }
    if count == 1_000_000 {
      let metrics = ["accuracy", "precision", "recall", "f1", "roc_auc"].compactMap(Metric.named)
      let table = rows.table
      Benchmark("1,000 bootstrap replicates of five metrics, \(name) rows") { benchmark in
        for _ in benchmark.scaledIterations {
          let replicates = try? Evaluation.replicates(
            of: metrics, on: .classes(table), confidence: Confidence())
          precondition(replicates?.last?.count == 1_000, "every replicate has an area")
          blackHole(replicates)
        }
      }
    }
    let table = rows.table
    Benchmark("all binary metrics, \(name) rows") { benchmark in
      for _ in benchmark.scaledIterations {
        let evaluation = try? Evaluation(of: table)
        precondition(evaluation?["roc_auc"]?.number != nil, "the area is defined")
        blackHole(evaluation)
      }
    }
  }
}
