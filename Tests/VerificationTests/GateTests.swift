internal import DataTables
internal import EvaluationMetrics
internal import TestSupport
internal import Testing

@testable internal import Verification

@Suite struct GateTests {
  /// Rows of which `right` are predicted rightly.
  private func evaluation(right: Int, of count: Int) throws -> Evaluation {
    let labels = (0..<count).map { Int32($0 % 2) }
    let predictions = labels.enumerated().map { $0 < right ? $1 : 1 - $1 }
    return try Evaluation(
      of: PredictionTable(
        classes: [.integer(0), .integer(1)], labels: labels, predictions: predictions))
  }

  @Test(arguments: [
    ("accuracy > 0.90", "accuracy", Gate.Comparison.greater, 0.9),
    ("accuracy>=.9", "accuracy", .greaterOrEqual, 0.9),
    ("log_loss < 4e-1", "log_loss", .less, 0.4),
    (" brier_score <= +0.25 ", "brier_score", .lessOrEqual, 0.25),
    ("matthews_corrcoef > -0.5", "matthews_corrcoef", .greater, -0.5),
    ("Accuracy > 0.9", "accuracy", .greater, 0.9),
    ("auc > 0.9", "auc", .greater, 0.9),
    ("beauty > 1", "beauty", .greater, 1),
  ])
  func conditionsAreRead(
    text: String, metric: String, comparison: Gate.Comparison, threshold: Double
  ) throws {
    let gate = try Gate(text)
    #expect(gate.metric == metric)
    #expect(gate.comparison == comparison)
    #expect(gate.threshold == threshold)
  }

  @Test(arguments: [
    ("accuracy", GateError.noComparison("accuracy")),
    ("accuracy = 0.9", .noComparison("accuracy = 0.9")),
    ("accuracy => 0.9", .noComparison("accuracy => 0.9")),
    ("accuracy >< 0.9", .noComparison("accuracy >< 0.9")),
    ("accuracy >== 0.9", .noComparison("accuracy >== 0.9")),
    ("> 0.9", .noMetric("> 0.9")),
    ("0.9 < accuracy", .noThreshold("0.9 < accuracy")),
    ("two words > 0.9", .noMetric("two words > 0.9")),
    ("accuracy >", .noThreshold("accuracy >")),
    ("accuracy > nan", .noThreshold("accuracy > nan")),
    ("accuracy > 0x1p3", .noThreshold("accuracy > 0x1p3")),
    ("accuracy > 1e999", .noThreshold("accuracy > 1e999")),
    ("accuracy > 90%", .noThreshold("accuracy > 90%")),
  ])
  func malformedConditionsAreRefused(text: String, error: GateError) {
    #expect(throws: error) { try Gate(text) }
  }

  /// A condition means what it says: 0.90 is not above 0.90.
  @Test(arguments: [
    ("accuracy > 0.90", 9, 10, false), ("accuracy >= 0.90", 9, 10, true),
    ("accuracy < 0.90", 9, 10, false), ("accuracy <= 0.90", 9, 10, true),
    ("accuracy > 0.3", 3, 10, false), ("accuracy >= 0.3", 3, 10, true),
    ("accuracy > 0.90", 91, 100, true), ("accuracy > 0.90", 9_000, 10_000, false),
  ])
  func strictnessIsKept(text: String, right: Int, count: Int, passed: Bool) throws {
    let result = try Gate(text).judge(evaluation(right: right, of: count))
    #expect(result.passed == passed)
  }

  /// Counts are compared as exactly as integers would be: right · 10^k against threshold · count.
  @Test func quotientsOfCountsCompareExactly() throws {
    for count in 1...60 {
      for right in 0...count {
        let evaluation = try evaluation(right: right, of: count)
        for hundredths in stride(from: 0, through: 100, by: 5) {
          let text = "accuracy > 0." + (hundredths < 10 ? "0" : "") + "\(hundredths)"
          let gate = try Gate(hundredths == 100 ? "accuracy > 1.00" : text)
          #expect(gate.judge(evaluation).passed == (right * 100 > hundredths * count))
        }
      }
    }
  }

