public import DataTables
public import NumericKernels

/// Where scores are cut into predictions.
public struct Threshold: Hashable, Sendable {
  /// The score at the cut; finite.
  public let value: Double
  /// Whether a score exactly at the cut is predicted positive.
  public let isInclusive: Bool

  /// Creates a cut; by default a score must be above one half.
  public init(_ value: Double = 0.5, isInclusive: Bool = false) {
    self.value = value
    self.isInclusive = isInclusive
  }

  /// Whether a score is predicted positive.
  public func isPositive(_ score: Double) -> Bool {
    isInclusive ? score >= value : score > value
  }
}

/// How a prediction table is to be evaluated.
public struct EvaluationOptions: Hashable, Sendable {
  /// The kind of problem; `nil` takes what the labels say.
  public var task: Task?
  /// The positive class of a binary problem; `nil` where it is plain: 1 of 0/1 and of -1/1.
  public var positiveLabel: Label?
  /// The cut; `nil` cuts scores at one half where there are no predictions.
  public var threshold: Threshold?
  /// How each metric's interval is made; `nil` makes none.
  public var confidence: Confidence?

  /// Creates options.
  public init(
    task: Task? = nil, positiveLabel: Label? = nil, threshold: Threshold? = nil,
    confidence: Confidence? = nil
  ) {
    self.task = task
    self.positiveLabel = positiveLabel
    self.threshold = threshold
    self.confidence = confidence
  }
}

/// What keeps a prediction table from being evaluated.
public enum EvaluationError: Error, Hashable, Sendable {
  /// There are no rows.
  case noRows
  /// All weights are 0.
  case noWeight
  /// The weights add up to more than can be computed with.
  case weightsTooLarge
  /// The labels do not say which of them is positive.
  case positiveLabelNeeded([Label])
  /// The positive label is not among the labels.
  case positiveLabelUnknown(Label, [Label])
  /// A binary problem has two classes, and these are more.
  case tooManyClasses([Label])
  /// Scores are given, which tell of one class against another, and the problem is not binary.
  case scoresOfManyClasses([Label])
  /// A threshold is given, and the problem is not binary.
  case thresholdOfManyClasses([Label])
  /// A positive label or a threshold is given, and the rows are numbers.
  case classesOfNumbers
  /// A row's probabilities do not add up to 1; rows count from 1.
  case probabilitiesDoNotAddUp(row: Int, sum: Double)
  /// What does not fit into memory cannot be put aside on disk.
  case scratch(ScratchError)
  /// The memory allowed does not hold the rows that are looked at together, which take that many bytes.
  case memoryTooSmall(needed: Int)
  /// Two models to be compared have different numbers of rows.
  case differentRowCounts(Int, Int)
  /// Two models to be compared tell different classes apart.
  case differentClasses([Label], [Label])
  /// Two models to be compared have different labels in a row; rows count from 1.
  case differentLabels(row: Int)
  /// Two models to be compared have different weights in a row; rows count from 1.
  case differentWeights(row: Int)

  /// What is wrong.
  public var message: String {
    switch self {
    case .noRows: "has no data rows"
    case .noWeight: "all weights are 0"
    case .weightsTooLarge: "the weights add up to more than \(Self.weightLimit)"
    case .positiveLabelNeeded(let labels):
      "the labels \(Self.list(labels)) do not say which of them is positive"
    case .positiveLabelUnknown(let label, let labels):
      "the positive label '\(label)' is not among the labels \(Self.list(labels))"
    case .tooManyClasses(let labels):
      "a binary problem has two labels, and these are \(labels.count): \(Self.list(labels))"
    case .scoresOfManyClasses(let labels):
      "a score column tells of two classes, and the labels are \(Self.list(labels))"
    case .thresholdOfManyClasses(let labels):
      "a threshold tells two classes apart, and the labels are \(Self.list(labels))"
    case .classesOfNumbers: "the labels are numbers, of which none is positive"
    case .probabilitiesDoNotAddUp(let row, let sum):
      "row \(row): the probabilities add up to \(sum), not to 1"
    case .scratch(let error): "no room for sorted scores in \(error.folder): \(error.reason)"
    case .memoryTooSmall(let needed):
      "the rows that are looked at together take \(needed >> 20) MB, more than --memory allows"
    case .differentRowCounts(let first, let second):
      "the models have \(first) and \(second) rows"
    case .differentClasses(let first, let second):
      "the models tell different classes apart: \(Self.list(first)) and \(Self.list(second))"
    case .differentLabels(let row): "row \(row): the models' rows have different labels"
    case .differentWeights(let row): "row \(row): the models' rows have different weights"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .noRows: "give a file with a header and at least one row"
    case .noWeight: "give at least one row a weight"
    case .weightsTooLarge: "divide all weights by one number, which changes no metric"
    case .positiveLabelNeeded: "name it with --positive-label"
    case .positiveLabelUnknown(let label, let labels):
      (NearestName.of(label.description, among: labels.map(\.description))
        .map { "'\($0)' may be meant; " } ?? "") + "name one of them with --positive-label"
    case .tooManyClasses: "leave --task and --positive-label out"
    case .scoresOfManyClasses: "name the class probabilities with --probability-columns"
    case .thresholdOfManyClasses: "leave the threshold out"
    case .classesOfNumbers: "leave --positive-label and --threshold out"
    case .probabilitiesDoNotAddUp: "write them with more digits, or check the columns"
    case .scratch: "name a folder with more room in TMPDIR"
    case .memoryTooSmall(let needed): "give at least --memory \((2 * needed >> 20) + 1)M"
    case .differentRowCounts, .differentClasses, .differentLabels, .differentWeights:
      "compare models on the same rows in the same order, or name a column of ids with --id-column"
    }
  }

  /// The most that weights may add up to; their losses are larger by less than a hundred times.
  private static let weightLimit = 1e300

  /// Refuses what no metric can be computed from.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows.
  ///   - weight: The sum of their weights, where they have some.
  /// - Throws: ``EvaluationError``.
  static func check(rowCount: Int, weight: Double?) throws(EvaluationError) {
    guard rowCount > 0 else { throw .noRows }
    if let weight {
      guard weight > 0 else { throw .noWeight }
      guard weight <= weightLimit else { throw .weightsTooLarge }
    }
  }

  private static func list(_ labels: [Label]) -> String {
    let shown = labels.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
    return labels.count > 10 ? shown + ", …" : shown
  }
}
