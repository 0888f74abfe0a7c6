internal import DataTables
internal import EvaluationMetrics
internal import InputReading
internal import TestSupport
internal import Testing
internal import TrainingRecords

@testable internal import Verification

/// Jobs that state what they got another way, and jobs that state anything.
@Suite struct ExplanationTests {
  private let rows: PredictionRows
  private let evaluation: Evaluation

  /// 1037 rows, of which some scores are at the threshold, as in a small network's output.
  init() throws {
    var random = SplitMix64(seed: 20)
    let labels = (0..<1_037).map { _ in Int32(Int.random(in: 0..<100, using: &random) < 42 ? 1 : 0)
    }
    let scores = labels.map { label in
      let score = Double.random(in: 0...1, using: &random) * 0.7 + (label == 1 ? 0.3 : 0)
      return Int.random(in: 0..<6, using: &random) == 0 ? 0.5 : score
    }
    rows = .classes(
      PredictionTable(classes: [.integer(0), .integer(1)], labels: labels, scores: scores))
    evaluation = try Evaluation(of: rows)
  }

  private func check(_ log: String) -> CrossCheck? {
    let log = LogFile(Array(log.utf8), from: Place("train.log"))
    return CrossCheck.check(log.metrics, against: evaluation, rows: rows, series: log.series).last
  }

  private var columns: (labels: [Int32], scores: [Double]) {
    let table = rows.classTable
    return (table?.labels ?? [], table?.scores ?? [])
  }

  /// An accuracy of some rows by the plainest arithmetic.
  private func accuracy(
    _ range: Range<Int>, above cut: Double = 0.5, orAt isInclusive: Bool = false
  )
    -> Double
  {
    let right = range.count { row in
      let isPositive = isInclusive ? columns.scores[row] >= cut : columns.scores[row] > cut
      return isPositive == (columns.labels[row] == 1)
    }
    return Double(right) / Double(range.count)
  }

  private func explain(_ name: String, _ value: Double, digits: Int = 6) -> Explanation? {
    var text = "\(value)"
    if text.count > digits + 2 {
      var scale = 1.0
      for _ in 0..<digits { scale *= 10 }
      text = "\((value * scale).rounded() / scale)"
    }
    return check("\(name): \(text)")?.cause
  }

