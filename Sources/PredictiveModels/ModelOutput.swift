public import DataTables
internal import NumericKernels

/// What a model says of *n* rows.
public struct ModelOutput: Sendable, Hashable {
  /// A prediction a row.
  public enum Predictions: Sendable, Hashable {
    /// A classifier's: *n* indices into its classes.
    case classes([Int32])
    /// A regressor's: *n* numbers.
    case numbers([Double])
  }

  /// The predictions.
  public let predictions: Predictions
  /// The classes of a classifier, in the model's order.
  public let classes: [Label]
  /// The probability of each class, row-major *n* x *c*; `nil` where the model gives none.
  public let probabilities: [Double]?
  /// What a classifier decides by: row-major *n* x *c*, or *n* numbers of which those above 0 are for
  /// the second of two classes; `nil` where the model tells probabilities alone, or numbers.
  public let decisions: [Double]?
  /// What is said of the other targets, where the model has several.
  public var others: [ModelOutput] = []

  /// What is said of each target, in order.
  public var targets: [ModelOutput] {
    guard !others.isEmpty else { return [self] }
    var first = self
    first.others = []
    return [first] + others
  }

  /// The number of rows, *n*.
  public var rowCount: Int {
    switch predictions {
    case .classes(let codes): codes.count
    case .numbers(let numbers): numbers.count
    }
  }

  /// The indices of the predicted classes; `nil` for a regressor.
  public var codes: [Int32]? {
    if case .classes(let codes) = predictions { codes } else { nil }
  }

  /// The predicted numbers; `nil` for a classifier.
  public var numbers: [Double]? {
    if case .numbers(let numbers) = predictions { numbers } else { nil }
  }

  /// Creates a classifier's output.
  public init(
    classes: [Label], codes: [Int32], probabilities: [Double]?, decisions: [Double]? = nil
  ) {
    precondition(
      probabilities.map { $0.count == codes.count * classes.count } ?? true, "a probability a class"
    )
    precondition(
      decisions.map { $0.count == codes.count || $0.count == codes.count * classes.count } ?? true,
      "a decision a class, or one of two classes")
    self.classes = classes
    predictions = .classes(codes)
    self.probabilities = probabilities
    self.decisions = decisions
  }

  /// Creates a classifier's output that predicts the class of the greatest probability, the first of
  /// equal ones.
  public init(classes: [Label], probabilities: [Double]) {
    self.init(
      classes: classes, codes: greatestPlaces(probabilities, width: classes.count),
      probabilities: probabilities)
  }

  /// Creates a regressor's output.
  public init(numbers: [Double]) {
    classes = []
    predictions = .numbers(numbers)
    probabilities = nil
    decisions = nil
  }

  /// Creates the output of a model of several targets.
  ///
  /// - Precondition: There is at least one, and all have one number of rows.
  public init(targets: [ModelOutput]) {
    self = targets[0]
    others = targets.dropFirst().flatMap(\.targets)
    precondition(others.allSatisfy { $0.rowCount == rowCount }, "a row of each target")
  }

  /// Puts outputs of one model together, rows behind rows.
  ///
  /// - Precondition: There is at least one.
  public init(joining outputs: [ModelOutput]) {
    let targets = outputs[0].targets.indices.map { index in
      let parts = outputs.map { $0.targets[index] }
      let first = parts[0]
      switch first.predictions {
      case .numbers: return ModelOutput(numbers: Self.joined(parts) { $0.numbers ?? [] })
      case .classes:
        // The largest array is as much work as the others together.
        let arrays = Chunks.map(2, size: 1) { range -> (codes: [Int32], numbers: [Double]?) in
          guard range.lowerBound == 0 else {
            return (
              [],
              first.probabilities == nil ? nil : Self.joined(parts) { $0.probabilities ?? [] }
            )
          }
          return (
            Self.joined(parts) { $0.codes ?? [] },
            first.decisions == nil ? nil : Self.joined(parts) { $0.decisions ?? [] }
          )
        }
        return ModelOutput(
          classes: first.classes, codes: arrays[0].codes, probabilities: arrays[1].numbers,
          decisions: arrays[0].numbers)
      }
    }
    self.init(targets: targets)
  }

  private static func joined<Element: BitwiseCopyable>(
    _ parts: [ModelOutput], _ array: (ModelOutput) -> [Element]
  ) -> [Element] {
    var all: [Element] = []
    all.reserveLargeCapacity(parts.reduce(0) { $0 + array($1).count })
    for part in parts { all += array(part) }
    return all
  }

  var firstRowWithoutNumber: Int? {
    for target in targets {
      if let row = Self.rowOfNaN(target.probabilities, rowCount)
        ?? Self.rowOfNaN(target.decisions, rowCount) ?? Self.rowOfNaN(target.numbers, rowCount)
      {
        return row
      }
    }
    return nil
  }

  private static func rowOfNaN(_ values: [Double]?, _ rowCount: Int) -> Int? {
    guard let values, !values.isBounded, let index = values.firstIndex(where: \.isNaN) else {
      return nil
    }
    return index / (values.count / rowCount)
  }
}

/// Where the greatest of each row's *m* numbers stands, the first of equal ones.
func greatestPlaces(_ values: [Double], width: Int) -> [Int32] {
  guard width > 0 else { return [] }
  return stride(from: 0, to: values.count, by: width).map { start in
    var best = start
    for index in start + 1..<max(start + width, start + 1) where values[index] > values[best] {
      best = index
    }
    return Int32(best - start)
  }
}
