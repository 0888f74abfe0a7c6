extension PredictionRows {
  /// The rows of these indices, in their order and as often as they stand there.
  ///
  /// - Complexity: O(*m* + *m* *c*) for *m* indices and *c* classes with probabilities.
  public func selecting(_ indices: [Int]) -> PredictionRows {
    func pick<Element>(_ values: [Element]) -> [Element] { indices.map { values[$0] } }
    switch self {
    case .numbers(let table):
      return .numbers(
        RegressionTable(
          targets: pick(table.targets), predictions: pick(table.predictions),
          weights: table.weights.map(pick)))
    case .classes(var table):
      let classCount = table.classes.count
      table.labels = pick(table.labels)
      table.predictions = table.predictions.map(pick)
      table.scores = table.scores.map(pick)
      table.probabilities = table.probabilities.map { values in
        indices.flatMap { values[$0 * classCount..<($0 + 1) * classCount] }
      }
      table.weights = table.weights.map(pick)
      return .classes(table)
    }
  }
}
