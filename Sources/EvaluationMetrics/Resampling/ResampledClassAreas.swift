internal import NumericKernels

/// The rows of a problem of many classes by each class's probability, the lowest first.
struct ResampledClassAreas: Sendable {
  private let labels: [Int32]
  private let classCount: Int
  private let ofPairs: Bool
  /// For each class the rows by its probability.
  private let orders: [[UInt32]]
  /// For each class and place whether the row is the last of its tie.
  private let endsTie: [[Bool]]

  /// Takes rows.
  ///
  /// - Parameters:
  ///   - labels: The true classes, *n* codes below *c*.
  ///   - probabilities: Row-major, *n* x *c*, without NaN.
  ///   - classCount: *c*.
  ///   - ofPairs: Whether the areas of pairs of classes are wanted too.
  /// - Complexity: O(*c·n* log *n*) time, 5 bytes for each probability.
  init(labels: [Int32], probabilities: [Double], classCount: Int, ofPairs: Bool) {
    self.labels = labels
    self.classCount = classCount
    self.ofPairs = ofPairs
    let sorted = Chunks.map(classCount, size: 1) { columns in
      let column = columns.lowerBound
      let values = labels.indices.map { probabilities[$0 * classCount + column] }
      let order = Sorting.order(of: values)
      let ends = order.indices.map { place in
        place + 1 == order.count || values[Int(order[place])] != values[Int(order[place + 1])]
      }
      return (order, ends)
    }
    orders = sorted.map(\.0)
    endsTie = sorted.map(\.1)
  }

  /// The areas of drawn rows.
  ///
  /// - Parameters:
  ///   - draws: How often each row is drawn, *n* numbers.
  ///   - weights: *n* weights; `nil` counts each draw once.
  /// - Returns: the areas, `nil` for classes of which no row is drawn.
  /// - Complexity: O(*c·n*).
  func areas(draws: [UInt8], weights: [Double]?) -> ClassAreas {
    func weight(_ row: Int) -> Double { Double(draws[row]) * (weights?[row] ?? 1) }
    var supports = [Double](repeating: 0, count: classCount)
    for row in labels.indices { supports[Int(labels[row])] += weight(row) }
    let total = supports.reduce(0, +)
    var areas = ClassAreas(supports: supports)
    for label in 0..<classCount where supports[label] > 0 {
      let wins = halfWins(of: label, weight: weight)
      let rest = total - supports[label]
      if rest > 0 {
        areas.againstRest[label] = min(wins.reduce(0, +) / (2 * supports[label] * rest), 1)
      }
      guard ofPairs else { continue }
      for other in 0..<classCount where other != label && supports[other] > 0 {
        areas.againstEach[label * classCount + other] =
          min(wins[other] / (2 * supports[label] * supports[other]), 1)
      }
    }
    return areas
  }

  /// Against each class twice the pairs in which a row of `label` has the higher probability of it,
  /// plus those in which both are equal.
  private func halfWins(of label: Int, weight: (Int) -> Double) -> [Double] {
    let order = orders[label]
    let ends = endsTie[label]
    var below = [Double](repeating: 0, count: classCount)
    var wins = below
    var start = 0
    while start < order.count {
      var end = start
      var own = 0.0
      while true {
        let row = Int(order[end])
        if Int(labels[row]) == label { own += weight(row) }
        end += 1
        if ends[end - 1] { break }
      }
      if own > 0 {
        for other in 0..<classCount { wins[other] += 2 * own * below[other] }
      }
      for place in start..<end {
        let row = Int(order[place])
        let other = Int(labels[row])
        guard other != label else { continue }
        let drawn = weight(row)
        below[other] += drawn
        wins[other] += own * drawn
      }
      start = end
    }
    return wins
  }
}
