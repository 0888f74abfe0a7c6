internal import NumericKernels

/// Scores of rows apart by true class, sorted beyond memory.
struct StoredScores {
  private var sides: [SortedRuns]
  private let isWeighted: Bool
  private let capacity: Int

  /// Creates the scores of no rows.
  ///
  /// - Parameters:
  ///   - classCount: The number of classes.
  ///   - isWeighted: Whether rows have weights.
  ///   - capacity: The scores that may be held in memory.
  /// - Throws: `ScratchError`.
  init(classCount: Int, isWeighted: Bool, capacity: Int) throws(ScratchError) {
    let file = try ScratchFile()
    let runs = SortedRuns(
      in: file, isWeighted: isWeighted, capacity: max(capacity / classCount, 16))
    sides = [SortedRuns](repeating: runs, count: classCount)
    self.isWeighted = isWeighted
    self.capacity = capacity
  }

  /// Adds rows.
  ///
  /// - Parameters:
  ///   - labels: The true classes, *n* codes.
  ///   - scores: *n* scores, none of them NaN.
  ///   - weights: *n* weights, all above 0, where rows have some.
  /// - Throws: `ScratchError`, such as of a full disk.
  mutating func add(
    labels: [Int32], scores: [Double], weights: [Double]?
  ) throws(ScratchError) {
    var parts = [(scores: [Double], weights: [Double])](repeating: ([], []), count: sides.count)
    for row in labels.indices {
      parts[Int(labels[row])].scores.append(scores[row])
      if let weights { parts[Int(labels[row])].weights.append(weights[row]) }
    }
    for (label, part) in parts.enumerated() {
      try sides[label].add(part.scores, weights: isWeighted ? part.weights : nil)
    }
  }

  /// Puts the last scores aside, before they are ranked.
  mutating func putAside() throws(ScratchError) {
    for label in sides.indices { try sides[label].putAside() }
  }

  /// The scores of a class's rows against those of others.
  func ranking(of label: Int, against others: [Int]) -> StoredRanking {
    StoredRanking(
      positives: [sides[label]], negatives: others.map { sides[$0] }, isWeighted: isWeighted,
      capacity: capacity)
  }
}

/// The scores of positives and negatives in order, on disk: what ``RankedScores`` is in memory, with the
/// same results to the last bit.
struct StoredRanking {
  fileprivate let positives: [SortedRuns]
  fileprivate let negatives: [SortedRuns]
  fileprivate let isWeighted: Bool
  fileprivate let capacity: Int

  private var positiveCount: Int { positives.reduce(0) { $0 + $1.count } }
  private var negativeCount: Int { negatives.reduce(0) { $0 + $1.count } }

  private func cursor(_ runs: [SortedRuns]) throws(ScratchError) -> SortedCursor {
    try SortedCursor(SortedBlocks(runs, capacity: capacity), isWeighted: isWeighted)
  }

  /// Calls `body` for each distinct score, from the highest to the lowest.
  private func forEachTie(
    _ body: (_ positives: SortedCursor.Tie, _ negatives: SortedCursor.Tie) -> Void
  ) throws(ScratchError) {
    var (up, down) = (try cursor(positives), try cursor(negatives))
    while up.number != nil || down.number != nil {
      let score = max(up.number ?? -.infinity, down.number ?? -.infinity)
      body(try up.takeTie(score), try down.takeTie(score))
    }
  }
}

extension StoredRanking {
  /// One class's scores by themselves.
  private struct Side {
    var total = CompensatedSum()
    var above = CompensatedSum()
    var below = CompensatedSum()
    /// Of each part of 0...1, from the lowest, the weight and the weighted scores.
    var bins: [(weight: CompensatedSum, scores: CompensatedSum)] = []

