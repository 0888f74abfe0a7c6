// Places where a plain loop is used though OpenBLAS could do it, and one where OpenBLAS is: each way
// beside the other, with the same result.
import Assay
import Benchmark
import BenchmarkInputs
import CBLASPeer
import Glibc

/// One chunk of rows, as large as those that a core works on.
struct Chunk {
  static let count = 1 << 16
  var labels: [Int32] = []
  var predictions: [Int32] = []
  var scores: [Double] = []
  var weights: [Double] = []
  var draws: [UInt8] = []

  init() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<Self.count {
      labels.append(Int32.random(in: 0...1, using: &random))
      predictions.append(Int32.random(in: 0...1, using: &random))
      scores.append(Double.random(in: 0..<1, using: &random))
      weights.append(Double.random(in: 0.5..<2, using: &random))
      draws.append(UInt8.random(in: 0...3, using: &random))
    }
  }
}

func dot(_ x: [Double], _ y: [Double]) -> Double {
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      cblas_ddot(Int32(x.count), x.baseAddress, 1, y.baseAddress, 1)
    }
  }
}

nonisolated(unsafe) let benchmarks: () -> Void = {
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal], maxDuration: .seconds(2))
  let chunk = Chunk()
  openblas_set_num_threads(1)

  // The cells of a weighted confusion matrix.
  let cells = (0..<4 as Range<Int32>).map { cell in
    zip(chunk.labels, chunk.predictions).reduce(into: [Double]()) {
      $0.append($1.0 * 2 + $1.1 == cell ? 1 : 0)
    }
  }
  let expected = cells.map { dot($0, chunk.weights) }
  Benchmark("weighted cells, loop (used)") { benchmark in
    for _ in benchmark.scaledIterations {
      var matrix = ConfusionMatrix(classCount: 2)
      matrix.add(labels: chunk.labels, predictions: chunk.predictions, weights: chunk.weights)
      precondition(abs(matrix.cells[3] - expected[3]) < 1e-7)
      blackHole(matrix)
    }
  }
  Benchmark("weighted cells, ddot of indicators") { benchmark in
    for _ in benchmark.scaledIterations {
      var indicators = [[Double]](repeating: [], count: 4)
      for cell in 0..<4 {
        indicators[cell] = [Double](unsafeUninitializedCapacity: Chunk.count) { buffer, count in
          for row in 0..<Chunk.count {
            buffer[row] =
              Int(chunk.labels[row]) * 2 + Int(chunk.predictions[row]) == cell ? 1 : 0
          }
          count = Chunk.count
        }
      }
      let sums = indicators.map { dot($0, chunk.weights) }
      precondition(sums == expected)
      blackHole(sums)
    }
  }

  // The losses of unweighted probabilities, whose logarithms take most of the time either way; the
  // loop takes no memory.
  Benchmark("unweighted losses, loop (used)") { benchmark in
    for _ in benchmark.scaledIterations {
      var losses = ProbabilityLosses()
      losses.add(labels: chunk.labels, positive: 1, probabilities: chunk.scores)
      precondition(losses.logLoss > 0)
      blackHole(losses)
    }
  }
  let ones = [Double](repeating: 1, count: Chunk.count)
  Benchmark("unweighted losses, ddot") { benchmark in
    for _ in benchmark.scaledIterations {
      var logarithms = [Double](repeating: 0, count: Chunk.count)
      var errors = logarithms
      for row in 0..<Chunk.count {
        let ofTruth = chunk.labels[row] == 1 ? chunk.scores[row] : 1 - chunk.scores[row]
        logarithms[row] = -log(min(max(ofTruth, Double.ulpOfOne), 1 - Double.ulpOfOne))
        errors[row] = 1 - ofTruth
      }
      let sums = (dot(logarithms, ones), dot(errors, errors))
      precondition(sums.0 > 0)
      blackHole(sums)
    }
  }

  // The weighted cells of one resampling.
  let codes = zip(chunk.labels, chunk.predictions).map { Int($0 * 2 + $1) }
  let columns = cells.map { indicator in zip(indicator, chunk.weights).map { $0 * $1 } }
  Benchmark("resampled weighted cells, loop (used)") { benchmark in
    for _ in benchmark.scaledIterations {
      var sums = [0.0, 0, 0, 0]
      for row in 0..<Chunk.count {
        sums[codes[row]] += Double(chunk.draws[row]) * chunk.weights[row]
      }
      precondition(sums[3] > 0)
      blackHole(sums)
    }
  }
  Benchmark("resampled weighted cells, ddot of columns") { benchmark in
    for _ in benchmark.scaledIterations {
      let draws = chunk.draws.map(Double.init)
      let sums = columns.map { dot($0, draws) }
      precondition(sums[3] > 0)
      blackHole(sums)
    }
  }

  // The sums of scores by bin, which stand together once scores are sorted.
  let sorted = chunk.scores.sorted()
  let isPositive = chunk.labels.map { $0 == 1 }
  Benchmark("calibration, dasum of sorted scores (used)") { benchmark in
    for _ in benchmark.scaledIterations {
      var sums: [Double] = []
      var start = 0
      for bin in 1...10 {
        var end = start
        while end < sorted.count && sorted[end] * 10 < Double(bin) { end += 1 }
        sums.append(
          sorted.withUnsafeBufferPointer {
            cblas_dasum(Int32(end - start), $0.baseAddress.map { $0 + start }, 1)
          })
        start = end
      }
      precondition(sums[9] > sums[0])
      blackHole(sums)
    }
  }
  Benchmark("calibration, loop") { benchmark in
    for _ in benchmark.scaledIterations {
      var bins = CalibrationBins()
      bins.add(isPositive: isPositive, probabilities: chunk.scores)
      precondition(bins.bins[9].weight > 0)
      blackHole(bins)
    }
  }
}
