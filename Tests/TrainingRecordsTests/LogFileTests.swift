import InputReading
import TestSupport
import Testing

@testable import TrainingRecords

@Suite struct LogFileTests {
  /// Every value in a log of one line.
  private func metrics(_ line: String) -> [StatedMetric] {
    let bytes = Array(line.utf8)
    let styles = LogStyles()
    let span = bytes.span
    return LogLine.segments(of: span, 0..<bytes.count).flatMap {
      styles.read($0, framework: nil).metrics
    }
  }

  private func words(_ metric: StatedMetric) -> String {
    "\(metric.metric.split?.rawValue ?? "-") \(metric.metric.id) \(metric.number.value)"
  }

  /// The metrics of a line as `split metric value`.
  private func words(_ line: String) -> [String] { metrics(line).map(words) }

  private func words(_ metric: LoggedMetric) -> String {
    "\(metric.metric.split?.rawValue ?? "-") \(metric.metric.id) \(metric.value)"
  }

  // MARK: Styles

  @Test(arguments: [
    // Script mode.
    ("[INFO] Validation accuracy: 0.905", ["validation accuracy 0.905"]),
    ("Validation accuracy: 0.905", ["validation accuracy 0.905"]),
    (
      "2023-02-04 16:52:46,555 train INFO     Test accuracy: 0.905", ["test accuracy 0.905"]
    ),
    ("2023-02-04T16:52:46.555Z validation:accuracy=0.905;", ["validation accuracy 0.905"]),
    ("validation_accuracy=0.905", ["validation accuracy 0.905"]),
    ("accuracy = 0.905", ["- accuracy 0.905"]), ("accuracy:0.905", ["- accuracy 0.905"]),
    ("acc=.912", ["- accuracy 0.912"]), ("Accuracy: 0.905.", ["- accuracy 0.905"]),
    ("The accuracy: 0.905, the recall: 0.8", ["- accuracy 0.905", "- recall 0.8"]),
    ("epoch=3 acc=0.9 f1=0.85", ["train accuracy 0.9", "train f1 0.85"]),
    (
      "Test set: Average loss: 0.0273 Accuracy: 98.5%", ["test loss 0.0273", "test accuracy 0.985"]
    ),
    // CatBoost's lines name no metric.
    (
      "0:\tlearn: 0.5735202\ttest: 0.5798726\tbest: 0.5798726 (0)\ttotal: 46ms\tremaining: 92ms",
      ["train loss 0.5735202", "validation loss 0.5798726"]
    ),
    ("12:#011learn: 1.5e-03#011total: 46ms#011remaining: 92ms", ["train loss 0.0015"]),
    ("bestTest = 0.4658130218", ["validation loss 0.4658130218"]), ("bestIteration = 2", []),
    // Percentages and exponents.
    ("Accuracy: 91.2%", ["- accuracy 0.912"]), ("Accuracy: 91 %", ["- accuracy 0.91"]),
    ("accuracy: 9.12e-01", ["- accuracy 0.912"]), ("accuracy: 1E-05", ["- accuracy 1e-05"]),
    ("accuracy: +0.5", ["- accuracy 0.5"]), ("mcc: -0.25", ["- matthews_corrcoef -0.25"]),
    // XGBoost's, with tabs as CloudWatch shows them and as they are.
    (
      "[50]#011train-auc:0.91#011validation-auc:0.88",
      ["train roc_auc 0.91", "validation roc_auc 0.88"]
    ),
    (
      "[2]\ttrain-auc:0.90\tvalidation-auc:0.87",
      ["train roc_auc 0.9", "validation roc_auc 0.87"]
    ),
    (
      "[0]#011train-error:0.077154#011validation-logloss:0.0991",
      ["train error_rate 0.077154", "validation log_loss 0.0991"]
    ),
    (
      "[0]#011train-rmse:8.09483#011validation-aucpr:0.335",
      ["train root_mean_squared_error 8.09483", "validation pr_auc 0.335"]
    ),
    (
      "[7]\tvalidation-f1:0.5\tvalidation-merror:0.25",
      ["validation f1_macro 0.5", "validation error_rate 0.25"]
    ),
    // Keras's.
    (
      "845/845 - 264s - loss: 0.5694 - accuracy: 0.7042 - val_loss: 0.3484 - val_accuracy: 0.8717 "
        + "- batch: 0.0000e+00",
      [
        "train loss 0.5694", "train accuracy 0.7042", "validation loss 0.3484",
        "validation accuracy 0.8717",
      ]
    ),
    (
      "2/2 - 0s - 41ms/step - accuracy: 0.3958 - loss: 0.7278 - val_accuracy: 0.4375 - val_loss: 0.6662",
      [
        "train accuracy 0.3958", "train loss 0.7278", "validation accuracy 0.4375",
        "validation loss 0.6662",
      ]
    ),
    (
      "#015 1/10 - accuracy: 0.5#015 2/10 - accuracy: 0.6",
      ["train accuracy 0.5", "train accuracy 0.6"]
    ),
    // Hugging Face's, and JSON.
    (
      "{'eval_loss': 0.14932341873645782, 'eval_accuracy': 0.936289500509684, "
        + "'eval_f1': 0.9643163003140165, 'eval_runtime': 10.8827, 'epoch': 1.0}",
      [
        "validation loss 0.14932341873645782", "validation accuracy 0.936289500509684",
        "validation f1 0.9643163003140165",
      ]
    ),
    (#"{"accuracy": 0.9, "test_f1" : 0.8}"#, ["- accuracy 0.9", "test f1 0.8"]),
    // Linear Learner's.
    (
      "[08/20/2024 12:37:19 INFO 1399] #quality_metric: host=algo-1, train "
        + "binary_classification_accuracy <score>=0.7193717277486911",
      ["train accuracy 0.7193717277486911"]
    ),
    (
      "[08/20/2024 12:37:06 INFO 1399] #quality_metric: host=algo-1, epoch=0, train "
        + "binary_classification_cross_entropy_objective <loss>=0.6406",
      ["train objective_loss 0.6406"]
    ),
    // Colours.
    ("\u{1B}[32mValidation accuracy: 0.905\u{1B}[0m", ["validation accuracy 0.905"]),
    ("#033[1;32mValidation accuracy:#033[0m 0.905", ["validation accuracy 0.905"]),
    ("\u{1B}[34m[INFO] Test f1: 0.8\u{1B}[0m", ["test f1 0.8"]),
    // A classification report's rows have no colon.
    ("    accuracy                           0.95        38", ["- accuracy 0.95"]),
    (
      "   macro avg       0.96      0.94      0.95        38",
      ["- precision_macro 0.96", "- recall_macro 0.94", "- f1_macro 0.95"]
    ),
    // PyTorch's examples, Lightning's bars and tables.
    ("Train Epoch: 1 [12800/60000 (21%)] Loss: 0.571117", ["train loss 0.571117"]),
    (
      "Images [71/71 (100%)] , Test set: Average loss: 0.0273 Accuracy: 71/71 (100.00%)",
      ["test loss 0.0273"]
    ),
    (
      "Epoch 3: 100%|███| 10/10 [00:01<00:00, 9.5it/s, v_num=0, train_loss=0.5, val_acc=0.875]",
      ["train loss 0.5", "validation accuracy 0.875"]
    ),
    (
      "│         test_acc          │    0.8910999894142151     │",
      ["test accuracy 0.8910999894142151"]
    ),
    ("pr-auc: 0.9", ["- pr_auc 0.9"]),
    // Sentences.
    ("Validation accuracy is 0.9", ["validation accuracy 0.9"]),
    ("The accuracy was 0.93 and the recall was 0.81.", ["- accuracy 0.93", "- recall 0.81"]),
    ("Test Accuracy of the model: 99.99 %", ["test accuracy 0.9999"]),
    ("Accuracy on validation set: 0.5", ["validation accuracy 0.5"]),
    ("Accuracy (validation): 0.5", ["validation accuracy 0.5"]),
    ("accuracy: '0.9'", ["- accuracy 0.9"]),
    // What is no number is kept, and not checked.
    ("accuracy: nan", ["- accuracy nan"]), ("val_auc=inf", ["validation roc_auc inf"]),
    // LightGBM's.
    (
      "training's auc: 0.999\tvalid_0's auc: 0.5",
      ["train roc_auc 0.999", "validation roc_auc 0.5"]
    ),
    ("Epoch 3 - val_accuracy: 0.9", ["validation accuracy 0.9"]),
    // Of an epoch or a batch without a word.
    ("Epoch 3/10 accuracy: 0.88", []), ("Epoch 3 - accuracy: 0.88", ["train accuracy 0.88"]),
    ("3/10 - 2s - accuracy: 0.88", ["train accuracy 0.88"]),
  ])
  func stylesAreRead(line: String, expected: [String]) {
    #expect(words(line) == expected)
  }

  @Test(arguments: [
    "Target accuracy: 0.95", "target_accuracy=0.95", "best accuracy: 0.9",
    "Best validation accuracy: 0.9", "Accuracy: 71/71", "Accuracy: 71/71 (100.00%)",
    "accuracy threshold: 0.9", "required accuracy = 0.9", "baseline f1: 0.8",
    "accuracy: 12:30:05", "Evaluating accuracy at 12:30:05",
    "[INFO] Training rows: 426", "[INFO] Features: 30", "Epoch: 1, BCELoss: 0.67", "epoch=5",
    "train_runtime: 251.0795", "learning_rate=0.001", "accuracy:", "accuracy", "accuracy: high",
    "accuracy: 3rd", "recall: 1_000", "f1: 0x10",
    "accuracy: 1.2.3", "accuracy: -", "accuracy: ٠٫٩", "accuracy: 5-fold", "accuracy: 2024-01-02",
    "accuracy: {0.9}", "accuracy = model.score(x)", "https://host/accuracy:8080/x",
    "accuracy improved: 0.01 better", "", ":", "=", ":::===", "'accuracy'", "#011#015", "\u{1B}[",
    "\u{1B}", "1.0", "accuracy: 0,986", "accuracy: 0.95 -> 0.986",
    "top-5 accuracy: 0.9", "batch accuracy: 0.3", "step 10 accuracy: 0.4",
    "class 0 precision: 0.9 recall: 0.8", "--recall: 0.9", "OOB accuracy: 0.8",
    "fold 1 validation accuracy: 0.9",
    "RULE_JOB_STOP_SIGNAL_FILENAME: None", "error: 3", "Error: 404", "validation error: 0.25",
  ])
  func otherLinesHaveNoMetrics(line: String) {
    #expect(words(line) == [])
  }

  @Test func resolutionsAreThoseOfTheDigits() {
    func resolution(_ line: String) -> Double? { metrics(line).first?.number.resolution }
    #expect(resolution("accuracy: 0.905") == 1e-3)
    #expect(resolution("accuracy: 90.5%") == 1e-3)
    #expect(resolution("accuracy: 0.90500") == 1e-5)
    #expect(resolution("accuracy: 9.05e-01") == 1e-3)
    #expect(resolution("accuracy: 0.9") == 0.1)
    #expect(resolution("accuracy: 91%") == 1e-2)
    // A whole number is one that was not rounded.
    #expect(resolution("accuracy: 1") == 0 && resolution("accuracy: 1.0") == 0)
    #expect(resolution("accuracy: 1.00") == 1e-2)
  }

  @Test func namesAreThoseOfTheLine() {
    func name(_ line: String) -> String? { metrics(line).last?.name }
    #expect(name("[INFO] Validation accuracy: 0.905") == "Validation accuracy")
    #expect(name("[2]\ttrain-auc:0.90\tvalidation-auc:0.87") == "validation-auc")
    #expect(name("{'eval_accuracy': 0.9}") == "eval_accuracy")
    #expect(name("validation:accuracy=0.9") == "validation accuracy")
    #expect(name("loss: 0.5  val_accuracy:  0.9") == "val_accuracy")
  }

  // MARK: Files

  @Test func sampleLogsAreRead() throws {
    let expected = [
      "train accuracy 0.988", "validation accuracy 0.986", "validation precision 0.989",
      "validation recall 0.989", "validation f1 0.989", "validation roc_auc 0.998",
    ]
    let text = try LogFile(path: dataset("breast-cancer/logs/train.log"))
    #expect(text.metrics.map(words) == expected)
    #expect(text.metrics.map(\.line) == [6, 7, 8, 9, 10, 11])
    let events = try LogFile(path: dataset("breast-cancer/logs/get-log-events.json"))
    #expect(events.metrics.map(words) == expected)
    #expect(events.metrics.map(\.line) == [30, 35, 40, 45, 50, 55])
    let tree = try LogFile(path: dataset("iris-tree/logs/train.log"))
    #expect(
      tree.metrics.map(words) == [
        "train accuracy 0.964", "validation accuracy 0.947", "validation precision_macro 0.956",
        "validation recall_macro 0.944", "validation f1_macro 0.946",
      ])
    #expect(try LogFile(path: dataset("failed-job/logs/train.log")).metrics.isEmpty)
  }

