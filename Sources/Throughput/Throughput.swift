public import DataTables
public import EvaluationMetrics
public import InputReading
internal import NumericKernels
public import PredictiveModels
public import TableFiles

/// How many rows this machine reads, evaluates and predicts in a second.
///
/// Every job is run until it has taken a while, three times at least, and the fastest run counts: what
/// else the machine does can only make a run slower.
public struct Throughput: Sendable {
  /// A job that was timed.
  public struct Result: Hashable, Sendable {
    /// The job, in a word: `parsing`, `roc_auc`.
    public let name: String
    /// What it is, for a person.
    public let title: String
    /// The rows of one run.
    public let rowCount: Int
    /// The bytes that one run has to read at least.
    public let byteCount: Int
    /// The seconds of the fastest run, above 0.
    public let seconds: Double

    /// Creates a result.
    public init(name: String, title: String, rowCount: Int, byteCount: Int, seconds: Double) {
      self.name = name
      self.title = title
      self.rowCount = rowCount
      self.byteCount = byteCount
      self.seconds = seconds
    }

    /// Rows in a second.
    public var rowsPerSecond: Double { Double(rowCount) / seconds }
    /// Bytes in a second.
    public var bytesPerSecond: Double { Double(byteCount) / seconds }
  }

  /// The cores that work is divided over.
  public let coreCount: Int
  /// Bytes that all cores read from memory in a second.
  public private(set) var memoryBandwidth: Double
  /// What was timed, in order.
  public private(set) var results: [Result] = []

  /// Measures how fast memory is read: the sum of a vector that no cache holds.
  public init() {
    coreCount = OrderedWork.coreCount
    let numbers = [Double](repeating: 1, count: 1 << 25)
    let seconds = Self.fastest {
      let sums = Chunks.map(numbers.count) { range in
        let numbers = numbers.span
        return BLAS.absoluteSum(numbers.extracting(range))
      }
      precondition(sums.reduce(0, +) == Double(numbers.count), "the whole vector is read")
    }
    memoryBandwidth = Double(numbers.count * MemoryLayout<Double>.size) / seconds
  }

  /// Creates figures that were measured before.
  public init(coreCount: Int, memoryBandwidth: Double, results: [Result]) {
    self.coreCount = coreCount
    self.memoryBandwidth = memoryBandwidth
    self.results = results
  }

  /// Times the reading of a prediction file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - byteCount: Its bytes.
  ///   - columns: What its columns are.
  ///   - limits: How much of anything is read.
  /// - Returns: the rows.
  /// - Throws: ``TableError``.
  public mutating func timeReading(
    _ path: String, byteCount: Int, columns: PredictionColumns = PredictionColumns(),
    limits: Limits = .standard
  ) throws(TableError) -> PredictionRows {
    var rows: PredictionRows?
    var failure: TableError?
    let seconds = Self.fastest {
      guard failure == nil else { return }
      do throws(TableError) {
        rows = try PredictionFile(
          .files([path], TableLayout(path: path)), columns: columns, kind: .found, labels: nil,
          dropsInvalidRows: false, limits: limits, progress: nil
        ).rows
      } catch { failure = error }
    }
    if let failure { throw failure }
    guard let rows else { preconditionFailure("a file is read, or there is an error") }
    results.append(
      Result(
        name: "parsing", title: "reading the file", rowCount: rows.count, byteCount: byteCount,
        seconds: seconds))
    return rows
  }

