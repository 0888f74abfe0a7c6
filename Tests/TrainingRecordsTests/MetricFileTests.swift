import InputReading
import TestSupport
import Testing

@testable import TrainingRecords

@Suite struct MetricFileTests {
  private func metrics(_ text: String) throws -> [LoggedMetric] {
    try MetricFile(JSONDocument(Array(text.utf8), from: Place("metrics.json"))).metrics
  }

  private func words(_ text: String) throws -> [String] {
    try metrics(text).map { "\($0.metric.split?.rawValue ?? "-") \($0.metric.id) \($0.value)" }
  }

  // MARK: Nesting

  @Test func flatFilesAreRead() throws {
    #expect(
      try words(#"{"accuracy": 0.986, "val_f1": 0.5, "loss": 0.1, "name": "x", "rows": 143}"#)
        == ["- accuracy 0.986", "validation f1 0.5", "- loss 0.1"])
  }

  @Test func sampleFilesAreRead() throws {
    let file = try MetricFile(JSONDocument(path: dataset("breast-cancer/metrics.json")))
    #expect(file.metrics.map(\.metric.id) == ["accuracy", "precision", "recall", "f1", "roc_auc"])
    #expect(file.metrics.map(\.line) == [2, 3, 4, 5, 6])
    #expect(file.metrics.map(\.resolution) == [1e-15, 1e-16, 1e-16, 1e-16, 1e-16])
    #expect(file.metrics.first?.value == 0.986013986013986)
    #expect(file.metrics.allSatisfy { !$0.isSinglePrecision })
    let tree = try MetricFile(JSONDocument(path: dataset("iris-tree/metrics.json")))
    #expect(tree.metrics.map(\.metric.id).contains("precision_macro"))
    // A recall of 1.0 is as fine as the values beside it.
    let overstated = try MetricFile(
      JSONDocument(path: dataset("breast-cancer-overstated/metrics.json")))
    #expect(overstated.metrics[2].value == 1 && overstated.metrics[2].resolution == 1e-16)
  }

