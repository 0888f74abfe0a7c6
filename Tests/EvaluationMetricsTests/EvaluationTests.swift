import DataTables
import EvaluationMetrics
import Foundation
import TestSupport
import Testing

@Suite struct EvaluationTests {
  private func binary(
    _ labels: [Int32], predictions: [Int32]? = nil, scores: [Double]? = nil,
    weights: [Double]? = nil, classes: [Label] = [.integer(0), .integer(1)]
  ) -> PredictionTable {
    PredictionTable(
      classes: classes, labels: labels, predictions: predictions, scores: scores, weights: weights)
  }

  private func multiclass(
    _ labels: [Int32], predictions: [Int32]? = nil, probabilities: [Double]? = nil,
    weights: [Double]? = nil, classes: [Label] = [.text("a"), .text("b"), .text("c")]
  ) -> PredictionTable {
    PredictionTable(
      classes: classes, labels: labels, predictions: predictions, probabilities: probabilities,
      weights: weights)
  }

  // MARK: scikit-learn's values

  /// Expects the metrics that scikit-learn computes, all of them and no others.
  ///
  /// Of regressions the oracle leaves out values that are rounding error alone; `areAll` is false.
  private func expect(
    _ evaluation: Evaluation, hasValues expected: [String: Double?], _ name: String,
    areAll: Bool = true
  ) {
    // Of rows whose k-th place is shared scikit-learn's order is arbitrary, and the oracle leaves them.
    let computedNames = evaluation.entries.map(\.metric.id)
      .filter { expected.keys.contains($0) || !$0.hasPrefix("top_") }
    #expect(!areAll || Set(computedNames) == Set(expected.keys), "\(name)")
    for (metric, value) in expected {
      let computed = evaluation[metric]?.number
      // Differences of numbers up to 1 are exact to the last digit of those.
      let isZero = abs((computed ?? 1) - (value ?? 1)) <= 1e-15 && computed != nil && value != nil
      #expect(
        isZero || isClose(computed, value, relative: 1e-12),
        "\(name): \(metric) is \(String(describing: computed)), not \(String(describing: value))")
    }
  }

  /// Rows that are made anew rather than stored, up to 100,000 of them.
  @Test func valuesOfManyRowsAreScikitLearns() throws {
    let recipes = try RecipeOracle(named: "binary").recipes
    #expect(recipes.count >= 10)
    for sample in recipes {
      let table = sample.recipe.binaryTable
      expect(try Evaluation(of: table), hasValues: sample.expected, sample.name)
    }
  }

  @Test func regressionValuesAreScikitLearns() throws {
    let cases = try Oracle<RegressionCase>(named: "regression").cases
    #expect(cases.count >= 130)
    for sample in cases {
      let evaluation = try Evaluation(of: sample.table)
      expect(evaluation, hasValues: sample.expected, sample.name, areAll: false)
      #expect(evaluation.task == .regression && evaluation.matrix == nil)
    }
    for sample in try RecipeOracle(named: "regression").recipes {
      expect(
        try Evaluation(of: sample.recipe.regressionTable), hasValues: sample.expected, sample.name,
        areAll: false)
    }
  }

  @Test func numbersHaveNoPositiveClass() throws {
    let rows = PredictionRows.numbers(RegressionTable(targets: [1, 2], predictions: [1, 3]))
    #expect(throws: EvaluationError.classesOfNumbers) {
      try Evaluation(of: rows, options: EvaluationOptions(positiveLabel: .integer(1)))
    }
    #expect(try Evaluation(of: rows)["max_error"] == .value(1))
    #expect(throws: EvaluationError.noRows) {
      try Evaluation(of: RegressionTable(targets: [], predictions: []))
    }
  }

  @Test func binaryValuesAreScikitLearns() throws {
    for sample in try BinaryCase.all {
      if sample.scores != nil {
        let evaluation = try Evaluation(of: sample.table(withPredictions: false))
        expect(evaluation, hasValues: sample.expected, "\(sample.name), threshold")
        #expect(evaluation.threshold == Threshold())
      }
      let evaluation = try Evaluation(of: sample.table(withPredictions: true))
      expect(evaluation, hasValues: sample.expected, "\(sample.name), predictions")
      #expect(evaluation.threshold == nil)
      #expect(evaluation.rowCount == sample.labels.count)
      #expect(evaluation.positiveLabel == .integer(1))
    }
  }

  @Test func multiclassValuesAreScikitLearns() throws {
    for sample in try MulticlassCase.all {
      let options = EvaluationOptions(task: .multiclass)
      let evaluation = try Evaluation(of: sample.table(withPredictions: true), options: options)
      expect(evaluation, hasValues: sample.expected, sample.name)
      guard sample.probabilities != nil else { continue }
      let argmax = try Evaluation(of: sample.table(withPredictions: false), options: options)
      expect(argmax, hasValues: sample.expected, "\(sample.name), argmax")
    }
  }

  @Test func matricesAndClassReportsAreScikitLearns() throws {
    for sample in try MulticlassCase.all {
      let evaluation = try Evaluation(
        of: sample.table(withPredictions: true), options: EvaluationOptions(task: .multiclass))
      let matrix = try #require(evaluation.matrix)
      #expect(evaluation.labels == evaluation.labels.sorted())
      #expect(evaluation.classReports.map(\.label) == evaluation.labels)
      for (row, name) in sample.classes.enumerated() {
        let report = try #require(sample.reports[name.text])
        guard let index = evaluation.labels.firstIndex(of: try Label(name.text)) else {
          // A class that is neither true nor predicted is listed only where it has probabilities.
          #expect(sample.probabilities == nil && report.support == 0)
          #expect(sample.confusion.allSatisfy { $0[row] == 0 })
          continue
        }
        let computed = evaluation.classReports[index]
        #expect(isClose(computed.precision, report.precision), "\(sample.name), \(name.text)")
        #expect(isClose(computed.recall, report.recall), "\(sample.name), \(name.text)")
        #expect(isClose(computed.f1, report.f1), "\(sample.name), \(name.text)")
        #expect(isClose(computed.support, report.support), "\(sample.name), \(name.text)")
        for (column, other) in sample.classes.enumerated() {
          guard let otherIndex = evaluation.labels.firstIndex(of: try Label(other.text)) else {
            continue
          }
          #expect(
            isClose(matrix[index, otherIndex], sample.confusion[row][column]),
            "\(sample.name), \(name.text) as \(other.text)")
        }
      }
    }
  }

  // MARK: Properties

  private static let seeds = 0..<25 as Range<UInt64>

  private static func randomTables(seed: UInt64) -> [PredictionTable] {
    var rows = RandomRows(seed: seed)
    return [
      rows.binary(60, isWeighted: false), rows.binary(60, isWeighted: true),
      rows.multiclass(60, classes: 4, isWeighted: false),
      rows.multiclass(60, classes: 4, isWeighted: true),
    ]
  }

  /// Expects both tables to have the same metrics with the same values.
  private func expectSame(
    _ first: PredictionTable, _ second: PredictionTable, leavingOut names: Set<String> = [],
    _ comment: Comment
  ) throws {
    let (one, other) = (try Evaluation(of: first), try Evaluation(of: second))
    for entry in one.entries where !names.contains(entry.metric.id) {
      let value = other[entry.metric.id]
      #expect(isClose(entry.value.number, value?.number, relative: 1e-12), comment)
    }
  }

  @Test(arguments: seeds)
  func theOrderOfRowsDoesNotMatter(seed: UInt64) throws {
    for table in Self.randomTables(seed: seed) {
      var random = SplitMix64(seed: seed)
      let shuffled = table.rows(table.labels.indices.shuffled(using: &random))
      try expectSame(table, shuffled, "seed \(seed)")
      #expect(try Evaluation(of: table).matrix == Evaluation(of: shuffled).matrix, "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func aWeightIsThatManyRows(seed: UInt64) throws {
    for table in Self.randomTables(seed: seed) {
      guard let weights = table.weights else { continue }
      var repeated = table.rows(
        weights.indices.flatMap { repeatElement($0, count: Int(weights[$0])) })
      repeated.weights = nil
      try expectSame(table, repeated, "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func equalWeightsChangeNothing(seed: UInt64) throws {
    for table in Self.randomTables(seed: seed) {
      guard table.weights == nil else { continue }
      var weighted = table
      weighted.weights = [Double](repeating: 2, count: table.rowCount)
      // One-vs-one areas of weighted rows are not computed.
      try expectSame(
        table, weighted, leavingOut: ["roc_auc_ovo", "roc_auc_ovo_weighted"], "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func rowsOfWeightZeroCountForNothing(seed: UInt64) throws {
    for table in Self.randomTables(seed: seed) {
      var padded = table.rows(Array(table.labels.indices) + [0, 1, 2, 3])
      padded.weights = (table.weights ?? Array(repeating: 1, count: table.rowCount)) + [0, 0, 0, 0]
      try expectSame(
        table, padded, leavingOut: ["roc_auc_ovo", "roc_auc_ovo_weighted"], "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func labelsAreOnlyNames(seed: UInt64) throws {
    for table in Self.randomTables(seed: seed) where table.classes.count > 2 {
      var renamed = table
      renamed.classes = table.classes.map { .text("class \($0)") }
      try expectSame(table, renamed, "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func exchangingTheClassesMirrorsTheMetrics(seed: UInt64) throws {
    for table in Self.randomTables(seed: seed) where table.scores != nil {
      let evaluation = try Evaluation(of: table)
      var mirrored = table
      mirrored.scores = table.scores?.map { 1 - $0 }
      // A score at the cut is cut the other way.
      let options = EvaluationOptions(
        positiveLabel: .integer(0), threshold: Threshold(0.5, isInclusive: true))
      let mirror = try Evaluation(of: mirrored, options: options)
      #expect(mirror.positiveLabel == .integer(0))
      for name in [
        "accuracy", "balanced_accuracy", "matthews_corrcoef", "cohen_kappa", "roc_auc", "log_loss",
        "brier_score",
      ] {
        #expect(
          isClose(mirror[name]?.number, evaluation[name]?.number, relative: 1e-12),
          "seed \(seed), \(name)")
      }
      #expect(mirror["recall"]?.number == evaluation["specificity"]?.number, "seed \(seed)")
      #expect(mirror["specificity"]?.number == evaluation["recall"]?.number, "seed \(seed)")
      let area = try #require(evaluation["roc_auc"]?.number)
      let exchanged = try Evaluation(
        of: table, options: EvaluationOptions(positiveLabel: .integer(0)))
      #expect(isClose(exchanged["roc_auc"]?.number, 1 - area, relative: 1e-12), "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func noValueLeavesItsRangeWhateverTheWeights(seed: UInt64) throws {
    for table in Self.randomTables(seed: seed) {
      var random = SplitMix64(seed: seed)
      for exponents in [-8...9, 0...17, -150...150, -300...298, -300...(-290), 290...298] {
        var weighted = table
        weighted.weights = table.labels.map { _ in
          pow(10, Double(Int.random(in: exponents, using: &random)))
        }
        for entry in try Evaluation(of: weighted).entries {
          guard let value = entry.value.number else { continue }
          #expect(
            entry.metric.range.contains(value),
            "seed \(seed), weights 1e\(exponents): \(entry.metric.id) is \(value)")
        }
      }
    }
  }

  // MARK: Traps

  @Test func tiesCountOneHalf() throws {
    let ties = try Evaluation(of: binary([0, 1, 0, 1], scores: [0.2, 0.2, 0.1, 0.9]))
    #expect(ties["roc_auc"] == .value(0.875))
    let constant = try Evaluation(of: binary([0, 1, 0, 1], scores: [0.3, 0.3, 0.3, 0.3]))
    #expect(constant["roc_auc"] == .value(0.5))
  }

  @Test(arguments: [0, 1] as [Int32])
  func areasOfOneClassAreUndefined(label: Int32) throws {
    let evaluation = try Evaluation(of: binary([label, label], scores: [0.2, 0.7]))
    #expect(evaluation["roc_auc"] == .undefined(.singleClass))
    #expect(evaluation["matthews_corrcoef"] == .undefined(.singleClass))
  }

  @Test func correlationsOfOneClassAreUndefined() throws {
    let right = try Evaluation(of: binary([1, 1], predictions: [1, 1]))
    #expect(right["matthews_corrcoef"] == .undefined(.singleClass))
    #expect(right["cohen_kappa"] == .undefined(.singleClass))
    let mixed = try Evaluation(of: binary([1, 1], predictions: [1, 0]))
    #expect(mixed["matthews_corrcoef"] == .undefined(.singleClass))
    #expect(mixed["cohen_kappa"] == .value(0))
  }

  @Test(
    arguments: [
      [.integer(1), .integer(2)], [.text("no"), .text("yes")], [.integer(0), .integer(2)],
      [.integer(0), .text("yes")], [.integer(2)], [.text("spam")],
    ] as [[Label]])
  func thePositiveLabelIsNeverGuessed(classes: [Label]) throws {
    let last = Int32(classes.count - 1)
    let table = binary([0, last], scores: [0.1, 0.9], classes: classes)
    #expect(throws: EvaluationError.positiveLabelNeeded(classes)) { try Evaluation(of: table) }
    let positive = classes[Int(last)]
    let options = EvaluationOptions(positiveLabel: positive)
    let evaluation = try Evaluation(of: table, options: options)
    #expect(evaluation.positiveLabel == positive)
    #expect(evaluation["roc_auc"] == (last == 1 ? .value(1) : .undefined(.singleClass)))
  }

  @Test(
    arguments: [
      ([.integer(0), .integer(1)], 1), ([.integer(-1), .integer(1)], 1), ([.integer(0)], 1),
      ([.integer(1)], 1), ([.integer(-1)], 1),
    ] as [([Label], Int64)])
  func plainLabelsNeedNoPositiveLabel(classes: [Label], positive: Int64) throws {
    let last = Int32(classes.count - 1)
    let evaluation = try Evaluation(of: binary([0, last], scores: [0.1, 0.9], classes: classes))
    #expect(evaluation.positiveLabel == .integer(positive))
    #expect(evaluation.labels.count == 2)
  }

  @Test func eitherClassMayBePositive() throws {
    let table = binary([0, 0, 1], predictions: [0, 1, 1], classes: [.text("ham"), .text("spam")])
    let spam = try Evaluation(of: table, options: EvaluationOptions(positiveLabel: .text("spam")))
    #expect(spam["precision"] == .value(0.5))
    #expect(spam["recall"] == .value(1))
    let ham = try Evaluation(of: table, options: EvaluationOptions(positiveLabel: .text("ham")))
    #expect(ham["precision"] == .value(1))
    #expect(ham["recall"] == .value(0.5))
    #expect(ham.labels == [.text("ham"), .text("spam")])
  }

  @Test func scoresAtTheThresholdAreNegativeUnlessItIsInclusive() throws {
    let table = binary([0, 1, 1, 0], scores: [0.5, 0.5, 0.5000000000000001, 0.49999999999999994])
    let strict = try Evaluation(of: table)
    #expect(strict.matrix?.cells == [2, 0, 1, 1])
    #expect(
      strict.warnings == ["2 of 4 scores lie exactly at the threshold 0.5 and count as negative"])
    let options = EvaluationOptions(threshold: Threshold(0.5, isInclusive: true))
    let inclusive = try Evaluation(of: table, options: options)
    #expect(inclusive.matrix?.cells == [1, 1, 0, 2])
    #expect(
      inclusive.warnings == ["2 of 4 scores lie exactly at the threshold 0.5 and count as positive"]
    )
  }

  @Test(arguments: [-1, 0, 0.25, 1])
  func thresholdsMayLieAnywhere(value: Double) throws {
    let scores = [0, 0.25, 0.5, 1]
    let options = EvaluationOptions(threshold: Threshold(value))
    let evaluation = try Evaluation(of: binary([0, 0, 1, 1], scores: scores), options: options)
    #expect(evaluation.threshold?.value == value)
    let matrix = try #require(evaluation.matrix)
    #expect(matrix.predictedCount(of: 1) == Double(scores.count { $0 > value }))
  }

  @Test func predictionsDecideTheLabelMetrics() throws {
    let table = binary([0, 1], predictions: [0, 1], scores: [0.9, 0.1])
    let evaluation = try Evaluation(of: table)
    #expect(evaluation["accuracy"] == .value(1))
    #expect(evaluation["roc_auc"] == .value(0))
    #expect(evaluation.threshold == nil)
    let cut = try Evaluation(of: table, options: EvaluationOptions(threshold: Threshold()))
    #expect(cut["accuracy"] == .value(0))
    #expect(cut.threshold == Threshold())
  }

  @Test func zeroDivisionsAreZeroAndListed() throws {
    let evaluation = try Evaluation(of: binary([0, 0, 0], predictions: [0, 0, 0]))
    #expect(evaluation["precision"] == .zeroDivision(0))
    #expect(evaluation["recall"] == .zeroDivision(0))
    #expect(evaluation["f1"] == .zeroDivision(0))
    #expect(evaluation["jaccard"] == .zeroDivision(0))
    #expect(evaluation["specificity"] == .value(1))
    #expect(evaluation.zeroDivisions == ["precision", "recall", "f1", "f0_5", "f2", "jaccard"])
  }

  @Test func f1WithoutHitsIsAPlainZero() throws {
    let evaluation = try Evaluation(of: binary([0, 1], predictions: [1, 0]))
    #expect(evaluation["f1"] == .value(0))
    #expect(evaluation.zeroDivisions.isEmpty)
  }

  @Test func classesOnlyPredictedCountInMacroAverages() throws {
    let evaluation = try Evaluation(of: multiclass([0, 1, 1], predictions: [0, 1, 2]))
    #expect(evaluation["recall_macro"] == .zeroDivision(0.5))
    #expect(evaluation["balanced_accuracy"] == .value(0.75))
    #expect(isClose(evaluation["f1_macro"]?.number, 5.0 / 9))
    #expect(evaluation.labels == [.text("a"), .text("b"), .text("c")])
  }

  @Test func classesWithoutRowsDoNotCount() throws {
    let evaluation = try Evaluation(
      of: multiclass([0, 1, 1], predictions: [0, 1, 0]),
      options: EvaluationOptions(task: .multiclass))
    #expect(evaluation["recall_macro"] == .value(0.75))
    #expect(evaluation.labels == [.text("a"), .text("b")])
  }

  @Test func microAveragesAreTheAccuracy() throws {
    let evaluation = try Evaluation(of: multiclass([0, 1, 2, 2], predictions: [0, 1, 2, 1]))
    for name in ["accuracy", "precision_micro", "recall_micro", "f1_micro"] {
      #expect(evaluation[name] == .value(0.75), "\(name)")
    }
  }

  @Test(arguments: [9e-6, -9e-6, 1e-7])
  func probabilitiesMayMissOneByRounding(error: Double) throws {
    let table = multiclass(
      [0, 1, 2], probabilities: [0.5, 0.3, 0.2, 0.1, 0.8 + error, 0.1, 0, 0, 1])
    #expect(try Evaluation(of: table)["roc_auc_ovr"]?.number != nil)
  }

  @Test(arguments: [1e-4, -1e-4, 1, .nan])
  func probabilitiesThatDoNotAddUpAreRefused(error: Double) {
    let table = multiclass(
      [0, 1, 2], probabilities: [0.5, 0.3, 0.2, 0.1, 0.8 + error, 0.1, 2, 2, 2])
    let thrown = #expect(throws: EvaluationError.self) { try Evaluation(of: table) }
    guard case .probabilitiesDoNotAddUp(row: 2, _) = thrown else {
      Issue.record("\(String(describing: thrown))")
      return
    }
  }

  @Test func classesAbsentFromTheTruthLeaveOneVsRestUndefined() throws {
    let table = multiclass(
      [0, 1, 0, 1], probabilities: [0.6, 0.2, 0.2, 0.3, 0.6, 0.1, 0.4, 0.5, 0.1, 0.5, 0.3, 0.2])
    let evaluation = try Evaluation(of: table)
    #expect(evaluation["roc_auc_ovr"] == .undefined(.absentClass))
    #expect(evaluation["roc_auc_ovr_weighted"] == .undefined(.absentClass))
    // Column a ranks 3 of 4 pairs right, column b too.
    #expect(evaluation["roc_auc_ovo"] == .value(0.75))
    #expect(evaluation.labels.count == 3)
  }

  @Test func multiclassAreasOfOneClassAreUndefined() throws {
    let table = multiclass([1, 1], probabilities: [0.2, 0.6, 0.2, 0.3, 0.3, 0.4])
    let evaluation = try Evaluation(of: table)
    for name in ["roc_auc_ovr", "roc_auc_ovr_weighted", "roc_auc_ovo", "roc_auc_ovo_weighted"] {
      #expect(evaluation[name] == .undefined(.singleClass), "\(name)")
    }
  }

  @Test func theFirstOfEqualProbabilitiesIsPredicted() throws {
    let table = multiclass([0, 1, 2], probabilities: [0.4, 0.4, 0.2, 0.2, 0.4, 0.4, 0.5, 0, 0.5])
    #expect(try Evaluation(of: table).matrix?.cells == [1, 0, 0, 0, 1, 0, 1, 0, 0])
  }

  @Test func averagePrecisionIsNoTrapezoid() throws {
    let evaluation = try Evaluation(of: binary([0, 1, 0, 1], scores: [0.2, 0.2, 0.1, 0.9]))
    #expect(isClose(evaluation["average_precision"]?.number, 5.0 / 6))
  }

  @Test func averagePrecisionWithoutPositivesIsUndefined() throws {
    let evaluation = try Evaluation(of: binary([0, 0], scores: [0.1, 0.9]))
    #expect(evaluation["average_precision"] == .undefined(.noPositives))
  }

  @Test func logLossClipsInDoublePrecision() throws {
    let evaluation = try Evaluation(of: binary([1, 0], scores: [0, 0.1]))
    // Single precision would give 8.02.
    #expect(isClose(evaluation["log_loss"]?.number, (52 * log(2.0) - log(0.9)) / 2))
  }

  @Test func logLossOfOneClassIsComputed() throws {
    let evaluation = try Evaluation(of: binary([1, 1], scores: [0.5, 0.25]))
    #expect(isClose(evaluation["log_loss"]?.number, 1.5 * log(2.0)))
  }

  @Test func rowsOfWeightZeroCreateNoClasses() throws {
    let evaluation = try Evaluation(
      of: binary([0, 1, 0], scores: [0.1, 0.9, 0.8], weights: [1, 0, 2]))
    #expect(evaluation["roc_auc"] == .undefined(.singleClass))
    #expect(evaluation["average_precision"] == .undefined(.noPositives))
    #expect(evaluation["accuracy"] == .value(1.0 / 3))
    #expect(evaluation.rowCount == 3)
    let third = multiclass([0, 1, 2], predictions: [0, 1, 1], weights: [1, 1, 0])
    let two = try Evaluation(of: third, options: EvaluationOptions(positiveLabel: .text("b")))
    #expect(two.task == .binary)
    #expect(two.labels == [.text("a"), .text("b")])
  }

  @Test func scoresAreNeverSquashed() throws {
    let margins = [-3.0, 0.2, 1.7, 5]
    let evaluation = try Evaluation(of: binary([0, 1, 0, 1], scores: margins))
    #expect(evaluation["log_loss"] == .undefined(.notProbabilities))
    #expect(evaluation["brier_score"] == .undefined(.notProbabilities))
    #expect(evaluation["roc_auc"] == .value(0.75))
    #expect(evaluation.matrix?.cells == [1, 1, 1, 1])
    #expect(
      evaluation.warnings == [
        "3 of 4 scores lie outside 0 to 1: they are no probabilities, so log_loss, brier_score and "
          + "expected_calibration_error are undefined, and the threshold stays at 0.5"
      ])
    let squashed = try Evaluation(
      of: binary([0, 1, 0, 1], scores: margins.map { 1 / (1 + exp(-$0)) }))
    #expect(squashed["roc_auc"] == evaluation["roc_auc"])
  }

  @Test func outsideProbabilitiesAreNotLogged() throws {
    let table = multiclass([0, 1, 2], probabilities: [1.5, -0.25, -0.25, 0, 1, 0, 0, 0, 1])
    let evaluation = try Evaluation(of: table)
    #expect(evaluation["log_loss"] == .undefined(.notProbabilities))
    #expect(evaluation["roc_auc_ovr"]?.number == 1)
    #expect(
      evaluation.warnings == ["3 of 9 probabilities lie outside 0 to 1, so log_loss is undefined"])
  }

  @Test func binaryProbabilityColumnsAreScores() throws {
    let table = PredictionTable(
      classes: [.integer(0), .integer(1)], labels: [0, 1, 1],
      probabilities: [0.9, 0.1, 0.5, 0.5, 0.25, 0.75])
    let evaluation = try Evaluation(of: table)
    #expect(evaluation["roc_auc"] == .value(1))
    #expect(isClose(evaluation["brier_score"]?.number, (0.01 + 0.25 + 0.0625) / 3))
    // The first of equal maxima is predicted.
    #expect(evaluation.matrix?.cells == [1, 0, 1, 1])
    #expect(evaluation.threshold == nil)
    let cut = EvaluationOptions(threshold: Threshold(0.5, isInclusive: true))
    #expect(try Evaluation(of: table, options: cut).matrix?.cells == [1, 0, 0, 2])
  }

  @Test func metricsWithoutTheirInputsAreLeftOut() throws {
    let labels = try Evaluation(of: binary([0, 1], predictions: [0, 1]))
    #expect(labels["roc_auc"] == nil && labels["log_loss"] == nil)
    let nothing = try Evaluation(of: binary([0, 1]))
    #expect(nothing.entries.isEmpty && nothing.matrix == nil && nothing.classReports.isEmpty)
  }

  // MARK: Errors

  @Test func tablesThatCannotBeEvaluatedAreRefused() throws {
    let letters: [Label] = [.text("a"), .text("b"), .text("c")]
    let three = multiclass([0, 1, 2], predictions: [0, 1, 2])
    #expect(throws: EvaluationError.noRows) { try Evaluation(of: binary([], scores: [])) }
    #expect(throws: EvaluationError.noWeight) {
      try Evaluation(of: binary([0, 1], scores: [0, 1], weights: [0, 0]))
    }
    #expect(throws: EvaluationError.weightsTooLarge) {
      try Evaluation(of: binary([0, 1], scores: [0, 1], weights: [1e308, 1e308]))
    }
    #expect(throws: EvaluationError.positiveLabelUnknown(.text("x"), [.integer(0), .integer(1)])) {
      try Evaluation(
        of: binary([0, 1], scores: [0, 1]), options: EvaluationOptions(positiveLabel: .text("x")))
    }
    #expect(throws: EvaluationError.tooManyClasses(letters)) {
      try Evaluation(of: three, options: EvaluationOptions(positiveLabel: .text("a")))
    }
    #expect(throws: EvaluationError.tooManyClasses(letters)) {
      try Evaluation(of: three, options: EvaluationOptions(task: .binary))
    }
    #expect(throws: EvaluationError.scoresOfManyClasses(letters)) {
      try Evaluation(of: binary([0, 1, 2], scores: [0, 1, 0], classes: letters))
    }
    #expect(throws: EvaluationError.thresholdOfManyClasses(letters)) {
      try Evaluation(of: three, options: EvaluationOptions(threshold: Threshold()))
    }
  }

  @Test(
    arguments: [
      (.noRows, "has no data rows", "give a file with a header and at least one row"),
      (.noWeight, "all weights are 0", "give at least one row a weight"),
      (
        .weightsTooLarge, "the weights add up to more than 1e+300",
        "divide all weights by one number, which changes no metric"
      ),
      (
        .positiveLabelNeeded([.integer(1), .integer(2)]),
        "the labels '1', '2' do not say which of them is positive", "name it with --positive-label"
      ),
      (
        .positiveLabelUnknown(.text("x"), [.text("no"), .text("yes")]),
        "the positive label 'x' is not among the labels 'no', 'yes'",
        "name one of them with --positive-label"
      ),
      (
        .tooManyClasses((0..<12).map { .integer($0) }),
        "a binary problem has two labels, and these are 12: "
          + "'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', …",
        "leave --task and --positive-label out"
      ),
      (
        .probabilitiesDoNotAddUp(row: 3, sum: 0.9),
        "row 3: the probabilities add up to 0.9, not to 1",
        "write them with more digits, or check the columns"
      ),
    ] as [(EvaluationError, String, String)])
  func errorsTellTheMend(error: EvaluationError, message: String, hint: String) {
    #expect(error.message == message)
    #expect(error.hint == hint)
  }

  @Test func probabilitiesInAnotherOrderThanTheClassesAreDoubted() throws {
    let table = PredictionTable(
      classes: [.text("a"), .text("b"), .text("c")], labels: [0, 1, 2], predictions: [0, 1, 2],
      probabilities: [0.1, 0.8, 0.1, 0.8, 0.1, 0.1, 0.1, 0.1, 0.8])
    let warnings = try Evaluation(of: table).warnings
    #expect(warnings.count == 1 && warnings[0].hasPrefix("in 2 of 3 rows the predicted class"))
  }

  @Test func tiesOfTheHighestProbabilityAreCountedAndGoToTheFirstClass() throws {
    let third = 1.0 / 3
    let table = PredictionTable(
      classes: [.text("a"), .text("b"), .text("c")], labels: [0, 1, 2],
      probabilities: [third, third, third, third, third, third, third, third, third])
    let evaluation = try Evaluation(of: table)
    #expect(isClose(evaluation["accuracy"]?.number, third))
    #expect(isClose(evaluation["top_2_accuracy"]?.number, 2 * third))
    #expect(evaluation.warnings.contains { $0.hasPrefix("in 3 of 3 rows several classes") })
  }
}