  /// Times the metrics of rows: those of labels, the area under the ROC curve, all, and all with
  /// intervals, as far as the rows have what these need.
  ///
  /// - Throws: ``EvaluationError`` if the rows cannot be evaluated.
  public mutating func timeMetrics(
    of rows: PredictionRows, positiveLabel: Label? = nil
  ) throws(EvaluationError) {
    var options = EvaluationOptions(positiveLabel: positiveLabel)
    if let table = rows.classTable {
      let codeSize = MemoryLayout<Int32>.size
      let positive = try Evaluation(of: rows, options: options).positiveLabel
      if let predictions = table.predictions ?? table.scores.map({ $0.map { $0 > 0.5 ? 1 : 0 } }) {
        var matrix = ConfusionMatrix(classCount: table.classes.count)
        time(
          "counts", "accuracy, precision, recall, F1", rows.count, bytesPerRow: 2 * codeSize
        ) {
          matrix = ConfusionMatrix(classCount: table.classes.count)
          matrix.add(labels: table.labels, predictions: predictions)
        }
        precondition(matrix.accuracy >= 0)
      }
      if let scores = table.scores, let positive,
        let code = table.classes.firstIndex(of: positive)
      {
        time("roc_auc", "ROC AUC", rows.count, bytesPerRow: codeSize + 8) {
          let ranked = RankedScores(labels: table.labels, positive: Int32(code), scores: scores)
          precondition((ranked.rocArea ?? 0) >= 0)
        }
      }
    }
    try timeEvaluation("metrics", "all metrics", of: rows, options)
    options.confidence = Confidence()
    try timeEvaluation("intervals", "all metrics with intervals", of: rows, options)
  }

  private mutating func timeEvaluation(
    _ name: String, _ title: String, of rows: PredictionRows, _ options: EvaluationOptions
  ) throws(EvaluationError) {
    var failure: EvaluationError?
    time(name, title, rows.count, bytesPerRow: rows.bytesPerRow) {
      do throws(EvaluationError) {
        _ = try Evaluation(of: rows, options: options)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Times a model on rows of random features.
  ///
  /// - Throws: ``PredictionError`` if the model does not take them.
  public mutating func timePredictions(
    of model: Model, rowCount: Int
  ) throws(PredictionError) {
    let width = max(model.featureCount ?? model.featureNames?.count ?? 1, 1)
    // No more memory than a gigabyte.
    let count = max(1, min(rowCount, (1 << 27) / width))
    var random = RandomSource(seed: 1)
    let features = FeatureMatrix(
      names: model.featureNames,
      values: (0..<count * width).map { _ in 4 * Double(Float(random.nextFraction())) - 2 },
      columnCount: width)
    var failure: PredictionError?
    time("inference", "predicting with the artifact", count, bytesPerRow: 8 * width) {
      do throws(PredictionError) {
        _ = try model.predict(features)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private mutating func time(
    _ name: String, _ title: String, _ rowCount: Int, bytesPerRow: Int, _ body: () -> Void
  ) {
    results.append(
      Result(
        name: name, title: title, rowCount: rowCount, byteCount: rowCount * bytesPerRow,
        seconds: Self.fastest(body)))
  }

  private static func fastest(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var fastest = Double.infinity
    var runs = 0
    while runs < 3 || (start.duration(to: clock.now) < .milliseconds(300) && runs < 1_000) {
      fastest = min(fastest, clock.measure(body) / .seconds(1))
      runs += 1
    }
    // A clock's step may hide a very short run.
    return max(fastest, 1e-9)
  }
}

extension PredictionRows {
  /// The number of rows.
  fileprivate var count: Int {
    switch self {
    case .classes(let table): table.labels.count
    case .numbers(let table): table.targets.count
    }
  }

  /// Bytes of a row's columns.
  fileprivate var bytesPerRow: Int {
    switch self {
    case .classes(let table):
      4 + (table.predictions == nil ? 0 : 4) + (table.scores == nil ? 0 : 8)
        + (table.probabilities == nil ? 0 : 8 * table.classes.count)
        + (table.weights == nil ? 0 : 8)
    case .numbers(let table): 16 + (table.weights == nil ? 0 : 8)
    }
  }
}

/// A prediction file of two classes with scores of 17 digits that tell something of them, made anew
/// the same each time.
public struct SamplePredictions: Sendable {
  private var random = RandomSource(seed: 20)

  /// Creates a source of rows.
  public init() {}

  /// The first line.
  public static let header = "label,score\n"

  /// The next rows as CSV.
  public mutating func rows(_ count: Int) -> String {
    var text = ""
    text.reserveCapacity(count * 22)
    for _ in 0..<count {
      let isPositive = random.nextFraction() < 0.4
      let score = 0.6 * random.nextFraction() + (isPositive ? 0.4 : 0)
      text += isPositive ? "1," : "0,"
      text += "\(score)\n"
    }
    return text
  }
}