    /// Walks from the highest score to the lowest.
    init(
      _ blocks: consuming SortedBlocks, cut: Threshold?, binCount: Int?
    ) throws(ScratchError) {
      bins = [(CompensatedSum, CompensatedSum)](
        repeating: (CompensatedSum(), CompensatedSum()), count: binCount ?? 0)
      var chunk = (bin: 0, scores: [Double](), weights: [Double]())
      func endChunk(_ bins: inout [(weight: CompensatedSum, scores: CompensatedSum)]) {
        guard !chunk.scores.isEmpty else { return }
        let scores = Array(chunk.scores.reversed())
        let weights = Array(chunk.weights.reversed())
        bins[chunk.bin].scores += weightedSum(
          of: scores.span, weights: weights.isEmpty ? nil : weights.span)
        chunk.scores.removeAll(keepingCapacity: true)
        chunk.weights.removeAll(keepingCapacity: true)
      }
      while let block = try blocks.next() {
        let scores = block.numbers.span
        for place in scores.indices.reversed() {
          let score = scores[place]
          let weight = block.weights?[place]
          total += weight ?? 1
          if let cut {
            if cut.isPositive(score) { above += weight ?? 1 } else { below += weight ?? 1 }
          }
          guard let binCount else { continue }
          let bin = CalibrationBins.index(of: score, count: binCount)
          if bin != chunk.bin || chunk.scores.count == Chunks.size {
            endChunk(&bins)
            chunk.bin = bin
          }
          bins[bin].weight += weight ?? 1
          chunk.scores.append(score)
          if let weight { chunk.weights.append(weight) }
        }
      }
      endChunk(&bins)
    }
  }

  /// What the scores tell of a binary problem.
  ///
  /// - Parameters:
  ///   - cut: Where scores are cut into predictions; `nil` where they are not.
  ///   - areProbabilities: Whether all scores lie in 0...1.
  /// - Returns: the ranking metrics; the matrix of negatives and positives, in that order, at the cut;
  ///   the calibration of probabilities.
  /// - Throws: `ScratchError`.
  func measures(
    cut: Threshold?, areProbabilities: Bool
  ) throws(ScratchError) -> (
    ranking: RankingMeasures, matrix: ConfusionMatrix?, calibration: CalibrationBins?
  ) {
    let binCount = areProbabilities ? CalibrationBins.standardCount : nil
    let up = try Side(SortedBlocks(positives, capacity: capacity), cut: cut, binCount: binCount)
    let down = try Side(SortedBlocks(negatives, capacity: capacity), cut: cut, binCount: binCount)
    let curves = try curves((up.total.value, down.total.value))
    let hasPositives = positiveCount > 0
    let ranking = RankingMeasures(
      rocArea: curves.area, rocAreaError: nil,
      averagePrecision: hasPositives ? min(curves.precision / up.total.value, 1) : nil,
      kolmogorovSmirnov: hasPositives && negativeCount > 0 ? min(curves.distance, 1) : nil)
    let matrix = cut.map { _ in
      ConfusionMatrix(
        classCount: 2,
        cells: [down.below.value, down.above.value, up.below.value, up.above.value])
    }
    let calibration = binCount.map { binCount in
      var calibration = CalibrationBins(count: binCount)
      for (side, isPositive) in [(up, true), (down, false)] {
        for (bin, sums) in side.bins.enumerated() {
          calibration.add(
            toBin: bin, weight: sums.weight.value, scores: sums.scores.value,
            arePositive: isPositive)
        }
      }
      return calibration
    }
    return (ranking, matrix, calibration)
  }

  /// The area under the ROC curve; `nil` where either class has no rows.
  func rocArea() throws(ScratchError) -> Double? {
    guard isWeighted else { return try curves((Double(positiveCount), Double(negativeCount))).area }
    let up = try Side(SortedBlocks(positives, capacity: capacity), cut: nil, binCount: nil)
    let down = try Side(SortedBlocks(negatives, capacity: capacity), cut: nil, binCount: nil)
    return try curves((up.total.value, down.total.value)).area
  }