  @Test func evaluationFilesAreRead() throws {
    let text = """
      {"binary_classification_metrics": {
        "accuracy": {"value": 0.91, "standard_deviation": "NaN"},
        "auc": {"value": 0.955, "standard_deviation": 0.01},
        "validation:f1": {"value": 0.9, "standard_deviation": 0.5},
        "train:auc": {"value": 0.97}}}
      """
    #expect(
      try words(text) == [
        "- accuracy 0.91", "- roc_auc 0.955", "validation f1 0.9", "train roc_auc 0.97",
      ])
    #expect(
      try metrics(text).map(\.name) == [
        "binary_classification_metrics.accuracy", "binary_classification_metrics.auc",
        "binary_classification_metrics.validation:f1", "binary_classification_metrics.train:auc",
      ])
    let multi =
      #"{"multiclass_classification_metrics": {"weighted_f1": {"value": 0.5}, "macro_recall": {"value": 0.25}}}"#
    #expect(try words(multi) == ["- f1_weighted 0.5", "- recall_macro 0.25"])
  }

  @Test func outerKeysTellTheSplit() throws {
    #expect(
      try words(#"{"train": {"accuracy": 0.99}, "test": {"accuracy": 0.9, "f1": 0.8}}"#)
        == ["train accuracy 0.99", "test accuracy 0.9", "test f1 0.8"])
    #expect(
      try words(
        #"{"train": {"metrics": {"accuracy": 0.99}}, "results": {"validation": {"auc": 0.9}}}"#)
        == ["train accuracy 0.99", "validation roc_auc 0.9"])
  }

  @Test func listsOfMetricsNameThemBesideTheirValues() throws {
    #expect(
      try words(#"{"metrics": [{"name": "accuracy", "value": 0.5}, {"name": "loss", "value": 1}]}"#)
        == ["- accuracy 0.5", "- loss 1.0"])
  }

  /// Values of slices or folds are not the whole data's.
  @Test func severalValuesUnderOtherKeysAreOfPartsOfTheData() throws {
    #expect(
      try words(#"{"women": {"accuracy": 0.7}, "men": {"accuracy": 0.8}}"#) == [])
    #expect(
      try words(#"{"accuracy": 0.75, "women": {"accuracy": 0.7}}"#) == ["- accuracy 0.75"])
    #expect(try words(#"{"forest": {"accuracy": 0.75}}"#) == ["- accuracy 0.75"])
  }

  @Test func numbersMayBeTexts() throws {
    #expect(try words(#"{"accuracy": "0.5"}"#) == ["- accuracy 0.5"])
  }

  @Test func ofTwoValuesTheOneWithoutAWordIsTheTrainingDatas() throws {
    #expect(
      try words(#"{"accuracy": 0.99, "val_accuracy": 0.9}"#)
        == ["train accuracy 0.99", "validation accuracy 0.9"])
  }

  @Test func otherKeysAreNoMetrics() throws {
    for text in [
      #"{"target_accuracy": 0.95}"#, #"{"best_accuracy": 0.95}"#,
      #"{"accuracy": "high"}"#, #"{"accuracy": null, "f1": true}"#, #"{"accuracy": {"std": 0.1}}"#,
      #"{"accuracy": {"value": "NaN", "standard_deviation": 0.1}}"#, "0.9", "[0.9]", "{}", "[]",
      #"{"value": 0.9}"#, #"{"rows": {"value": 5}}"#, #"{"hyperparameters": {"max_depth": 3}}"#,
      #"{"target": {"accuracy": 0.9}}"#,
    ] {
      #expect(try words(text) == [], "\(text)")
    }
  }

  /// scikit-learn's classification_report as a dictionary.
  @Test func oneClasssMetricsAreNotTheModels() throws {
    let report = """
      {"setosa": {"precision": 1.0, "recall": 0.5, "f1-score": 0.25, "support": 12},
       "0": {"precision": 0.1, "recall": 0.2, "f1-score": 0.3, "support": 13},
       "accuracy": 0.947,
       "macro avg": {"precision": 0.956, "recall": 0.944, "f1-score": 0.946, "support": 38},
       "weighted avg": {"precision": 0.955, "recall": 0.943, "f1-score": 0.945, "support": 38}}
      """
    let expected = [
      "accuracy 0.947", "precision_macro 0.956", "recall_macro 0.944", "f1_macro 0.946",
      "precision_weighted 0.955", "recall_weighted 0.943", "f1_weighted 0.945",
    ]
    #expect(try words(report) == expected.map { "- " + $0 })
    #expect(
      try words(#"{"test": {"classification_report": \#(report)}}"#)
        == expected.map { "test " + $0 })
    #expect(try words(#"{"per_class": {"setosa": {"precision": {"value": 0.5}}}}"#) == [])
  }

  @Test func elementsOfListsHaveTheirKeysName() throws {
    #expect(
      try words(#"{"val_accuracy": [0.5, 0.75], "folds": [{"f1": 0.5}, {"f1": 0.25}]}"#)
        == ["validation accuracy 0.5", "validation accuracy 0.75"])
  }

  // MARK: Numbers

  @Test func numbersThatAreNoneAreKept() throws {
    let metrics = try metrics(#"{"accuracy": NaN, "recall": Infinity, "f1": -Infinity}"#)
    #expect(metrics.map(\.metric.id) == ["accuracy", "recall", "f1"])
    #expect(metrics[0].value.isNaN && metrics[1].value == .infinity)
    #expect(metrics[2].value == -.infinity)
  }

  @Test func trailingZerosAreNotWritten() throws {
    #expect(try metrics(#"{"accuracy": 1.0}"#).map(\.resolution) == [0])
    #expect(try metrics(#"{"accuracy": 1}"#).map(\.resolution) == [0])
    #expect(try metrics(#"{"accuracy": 0.9}"#).map(\.resolution) == [0.1])
    #expect(try metrics(#"{"accuracy": 0.9, "f1": 0.875}"#).map(\.resolution) == [1e-3, 1e-3])
    #expect(try metrics(#"{"accuracy": 1, "f1": 0.875}"#).map(\.resolution) == [1e-3, 1e-3])
    #expect(try metrics(#"{"accuracy": 0.9, "f1": 1.0}"#).map(\.resolution) == [0.1, 0])
  }

  @Test func theLastOfTwoKeysIsThereToo() throws {
    #expect(
      try words(#"{"accuracy": 0.5, "accuracy": 0.75}"#) == ["- accuracy 0.5", "- accuracy 0.75"])
  }

  // MARK: Damage

  @Test func everyCutIsRefused() throws {
    let bytes = try datasetBytes("breast-cancer/metrics.json")
    let end = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for count in 0...end {
      #expect(throws: InputError.self) {
        try JSONDocument(Array(bytes[..<count]), from: Place("metrics.json"))
      }
    }
  }

  /// A long key, or many around one another, would be part of each metric's name below it.
  @Test func longPathsTakeLinearTime() throws {
    for depth in [1, 100] {
      let isLinear = try takesLinearTime(250) { count in
        let key = String(repeating: "a ", count: 20 * count / depth)
        let values = [String](repeating: #""f1": 1"#, count: count).joined(separator: ",")
        let text =
          String(repeating: "{\"\(key)\":", count: depth) + "{\(values)}"
          + String(repeating: "}", count: depth)
        _ = MetricFile(try JSONDocument(Array(text.utf8), from: Place("metrics.json")))
      }
      #expect(isLinear, "depth \(depth)")
    }
  }
}