  private func expect(_ explanation: Explanation?, _ words: String, isTelling: Bool = true) {
    #expect(explanation?.isTelling == isTelling, "\(explanation?.sentence ?? "")")
    #expect(
      explanation?.phrases.contains { $0.contains(words) } == true, "\(explanation?.phrases ?? [])")
  }

  @Test func whatAgreesNeedsNoCause() {
    #expect(check("accuracy: \(accuracy(0..<1_037))")?.passed == true)
    #expect(check("accuracy: \(accuracy(0..<1_037))")?.cause == nil)
  }

  @Test func meansOfBatchesAreFound() {
    let batches = stride(from: 0, to: 1_037, by: 32).map { accuracy($0..<min($0 + 32, 1_037)) }
    let mean = batches.reduce(0, +) / Double(batches.count)
    expect(explain("accuracy", mean), "mean over batches of 32 rows")
    let whole = batches.dropLast().reduce(0, +) / Double(batches.count - 1)
    // The mean over whole batches is the accuracy of their rows.
    expect(explain("accuracy", whole), "without the last 13 rows, as batches of")
  }

  @Test func paddingIsFound() {
    let twice = (accuracy(0..<1_037) * 1_037 + accuracy(0..<3) * 3) / 1_040
    expect(explain("accuracy", twice, digits: 7), "the first 3 rows counted twice")
  }

  @Test func otherAveragesAreFound() throws {
    let reports = evaluation.classReports
    let macro = reports.reduce(0) { $0 + $1.f1 } / 2
    expect(explain("f1", macro), "f1_macro")
    let weighted = reports.reduce(0) { $0 + $1.precision * $1.support } / 1_037
    expect(explain("precision", weighted), "precision_weighted")
    expect(explain("f1", try #require(reports.first?.f1)), "the other class taken as positive")
    // XGBoost's container means the macro average.
    let boosted = LogFile(
      Array("[3]#011validation-f1:\(macro)".utf8), from: Place("train.log"))
    let checks = CrossCheck.check(boosted.metrics, against: evaluation, rows: rows)
    #expect(checks.map(\.passed) == [true])
  }

  @Test func thresholdsAreFound() {
    expect(
      explain("accuracy", accuracy(0..<1_037, orAt: true)), "a score at the threshold counted")
    // Scores above one threshold or another make many counts of rows, and any may be stated.
    expect(
      explain("accuracy", accuracy(0..<1_037, above: 0.45)), "a threshold of 0.45",
      isTelling: false)
  }

  @Test func hardLabelsAndBinsAreFound() throws {
    let isPositive = columns.labels.map { $0 == 1 }
    let hard = RankedScores(
      isPositive: isPositive, scores: columns.scores.map { $0 > 0.5 ? 1 : 0 })
    expect(explain("auc", try #require(hard.rocArea)), "hard labels used as scores")
    let binned = RankedScores(
      isPositive: isPositive, scores: columns.scores.map { ($0 * 199).rounded(.up) })
    expect(explain("auc", try #require(binned.rocArea), digits: 8), "200 bins")
  }

  @Test func lossesInSinglePrecisionAreFound() throws {
    let table = PredictionTable(
      classes: [.integer(0), .integer(1)], labels: [0, 1, 0, 1], scores: [0.1, 0.9, 1, 0.7])
    let evaluation = try Evaluation(of: table)
    let stated = -(2 * 0.9.logarithm + 0.7.logarithm + 1e-7.logarithm) / 4
    let check = CrossCheck.check(
      LogFile(Array("log_loss: \(stated)".utf8), from: Place("train.log")).metrics,
      against: evaluation, rows: .classes(table)
    ).first
    #expect(check?.passed == false)
    expect(check?.cause, "1e-07 from 0 and 1")
  }

  @Test func twoCausesAtOnceAreFound() throws {
    let table = try #require(rows.classTable)
    let labels = table.labels
    let scores = columns.scores
    // The macro average of each batch of 64, and the mean of these.
    var sum = 0.0
    var count = 0.0
    for start in stride(from: 0, to: 1_037, by: 64) {
      let range = start..<min(start + 64, 1_037)
      let f1 = [0, 1].map { (label: Int32) -> Double in
        let hits = range.count { labels[$0] == label && (scores[$0] > 0.5 ? 1 : 0) == label }
        let marked =
          range.count { labels[$0] == label } + range.count { (scores[$0] > 0.5 ? 1 : 0) == label }
        return marked == 0 ? 0 : 2 * Double(hits) / Double(marked)
      }
      sum += (f1[0] + f1[1]) / 2
      count += 1
    }
    let explanation = explain("f1", sum / count, digits: 9)
    expect(explanation, "f1_macro, as the mean over batches of 64 rows")
  }

  @Test func theBestStepIsFound() {
    let last = accuracy(0..<1_037)
    let log =
      "Epoch 1 val_accuracy: 0.70001\nEpoch 2 val_accuracy: 0.91234\n"
      + "Epoch 3 val_accuracy: \(last)\n"
    let series = LogFile(Array(log.utf8), from: Place("train.log"))
    let file = LogFile(Array("val_accuracy: 0.91234".utf8), from: Place("metrics.log"))
    let checks = CrossCheck.check(
      series.metrics + file.metrics, against: evaluation, rows: rows, series: series.series)
    #expect(checks.map(\.passed) == [true, false])
    expect(checks.last?.cause, "the log's best value instead of the last, of step 2")
  }

  @Test func theTrainingDatasValueIsFound() {
    let log = LogFile(
      Array("train accuracy: 0.98765\nvalidation accuracy: 0.98765\n".utf8), from: Place("a.log"))
    let check = CrossCheck.check(log.metrics, against: evaluation, rows: rows).last
    expect(check?.cause, "the training data's value")
  }

  /// Among many hypotheses one matches two digits by accident.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func whatAnyValueWouldMatchIsNoExplanation(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let wrong = 0.86 + Double(Int.random(in: 0..<10, using: &random)) / 100
    guard let cause = explain("accuracy", wrong, digits: 2) else { return }
    #expect(!cause.isTelling, "\(cause.sentence)")
    #expect(cause.sentence.hasPrefix("not explained"))
  }

  /// Of random values with many digits next to none is explained.
  @Test func randomValuesAreSeldomExplained() {
    var random = SplitMix64(seed: 7)
    let explained = (0..<6).count { _ in
      explain("accuracy", Double.random(in: 0.7...0.99, using: &random))?.isTelling == true
    }
    #expect(explained == 0)
  }

  @Test func numbersAreExplainedToo() throws {
    let targets = (0..<100).map { Double($0 % 13) }
    let predictions = (0..<100).map { Double($0 % 11) + 0.25 }
    let rows = PredictionRows.numbers(RegressionTable(targets: targets, predictions: predictions))
    let evaluation = try Evaluation(of: rows)
    let squares = zip(targets, predictions).map { ($0 - $1) * ($0 - $1) }
    func mean(_ range: Range<Int>) -> Double { squares[range].reduce(0, +) / Double(range.count) }
    let rooted =
      (mean(0..<32).squareRoot() + mean(32..<64).squareRoot() + mean(64..<96).squareRoot()
        + mean(96..<100).squareRoot()) / 4
    for (text, words) in [
      ("rmse: \(mean(0..<100))", "mean_squared_error"),
      ("rmse: \(rooted)", "mean over batches of 32"),
    ] {
      let log = LogFile(Array(text.utf8), from: Place("train.log"))
      let check = CrossCheck.check(log.metrics, against: evaluation, rows: rows).first
      #expect(check?.passed == false)
      expect(check?.cause, words)
    }
    let right = LogFile(Array("rmse: \(mean(0..<100).squareRoot())".utf8), from: Place("a.log"))
    #expect(CrossCheck.check(right.metrics, against: evaluation).map(\.passed) == [true])
  }

  // MARK: Meanings

  @Test func otherNamesAreTheSameMetric() throws {
    let loss = try #require(evaluation["log_loss"]?.number)
    let accuracy = try #require(evaluation["accuracy"]?.number)
    for (text, passed) in [
      ("[0]#011validation-error:\(1 - accuracy)", true), ("[0]#011validation-error:0.0123", false),
      ("[0]#011validation-logloss:\(loss)", true), ("val_loss: \(loss)", true),
      ("val_loss: 0.123", nil), ("[0]#011validation-aucpr:0.5", nil),
      (
        "#quality_metric: host=algo-1, validation binary_classification_accuracy <score>=\(accuracy)",
        true
      ),
    ] as [(String, Bool?)] {
      #expect(check(text)?.passed == passed, "\(text)")
    }
  }

  @Test func differencesAreToldInRows() throws {
    let right = accuracy(0..<1_037)
    let off = try #require(check("accuracy: \(right + 2 / 1_037.0)"))
    #expect(off.differenceInRows.map { ($0 * 1e6).rounded() / 1e6 } == 2)
    #expect(try #require(check("auc: 0.5")).differenceInRows == nil)
    let recall = try #require(evaluation["recall"]?.number)
    let positives = Double(columns.labels.count { $0 == 1 })
    let missed = try #require(check("recall: \(recall - 3 / positives)"))
    #expect(missed.differenceInRows.map { ($0 * 1e6).rounded() / 1e6 } == 3)
  }
}

extension Double {
  /// The natural logarithm, by its series: the tests compare with no library's.
  fileprivate var logarithm: Double {
    // log x = 2 artanh((x - 1) / (x + 1)), of a number near 1 and the powers of two that it lacks.
    var x = self
    var twos = 0.0
    while x < 0.75 {
      x *= 2
      twos += 1
    }
    let y = (x - 1) / (x + 1)
    var term = y
    var sum = 0.0
    for k in stride(from: 1.0, to: 60, by: 2) {
      sum += term / k
      term *= y * y
    }
    return 2 * sum - twos * 0.693147180559945309
  }
}