  /// One walk through all cuts.
  ///
  /// Sums are made as ``RankedScores`` makes them: of unweighted rows by parts of the class that has
  /// more of them.
  private func curves(
    _ totals: (positives: Double, negatives: Double)
  ) throws(ScratchError) -> (area: Double?, precision: Double, distance: Double) {
    let (positiveCount, negativeCount) = (positiveCount, negativeCount)
    let isWeighted = isWeighted
    let longer = max(positiveCount, negativeCount)
    let partSize = RankedScores.partSize(ofRows: longer)
    var precisions = [Double](
      repeating: 0, count: isWeighted ? 1 : (longer + partSize - 1) / partSize)
    let scale =
      isWeighted
      ? (positives: 1 / totals.positives, negatives: 1 / totals.negatives)
      : (positives: totals.negatives, negatives: totals.positives)
    var above = (positives: 0.0, negatives: 0.0)
    var countsAbove = (positives: 0, negatives: 0)
    var weightAbove = CompensatedSum()
    var area = CompensatedSum()
    var halfWins = 0
    var distance = 0.0
    try forEachTie { up, down in
      if isWeighted {
        let share = down.weight / totals.negatives
        area += share * ((weightAbove.value + up.weight / 2) / totals.positives)
        weightAbove += up.weight
      } else {
        halfWins += down.count * (2 * countsAbove.positives + up.count)
      }
      above.positives += up.weight
      above.negatives += down.weight
      if up.weight > 0 {
        // The part in which the longer class has the tie, or what is next below it.
        let notAbove =
          longer - (positiveCount > negativeCount ? countsAbove.positives : countsAbove.negatives)
        precisions[isWeighted ? 0 : max(notAbove - 1, 0) / partSize] +=
          up.weight * (above.positives / (above.positives + above.negatives))
      }
      distance = max(
        distance, abs(above.positives * scale.positives - above.negatives * scale.negatives))
      countsAbove.positives += up.count
      countsAbove.negatives += down.count
    }
    let isRanked = positiveCount > 0 && negativeCount > 0
    let areaValue =
      isWeighted
      ? min(area.value, 1) : Double(halfWins) / Double(2 * positiveCount * negativeCount)
    return (
      isRanked ? areaValue : nil, precisions.reduce(0, +),
      isWeighted ? distance : distance / (totals.positives * totals.negatives)
    )
  }
}

/// A place among numbers sorted beyond memory, from the greatest to the smallest.
struct SortedCursor {
  /// The numbers that are equal to one another.
  struct Tie {
    var count = 0
    /// Their weights, or their count where they have none.
    var weight = 0.0
  }

  private var blocks: SortedBlocks
  private var block: SortedBlocks.Block?
  private var place = -1
  private let isWeighted: Bool

  init(_ blocks: SortedBlocks, isWeighted: Bool) throws(ScratchError) {
    self.blocks = blocks
    self.isWeighted = isWeighted
    try readOn()
  }

  private mutating func readOn() throws(ScratchError) {
    block = try blocks.next()
    place = (block?.numbers.count ?? 0) - 1
  }

  /// The number here; `nil` behind the last.
  var number: Double? { block.map { $0.numbers[place] } }

  /// Passes all numbers here that are equal to one.
  mutating func takeTie(_ number: Double) throws(ScratchError) -> Tie {
    var tie = Tie()
    var weight = CompensatedSum()
    while let block {
      let numbers = block.numbers.span
      while place >= 0 && numbers[place] == number {
        if let weights = block.weights { weight += weights[place] }
        tie.count += 1
        place -= 1
      }
      guard place < 0 else { break }
      try readOn()
    }
    tie.weight = isWeighted ? weight.value : Double(tie.count)
    return tie
  }

  /// Passes a number that has a weight.
  mutating func take() throws(ScratchError) -> (number: Double, weight: Double)? {
    guard let block else { return nil }
    let taken = (block.numbers[place], block.weights?[place] ?? 1)
    place -= 1
    if place < 0 { try readOn() }
    return taken
  }
}
