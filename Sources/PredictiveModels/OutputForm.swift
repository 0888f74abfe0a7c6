public import DataTables
internal import Glibc

/// How a model's scores become what it says: a row has *m* scores.
public enum OutputForm: Sendable, Hashable {
  /// How numbers are made of the scores of a regressor.
  public enum NumberLink: Sendable, Hashable {
    /// The score itself.
    case identity
    /// The score's exponential.
    case exponential
  }

  /// How probabilities are made of the scores of a classifier, and which class is predicted.
  public enum ClassLink: Sendable, Hashable {
    /// Two classes and one score *s*: the second one's probability is 1 / (1 + exp(-`factor`·*s*)),
    /// and it is predicted where *s* is above 0, or where `zeroIsSecond` is 0 or above.
    case logistic(factor: Double = 1, zeroIsSecond: Bool = false)
    /// A score a class: exponentials in proportion; the scores are what is decided by, or are not told.
    case softmax(tellsScores: Bool = true)
    /// A score a class: each one's logistic, in proportion.
    case oneVersusRest
    /// A score a class: they are the probabilities.
    case shares
    /// What a function makes of scores, one a class or of two classes the second one's: they are the
    /// probabilities, and the scores, multiplied with a factor, are what is decided by.
    case function(TransformedScores.Transform, scoreCount: Int, decisionFactor: Double = 1)
    /// No probabilities: one score of two classes, of which the second is predicted where it is above a
    /// threshold, or where `thresholdIsSecond` at it or above; or one a class.
    case margins(above: Double = 0, thresholdIsSecond: Bool = false)
    /// What a modified Huber loss means by its scores: (clip(*s*) + 1) / 2, in proportion.
    case modifiedHuber
  }

  /// A regressor of a target a score.
  case numbers(NumberLink)
  /// A classifier of one target.
  case classes([Label], ClassLink)
  /// Targets that have scores of their own, one behind another.
  case several([OutputForm])

  /// The targets.
  func targets(scoreCount: Int) -> [Target] {
    switch self {
    case .numbers: [Target](repeating: .number, count: scoreCount)
    case .classes(let labels, _): [.classes(labels)]
    case .several(let forms): forms.flatMap { $0.targets(scoreCount: $0.scoreCount ?? 1) }
    }
  }

  /// The number of scores of a row that it takes; `nil` where it takes any.
  var scoreCount: Int? {
    switch self {
    case .numbers: nil
    case .classes(let labels, .logistic): labels.count == 2 ? 1 : nil
    case .classes(_, .function(_, let count, _)): count
    case .classes(let labels, .margins), .classes(let labels, .modifiedHuber):
      labels.count == 2 ? 1 : labels.count
    case .classes(let labels, _): labels.count
    case .several(let forms): forms.reduce(0) { $0 + ($1.scoreCount ?? 1) }
    }
  }

  /// Whether a classifier of one target says probabilities.
  var hasProbabilities: Bool {
    switch self {
    case .classes(_, .margins), .numbers, .several: false
    case .classes: true
    }
  }

  /// Whether a classifier of one target says what it decides by.
  var hasDecisions: Bool {
    switch self {
    case .numbers, .several: false
    case .classes(let labels, let link): link.tellsScores(of: labels)
    }
  }

  /// Says why scores cannot be read so.
  func check(scoreCount: Int, name: String) throws(ModelError) {
    switch self {
    case .numbers: return
    case .classes(let labels, let link):
      guard !labels.isEmpty, Set(labels).count == labels.count else {
        throw .badShape("\(name) needs different classes")
      }
      if case .logistic = link, labels.count != 2 {
        throw .badShape("\(name) has one score for \(labels.count) classes")
      }
      if case .function(_, let count, _) = link {
        guard count == labels.count || (count == 1 && labels.count == 2) else {
          throw .badShape("\(name) has \(count) scores for \(labels.count) classes")
        }
      }
      guard link == .shares || labels.count >= 2 else {
        throw .badShape("\(name) needs two or more different classes")
      }
    case .several(let forms):
      for form in forms { try form.check(scoreCount: form.scoreCount ?? 1, name: name) }
    }
    guard self.scoreCount == scoreCount else {
      throw .badShape("\(name) has \(scoreCount) scores where \(self.scoreCount ?? 0) belong")
    }
  }