  @Test(arguments: ["logs-get-log-events.json", "logs-filter-log-events.json"])
  func eventsOfTheCLIAreRead(name: String) throws {
    let log = try LogFile(path: fixture(name))
    #expect(log.metrics.map(words) == ["train roc_auc 0.9", "validation roc_auc 0.87"])
    #expect(
      log.series.map { $0.first.value } == [0.87654, 0.85512]
        && log.series.map(\.count) == [3, 3] && log.series.map(\.last.step) == [2, 2])
    #expect(log.metrics.first?.line.map { $0 > 10 } == true)
  }

  @Test func tailedLogsAreText() throws {
    let log = try LogFile(path: fixture("logs-tail.v2.detailed.txt"))
    #expect(log.metrics.map(words) == ["train roc_auc 0.9", "validation roc_auc 0.87"])
    #expect(
      log.series.map(\.stream) == [
        "demo-xgb-2026-01-01/algo-1-1767225600", "demo-xgb-2026-01-01/algo-1-1767225600",
      ])
  }

  @Test func messagesMayHaveManyLines() {
    let text = #"{"events": [{"message": "accuracy: 0.5\nf1: 0.25\r\nrecall: 0.75"}, {"x": 1}, 3]}"#
    let log = LogFile(Array(text.utf8), from: Place("events.json"))
    #expect(log.metrics.map(words) == ["- accuracy 0.5", "- f1 0.25", "- recall 0.75"])
    #expect(log.metrics.allSatisfy { $0.line == 1 })
  }

  @Test func otherJSONIsText() {
    for text in [
      #"{"accuracy": 0.5}"#, "{\"accuracy\": 0.5}\n{\"accuracy\": 0.5", "{ accuracy: 0.5",
    ] {
      let log = LogFile(Array(text.utf8), from: Place("log.json"))
      #expect(log.metrics.first?.value == 0.5, "\(text)")
    }
    let empty = LogFile(Array(#"{"events": []}"#.utf8), from: Place("log.json"))
    #expect(empty.metrics.isEmpty)
  }

  @Test func linesEndInAnyWay() {
    let log = LogFile(
      Array("a\r\naccuracy: 0.5\r\n\n\nf1: 0.25".utf8), from: Place("train.log"))
    #expect(log.metrics.map(words) == ["- accuracy 0.5", "- f1 0.25"])
    #expect(log.metrics.map(\.line) == [2, 5])
    #expect(LogFile([], from: Place("train.log")).metrics.isEmpty)
  }

  @Test func brokenUTF8DoesNotHideWhatStandsBesideIt() {
    let bytes: [UInt8] =
      [0xFF, 0xFE, 0x0A, 0xC3] + Array(" accuracy: 0.5\n".utf8) + [0x80, 0x0A]
      + Array("f1: 0.25".utf8) + [0xF0, 0x9F]
    let log = LogFile(bytes, from: Place("train.log"))
    #expect(log.metrics.map(words) == ["- accuracy 0.5", "- f1 0.25"])
    #expect(log.metrics.map(\.line) == [2, 4])
  }

  @Test func filesThatAreNotThereAreErrors() throws {
    #expect(throws: InputError.notFound("/nowhere/train.log")) {
      try LogFile(path: "/nowhere/train.log")
    }
    // An export is held in memory as a whole.
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"events": [{"message": ""# + String(repeating: "a", count: 3 << 20) + "\"}]}",
      to: "log.json")
    var limits = Limits.standard
    limits.textSize = 2 << 20
    #expect(throws: InputError.tooLarge(file, limit: 2 << 20)) {
      try LogFile(path: file, limits: limits)
    }
  }

  // MARK: Damage and time

  @Test(arguments: ["breast-cancer/logs/train.log", "iris-tree/logs/get-log-events.json"])
  func cutsDoNoHarm(name: String) throws {
    let bytes = try datasetBytes(name)
    let whole = LogFile(bytes, from: Place(name)).metrics.count
    for count in 0..<bytes.count {
      let cut = LogFile(Array(bytes[..<count]), from: Place(name)).metrics.count
      #expect(cut <= whole, "\(count) bytes")
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func randomBytesDoNoHarm(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let parts =
      [
        "accuracy", ":", "=", " ", "0.9", "%", "\t", "#011", "#033", "\u{1B}", "[", "e", "-9", "\n",
        "f1", "'", "\"", "{", "é", "\r", "99999999999999999999", "best", "e-9223372036854775808",
        "/",
      ].map { Array($0.utf8) } + [[0xFF], [0xC3]]
    for _ in 0..<50 {
      let bytes = (0..<200).flatMap { _ in parts.randomElement(using: &random) ?? [] }
      _ = LogFile(bytes, from: Place("train.log"))
    }
  }

  /// Lines that are long, of all that is looked for.
  @Test(
    arguments: [
      "x=1 ", "a ", "accuracy=0.5 ", "=", ": ", "' ", "\"", "#011", "#", "\u{1B}[",
      "x=a ", "accuracy ", "1", "{", "e\u{301}", "0.9:", "é=1 ",
    ])
  func longLinesTakeLinearTime(part: String) {
    let isLinear = takesLinearTime(10_000) { count in
      let bytes = Array(String(repeating: part, count: count / part.utf8.count).utf8)
      _ = LogFile(bytes, from: Place("train.log"))
    }
    #expect(isLinear)
  }
}