  @Test func undefinedAndUnknownMetricsFail() throws {
    let table = PredictionTable(
      classes: [.integer(0)], labels: [0, 0], predictions: nil, scores: [0.2, 0.4])
    let evaluation = try Evaluation(of: table)
    let undefined = try Gate("roc_auc > 0").judge(evaluation)
    #expect(!undefined.passed && undefined.reason?.code == "single_class")
    let unknown = try Gate("beauty > 0").judge(evaluation)
    #expect(!unknown.passed && unknown.reason?.code == "unknown_metric")
    let alias = try Gate("auc > 0").judge(evaluation)
    #expect(!alias.passed && alias.reason == .unknownMetric(meant: "roc_auc"))
    for text in ["foo_f1 >= 0", "pr_auc > 0", "train_accuracy > 0", "top5_accuracy > 0"] {
      let result = try Gate(text).judge(evaluation)
      #expect(!result.passed && result.reason == .unknownMetric(meant: nil), "\(text)")
    }
    let other = try Gate("f1_macro < 2").judge(evaluation)
    #expect(!other.passed && other.reason?.code == "not_computed")
    let nothing = try Gate("accuracy >= 0").judge(nil)
    #expect(!nothing.passed && nothing.reason?.code == "not_computed")
  }

  @Test func zeroDivisionsCountAsZero() throws {
    let table = PredictionTable(
      classes: [.integer(0), .integer(1)], labels: [0, 1], predictions: [0, 0])
    let result = try Gate("precision >= 0").judge(Evaluation(of: table))
    #expect(result.passed && result.value == 0)
  }

  // MARK: Levels, slices and baselines

  @Test(
    arguments: [
      ("accuracy > 0.90 at 95%", Gate.Bound.number(0.9), 0.95, []),
      ("accuracy > 0.90 AT 99.9 %", .number(0.9), 0.999, []),
      ("accuracy > .9 at 0.95", .number(0.9), 0.95, []),
      ("accuracy > 0.9 where region = eu", .number(0.9), nil, ["region", "eu"]),
      (
        "accuracy>0.9 at 95% where region=eu and sex = f", .number(0.9), 0.95,
        ["region", "eu", "sex", "f"]
      ),
      ("accuracy > 0.9 where 'age group' = \"30's\"", .number(0.9), nil, ["age group", "30's"]),
      ("accuracy > 0.9 where a = 'x and y = z'", .number(0.9), nil, ["a", "x and y = z"]),
      (
        "accuracy > 0.9 where and = and and b = where", .number(0.9), nil,
        ["and", "and", "b", "where"]
      ),
      ("accuracy > 0.9 where a = ''", .number(0.9), nil, ["a", ""]),
      ("roc_auc >= baseline - 0.01", .baseline(offset: -0.01), nil, []),
      ("roc_auc >= Baseline-0.01", .baseline(offset: -0.01), nil, []),
      ("log_loss < baseline + 1e-3 at 90%", .baseline(offset: 0.001), 0.9, []),
      ("f1 > baseline where region = eu", .baseline(offset: 0), nil, ["region", "eu"]),
    ] as [(String, Gate.Bound, Double?, [String])])
  func levelsSlicesAndBaselinesAreRead(
    text: String, bound: Gate.Bound, level: Double?, slice: [String]
  ) throws {
    let gate = try Gate(text)
    #expect(gate.bound == bound)
    #expect(gate.level == level)
    #expect(gate.slice.flatMap { [$0.column, $0.value] } == slice)
    // What is printed reads back as the same.
    #expect(try Gate(gate.description) == gate)
  }