  /// What rows' scores say.
  ///
  /// - Parameters:
  ///   - scores: Row-major, *n* x `scoreCount`.
  ///   - scoreCount: The number of scores of a row.
  /// - Returns: a prediction a row.
  func output(of scores: [Double], scoreCount: Int) -> ModelOutput {
    switch self {
    case .numbers(let link):
      var scores = scores
      if link == .exponential { for index in scores.indices { scores[index] = exp(scores[index]) } }
      guard scoreCount > 1 else { return ModelOutput(numbers: scores) }
      return ModelOutput(
        targets: (0..<scoreCount).map { target in
          ModelOutput(numbers: column(target, of: scores, width: scoreCount))
        })
    case .classes(let labels, let link): return link.output(of: scores, labels)
    case .several(let forms):
      var start = 0
      var targets: [ModelOutput] = []
      for form in forms {
        let count = form.scoreCount ?? 1
        let own = stride(from: start, to: scores.count, by: scoreCount).flatMap {
          scores[$0..<$0 + count]
        }
        targets += form.output(of: own, scoreCount: count).targets
        start += count
      }
      return ModelOutput(targets: targets)
    }
  }
}

extension OutputForm.ClassLink {
  fileprivate func output(of scores: [Double], _ labels: [Label]) -> ModelOutput {
    let count = labels.count
    if case .function(let function, let scoreCount, let decisionFactor) = self {
      var shares = function.results(of: scores, width: scoreCount)
      if scoreCount == 1 { shares = pairs(shares) { $0 } }
      return ModelOutput(
        classes: labels, codes: greatestPlaces(shares, width: count), probabilities: shares,
        decisions: scores.map { $0 * decisionFactor })
    }
    var isOneScore = count == 2
    var threshold = 0.0
    var thresholdIsSecond = false
    switch self {
    case .logistic(_, let isSecond): thresholdIsSecond = isSecond
    case .margins(let above, let isSecond): (threshold, thresholdIsSecond) = (above, isSecond)
    case .modifiedHuber: break
    case .softmax, .oneVersusRest, .shares, .function: isOneScore = false
    }
    var codes: [Int32]
    if isOneScore {
      codes = scores.map { $0 > threshold || (thresholdIsSecond && $0 == threshold) ? 1 : 0 }
    } else {
      codes = greatestPlaces(scores, width: count)
    }
    var shares: [Double]
    switch self {
    case .margins:
      return ModelOutput(classes: labels, codes: codes, probabilities: nil, decisions: scores)
    case .shares, .function:
      return ModelOutput(classes: labels, codes: codes, probabilities: scores)
    case .logistic(let factor, _):
      shares = pairs(scores) { sigmoid(factor * $0) }
    case .modifiedHuber where isOneScore: shares = pairs(scores, Self.modifiedHuber)
    case .softmax:
      shares = scores
      for start in stride(from: 0, to: shares.count, by: count) {
        let greatest = shares[start..<start + count].reduce(-.infinity, max)
        for index in start..<start + count { shares[index] = exp(shares[index] - greatest) }
      }
      divideByTotals(&shares, width: count)
    case .oneVersusRest:
      shares = scores.map(sigmoid)
      divideByTotals(&shares, width: count)
    case .modifiedHuber:
      shares = scores.map(Self.modifiedHuber)
      // A row for which every class has 0 is shared out evenly.
      for start in stride(from: 0, to: shares.count, by: count)
      where shares[start..<start + count].allSatisfy({ $0 == 0 }) {
        for index in start..<start + count { shares[index] = 1 }
      }
      divideByTotals(&shares, width: count)
    }
    return ModelOutput(
      classes: labels, codes: codes, probabilities: shares,
      decisions: tellsScores(of: labels) ? scores : nil)
  }

  /// Whether scores are what is decided by: of two classes there is one.
  fileprivate func tellsScores(of labels: [Label]) -> Bool {
    switch self {
    case .shares, .softmax(false): false
    case .softmax, .oneVersusRest: labels.count > 2
    case .logistic, .margins, .modifiedHuber, .function: true
    }
  }

  private static func modifiedHuber(_ score: Double) -> Double {
    (min(max(score, -1), 1) + 1) / 2
  }

  /// Both classes' probabilities of each row.
  private func pairs(_ scores: [Double], _ second: (Double) -> Double) -> [Double] {
    var shares: [Double] = []
    shares.reserveCapacity(2 * scores.count)
    for score in scores {
      let share = second(score)
      shares.append(1 - share)
      shares.append(share)
    }
    return shares
  }
}

/// One column of row-major numbers.
func column(_ index: Int, of values: [Double], width: Int) -> [Double] {
  stride(from: index, to: values.count, by: width).map { values[$0] }
}

/// Divides each row by its sum; a row of zeros stays.
func divideByTotals(_ shares: inout [Double], width: Int) {
  for start in stride(from: 0, to: shares.count, by: width) {
    let total = shares[start..<start + width].reduce(0, +)
    guard total != 0 else { continue }
    for index in start..<start + width { shares[index] /= total }
  }
}

/// 1 / (1 + exp(-x)), which far below 0 must not overflow on its way to a number that is not 0.
func sigmoid(_ x: Double) -> Double {
  guard x < 0 else { return 1 / (1 + exp(-x)) }
  let power = exp(x)
  return power / (1 + power)
}
