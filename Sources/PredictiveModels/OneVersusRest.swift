public import DataTables

/// A classifier of two classes for each class, that of the highest score being predicted.
public struct OneVersusRest: CompositePredictor {
  /// The algorithm's name.
  public let name: String
  private let labels: [Label]
  /// One a class; of two classes one alone.
  public let parts: [any Predictor]

  /// The classes.
  public var targets: [Target] { [.classes(labels)] }
  /// Whether all members say probabilities.
  public var hasProbabilities: Bool { parts.allSatisfy(\.hasProbabilities) }
  /// Whether all members say what they decide by.
  public var hasDecisions: Bool { parts.allSatisfy(\.hasDecisions) }

  /// Creates a classifier.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` unless there is a member of two classes for each class, or
  ///   one for two, that says probabilities or what it decides by.
  public init(
    name: String, classes: [Label], members: [any Predictor]
  ) throws(ModelError) {
    guard Set(classes).count == classes.count, classes.count >= 2,
      members.count == (classes.count == 2 ? 1 : classes.count)
    else { throw .badShape("\(name) has \(members.count) members for \(classes.count) classes") }
    guard
      members.allSatisfy({ member in
        member.classes?.count == 2 && (member.hasDecisions || member.hasProbabilities)
      })
    else { throw .badShape("\(name) has a member that does not tell two classes apart") }
    self.name = name
    labels = classes
    parts = members
  }

  /// Predicts rows: the last of equally high scores; of two classes the second where its score is above
  /// 0, or its probability above a half.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    let count = parts.count
    var scores = [Double](repeating: 0, count: features.rowCount * count)
    var shares = hasProbabilities ? scores : []
    for (index, member) in parts.enumerated() {
      let output = try member.predict(features)
      let response = member.hasDecisions ? Response.decisions : .probabilities
      for (row, score) in response.values(of: output).enumerated() {
        scores[row * count + index] = score
      }
      guard hasProbabilities else { continue }
      for (row, share) in Response.probabilities.values(of: output).enumerated() {
        shares[row * count + index] = share
      }
    }
    var codes: [Int32] = []
    if count == 1 {
      let threshold = parts[0].hasDecisions ? 0 : 0.5
      codes = scores.map { $0 > threshold ? 1 : 0 }
      shares = shares.flatMap { [1 - $0, $0] }
    } else {
      for start in stride(from: 0, to: scores.count, by: count) {
        var best = start
        for index in start..<start + count where scores[index] >= scores[best] { best = index }
        codes.append(Int32(best - start))
      }
      divideByTotals(&shares, width: count)
    }
    return ModelOutput(
      classes: labels, codes: codes, probabilities: hasProbabilities ? shares : nil,
      decisions: hasDecisions ? scores : nil)
  }
}