  @Test(arguments: [
    ("f1 > 0.9 at", GateError.noLevel("f1 > 0.9 at")),
    ("f1 > 0.9 at high", .noLevel("f1 > 0.9 at high")),
    ("f1 > 0.9 at 95", .noLevel("f1 > 0.9 at 95")),
    ("f1 > 0.9 at 100%", .noLevel("f1 > 0.9 at 100%")),
    ("f1 > 0.9 at 0%", .noLevel("f1 > 0.9 at 0%")),
    ("f1 > 0.9 where", .noSlice("f1 > 0.9 where")),
    ("f1 > 0.9 where a", .noSlice("f1 > 0.9 where a")),
    ("f1 > 0.9 where a =", .noSlice("f1 > 0.9 where a =")),
    ("f1 > 0.9 where a = b c", .noSlice("f1 > 0.9 where a = b c")),
    ("f1 > 0.9 where a = b and", .noSlice("f1 > 0.9 where a = b and")),
    ("f1 > 0.9 where a = 'b", .noSlice("f1 > 0.9 where a = 'b")),
    ("f1 > 0.9 where a = b at 95%", .noSlice("f1 > 0.9 where a = b at 95%")),
    ("f1 > baseline -", .noThreshold("f1 > baseline -")),
    ("f1 > baseline 0.01", .noThreshold("f1 > baseline 0.01")),
    ("f1 > baseline - -0.01", .noThreshold("f1 > baseline - -0.01")),
    ("f1 > 0.01 + baseline", .noThreshold("f1 > 0.01 + baseline")),
    ("f1 > baselines", .noThreshold("f1 > baselines")),
  ])
  func malformedLevelsSlicesAndBaselinesAreRefused(text: String, error: GateError) {
    #expect(throws: error) { try Gate(text) }
  }

  private let rows = PredictionTable(
    classes: [.integer(0), .integer(1)], labels: (0..<200).map { Int32($0 % 2) },
    // Rows of the first twenty are wrong in the first half of them.
    predictions: (0..<200).map { Int32($0 < 10 ? 1 - $0 % 2 : $0 % 2) })
  private let regions = Categories(
    column: "region", texts: (0..<200).map { $0 < 20 ? "eu" : "us" })

  private func evidence(
    baseline: Baseline? = nil, isFirstRun: Bool = false
  ) throws -> Evidence {
    Evidence(
      try Evaluation(of: rows), rows: .classes(rows), slicings: [regions], baseline: baseline,
      isFirstRun: isFirstRun)
  }

  /// 190 of 200: Wilson's interval at 95 % is 0.9104…0.9726, at 99 % from 0.8946; statsmodels 0.14's
  /// proportion_confint(190, 200, method="wilson") says the same.
  @Test(
    arguments: [
      ("accuracy > 0.91 at 95%", nil), ("accuracy > 0.911 at 95%", "not_proven"),
      ("accuracy > 0.91 at 99%", "not_proven"), ("accuracy > 0.95 at 95%", "threshold_not_met"),
      ("accuracy < 0.96 at 95%", "not_proven"), ("accuracy <= 0.98 at 95%", nil),
      ("f1 > 0.90 at 95%", nil), ("f1 > 0.949 at 95%", "not_proven"),
    ] as [(String, String?)])
  func theIntervalMustLieOnTheRightSide(text: String, reason: String?) throws {
    let result = try evidence().judge(Gate(text))
    #expect(result.reason?.code == reason)
    #expect(result.value == 0.95)
    let interval = try #require(result.interval)
    #expect(interval.low < 0.95 && interval.high > 0.95)
  }

  @Test(
    arguments: [
      ("accuracy >= 0.5 where region = eu", 0.5, nil),
      ("accuracy > 0.5 where region = eu", 0.5, "threshold_not_met"),
      ("accuracy >= 1 where region = us", 1.0, nil),
      ("accuracy >= 0.4 at 95% where region = eu", 0.5, "not_proven"),
      ("accuracy >= 0 where region = EU", nil, "no_rows"),
      ("beauty >= 0 where region = eu", nil, "unknown_metric"),
      ("roc_auc >= 0 where region = eu", nil, "not_computed"),
    ] as [(String, Double?, String?)])
  func aSliceCountsItsOwnRows(text: String, value: Double?, reason: String?) throws {
    let (results, slices) = try evidence().judge([Gate(text), Gate("accuracy > 0.9")])
    #expect(results[0].value == value)
    #expect(results[0].reason?.code == reason)
    #expect(results[1].passed)
    #expect(slices.count == (reason == "no_rows" ? 0 : 1))
  }

  @Test func aGateRelativeToABaselineNeedsOne() throws {
    let gate = try Gate("accuracy >= baseline - 0.01")
    let without = try evidence().judge(gate)
    #expect(without.reason?.code == "no_baseline" && without.fails && !without.passed)
    let first = try evidence(isFirstRun: true).judge(gate)
    #expect(first.reason?.code == "first_run" && !first.fails && !first.passed)
  }

