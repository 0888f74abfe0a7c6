internal import NumericKernels

/// One model's rows, made ready to be counted again and again with other multiplicities.
///
/// Rows stand in an order of the model's own, in which what is counted is a walk through memory:
/// from the highest score to the lowest, or from the smallest error to the greatest.
struct ResampledRows: Sendable {
  private let template: Statistics
  private let classCount: Int
  /// For each place in the model's order the row given.
  private let order: [UInt32]?
  private let weights: [Double]?
  /// The rows of each pair of true and predicted class, where the draws of rows are not needed.
  private var cells: [Double]?
  /// Each row's pair of classes, where the draws of rows decide.
  private var cellCodes: [Int32]?
  private var ranking: ResampledRanking?
  /// Whether more of a ranking is wanted than the area under its curve.
  private let wantsCurves: Bool
  private var classAreas: ResampledClassAreas?
  /// The rows of each rank of the true class, where the draws of rows are not needed.
  private var rankCells: [Double]?
  private var rankCodes: [Int32]?
  private var sums: ResampledSums?
  private var hasLosses = false
  private var numbers: ResampledNumbers?

  /// Whether replicates take the draws of every row.
  let needsDraws: Bool

  /// Takes rows.
  ///
  /// - Parameters:
  ///   - rows: The rows, at least one.
  ///   - metrics: What is wanted of them.
  ///   - isPaired: Whether another model's rows are drawn with these, so that every draw is of a row.
  init(_ rows: EvaluatedRows, metrics: [Metric], isPaired: Bool) {
    let needs = Set(metrics.map(\.need))
    template = Statistics(describing: rows)
    classCount = rows.classCount
    wantsCurves = metrics.contains { $0.need == .ranking && $0.rocAreaFactor == nil }
    let wantsRanking = needs.contains(.ranking)
    let wantsLosses = needs.contains(.probabilities) && rows.areProbabilities
    let drawsCells = rows.weights == nil && !isPaired
    // Labels alone are counted in any order.
    let order = needs.isSubset(of: [.predictions]) ? nil : Self.order(of: rows)
    self.order = isPaired ? order : nil
    func ordered<Element>(_ values: [Element]) -> [Element] {
      order.map { $0.map { values[Int($0)] } } ?? values
    }
    weights = rows.weights.map(ordered)
    var draws = false

    if needs.contains(.predictions), let predictions = rows.predictedClasses {
      if drawsCells {
        var matrix = ConfusionMatrix(classCount: rows.classCount)
        matrix.add(labels: rows.labels, predictions: predictions)
        cells = matrix.cells
      } else {
        let count = Int32(rows.classCount)
        cellCodes = ordered(zip(rows.labels, predictions).map { $0 * count + $1 })
        draws = true
      }
    }
    if let scores = rows.scores, wantsRanking || wantsLosses {
      let scores = ordered(scores)
      let isPositive = ordered(rows.isPositive)
      if wantsRanking {
        ranking = ResampledRanking(isPositive: isPositive, scores: scores, weights: weights)
      }
      if wantsLosses {
        sums = ResampledSums(isPositive: isPositive, probabilities: scores, weights: weights)
        hasLosses = true
      }
      draws = true
    }
    if let probabilities = rows.probabilities, wantsRanking || wantsLosses {
      let count = rows.classCount
      let all = probabilities.span
      if wantsRanking {
        classAreas = ResampledClassAreas(
          labels: rows.labels, probabilities: probabilities, classCount: count,
          ofPairs: rows.weights == nil)
        let ranks = rows.labels.indices.map { row in
          ClassRanks.rank(
            of: Int(rows.labels[row]), among: all.extracting(row * count..<(row + 1) * count))
        }
        if drawsCells {
          var cells = [Double](repeating: 0, count: count)
          for rank in ranks { cells[rank] += 1 }
          rankCells = cells
        } else {
          rankCodes = ranks.map { Int32($0) }
        }
      }
      if wantsLosses {
        let losses = rows.labels.indices.map { row in
          ProbabilityLosses.loss(
            label: Int(rows.labels[row]),
            probabilities: all.extracting(row * count..<(row + 1) * count))
        }
        sums = ResampledSums(losses: losses, weights: weights)
        hasLosses = true
      }
      draws = true
    }
    if needs.contains(.numbers), let given = rows.numbers {
      let numbers = ResampledNumbers(
        targets: ordered(given.targets), predictions: ordered(given.predictions), weights: weights)
      sums = ResampledSums([numbers.columns], weights: weights)
      self.numbers = numbers
      draws = true
    }
    needsDraws = draws
  }

  /// For each place the row that stands there; `nil` where rows stand as they are given.
  private static func order(of rows: EvaluatedRows) -> [UInt32]? {
    if let scores = rows.scores {
      return ResampledRanking.order(isPositive: rows.isPositive, scores: scores)
    }
    return rows.numbers.map { numbers in
      Sorting.order(of: zip(numbers.targets, numbers.predictions).map { ($0 - $1).magnitude })
    }
  }

  /// The statistics of replicates.
  ///
  /// - Parameters:
  ///   - draws: For each replicate how often each row given was drawn; empty lists where draws are
  ///     not needed.
  ///   - random: For each replicate what its other draws are decided by.
  ///   - body: Is called with each replicate's statistics in turn.
  func forEachReplicate(
    draws: [[UInt8]], random: [RandomSource], _ body: (Int, Statistics) -> Void
  ) {
    let draws =
      order.map { order in
        draws.map { draws in order.map { draws[Int($0)] } }
      } ?? draws
    let sums = self.sums?.sums(draws: draws)
    for replicate in random.indices {
      var random = random[replicate]
      var statistics = template
      let own = draws[replicate]
      if let cells {
        statistics.matrix = ConfusionMatrix(
          classCount: classCount, cells: Self.drawn(cells, using: &random))
      } else if let cellCodes {
        statistics.matrix = ConfusionMatrix(
          classCount: classCount,
          cells: counted(own, codes: cellCodes, count: classCount * classCount))
      }
      if let rankCells {
        statistics.classRanks = ClassRanks(weights: Self.drawn(rankCells, using: &random))
      } else if let rankCodes {
        statistics.classRanks = ClassRanks(
          weights: counted(own, codes: rankCodes, count: classCount))
      }
      statistics.ranking = ranking?.measures(draws: own, withCurves: wantsCurves)
      statistics.classAreas = classAreas?.areas(draws: own, weights: weights)
      if hasLosses, let sums = sums?[replicate] {
        statistics.losses = sums.losses
        statistics.calibrationError = sums.calibrationError
      }
      if let numbers, let sums = sums?[replicate] {
        statistics.errors = numbers.measures(draws: own, sums: sums.total, weights: weights)
      }
      body(replicate, statistics)
    }
  }

  private static func drawn(_ cells: [Double], using random: inout RandomSource) -> [Double] {
    var counts = cells
    random.multinomial(Int(cells.reduce(0, +)), cells: cells, into: &counts)
    return counts
  }

  /// The weight of the drawn rows of each code.
  private func counted(_ draws: [UInt8], codes: [Int32], count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    if let weights {
      for row in draws.indices { sums[Int(codes[row])] += Double(draws[row]) * weights[row] }
    } else {
      for row in draws.indices { sums[Int(codes[row])] += Double(draws[row]) }
    }
    return sums
  }
}