  @Test(
    arguments: [
      (#"{"accuracy": 0.96}"#, nil, 0.95), (#"{"accuracy": 0.961}"#, "threshold_not_met", 0.951),
      (#"{"f1": 0.9}"#, "no_baseline_value", nil),
      (#"{"test": {"accuracy": 0.96}, "train": {"accuracy": 0.99}}"#, nil, 0.95),
      (
        #"{"test": {"accuracy": 0.96}, "validation": {"accuracy": 0.90, "f1": 0.9}}"#,
        "no_baseline_value", nil
      ),
      (
        #"{"binary_classification_metrics": {"accuracy": {"value": 0.96, "standard_deviation": "NaN"}}}"#,
        nil, 0.95
      ),
      (#"{"schema": "assay.metrics/1", "metrics": {"accuracy": 0.96, "f1": null}}"#, nil, 0.95),
      (
        #"{"schema": "assay.metrics/1", "metrics": {"accuracy": null, "f1": 0.5}}"#,
        "no_baseline_value", nil
      ),
      (
        #"{"schema": "assay.verification/1", "metrics": {"rows": 9, "metrics": {"accuracy": 0.96}}}"#,
        nil, 0.95
      ),
    ] as [(String, String?, Double?)])
  func baselinesAreReports(text: String, reason: String?, threshold: Double?) throws {
    let folder = try TemporaryFolder()
    let baseline = try Baseline(path: folder.write(text, to: "baseline.json"))
    let result = try evidence(baseline: baseline).judge(Gate("accuracy >= baseline - 0.01"))
    #expect(result.reason?.code == reason)
    #expect(result.threshold == threshold)
    // What is there is judged by, first run or not.
    let first = try evidence(baseline: baseline, isFirstRun: true)
      .judge(Gate("accuracy >= baseline - 0.01"))
    #expect(first == result)
  }

  @Test func aSliceIsComparedWithTheBaselinesOwn() throws {
    let folder = try TemporaryFolder()
    let baseline = try Baseline(
      path: folder.write(
        #"""
        {"schema": "assay.metrics/1", "metrics": {"accuracy": 0.9}, "slices": [
          {"columns": ["region"], "values": ["eu"], "metrics": {"accuracy": 0.6}}]}
        """#, to: "baseline.json"))
    let evidence = try evidence(baseline: baseline)
    #expect(
      try evidence.judge(Gate("accuracy >= baseline where region = eu")).reason == .thresholdNotMet)
    #expect(
      try evidence.judge(Gate("accuracy >= baseline where region = us")).reason == .noBaselineValue)
    #expect(try evidence.judge(Gate("accuracy >= baseline")).passed)
  }

  @Test(arguments: ["", "[]", "{}", #"{"schema": "assay.inspection/1"}"#, "accuracy"])
  func aBaselineWithoutMetricsIsAnError(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "baseline.json")
    #expect(throws: VerificationError.self) { try Baseline(path: path) }
    #expect(throws: VerificationError.self) { try Baseline(path: folder.path + "/none.json") }
    #expect(try Baseline.of(folder.path + "/none.json", isFirstRun: true) == nil)
  }

  /// However a baseline is damaged, it is read or refused.
  @Test func noDamagedBaselineTraps() throws {
    let folder = try TemporaryFolder()
    let bytes = Array(
      #"{"schema": "assay.metrics/1", "metrics": {"f1": 0.9}, "slices": [{"columns": ["a"], "values": ["b"], "metrics": {"f1": 1}}]}"#
        .utf8)
    for end in bytes.indices {
      _ = try? Baseline(path: folder.write(bytes[..<end], to: "cut.json"))
    }
    var random = SplitMix64(seed: 7)
    for _ in 0..<300 {
      var flipped = bytes
      flipped[Int.random(in: flipped.indices, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      _ = try? Baseline(path: folder.write(flipped[...], to: "flipped.json"))
    }
  }

  @Test(arguments: [
    (0.1, 0.2, 0.3), (0.91, -0.01, 0.9), (0.3, -0.1, 0.2), (1e-7, 1e-3, 0.0010001),
    (0.91, -0.9, 0.01), (12, 0.5, 12.5), (1e300, 1, 1e300),
    (0.9123456789012345, 0, 0.9123456789012345),
  ])
  func sumsAreDecimal(first: Double, second: Double, sum: Double) {
    #expect(Evidence.decimalSum(first, second) == sum)
  }
}
