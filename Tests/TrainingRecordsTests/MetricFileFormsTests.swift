import InputReading
import TestSupport
import Testing

@testable import TrainingRecords

/// Files and folders of metrics other than plain JSON, each as its program writes it.
@Suite struct MetricFileFormsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func words(_ metrics: [LoggedMetric]) -> [String] {
    metrics.map { "\($0.metric.split?.rawValue ?? "-") \($0.metric.id) \($0.value)" }
  }

  private func words(_ text: String, in name: String) throws -> [String] {
    words(try MetricFile(path: try folder.write(text, to: name)).metrics)
  }

  @Test func runsOfMLflowAreRead() throws {
    let run = try folder.makeFolder("run")
    _ = try folder.makeFolder("run/metrics/val")
    _ = try folder.write(
      "1795501902618 0.8 0\n1795501902618 0.85 1\n1795501902619 0.82 2\n",
      to: "run/metrics/validation-auc")
    _ = try folder.write("1795501902619 nan 0\n", to: "run/metrics/val/accuracy")
    _ = try folder.write("1795501902619 5 0\n", to: "run/metrics/queue_length")
    let file = try MetricFile(path: run)
    #expect(words(file.metrics) == ["validation accuracy nan", "validation roc_auc 0.82"])
    #expect(file.series.last?.best.step == 1 && file.series.last?.count == 3)
    #expect(file.metrics.last?.line == 3)
  }

  @Test func foldersOfDVCLiveAreRead() throws {
    let live = try folder.makeFolder("dvclive")
    _ = try folder.write(
      #"{"train": {"acc": 0.6}, "val": {"acc": 0.5}, "step": 1}"#, to: "dvclive/metrics.json")
    #expect(
      words(try MetricFile(path: live).metrics)
        == ["train accuracy 0.6", "validation accuracy 0.5"])
    _ = try folder.makeFolder("plots/val")
    let plot = try folder.write("step\tacc\n0\t0.4\n1\t0.5\n", to: "plots/val/acc.tsv")
    #expect(words(try MetricFile(path: plot).metrics) == ["validation accuracy 0.5"])
  }

  @Test func logsOfKerasAreRead() throws {
    let text =
      "epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,0.7,0.6,0.65\n1,0.75,0.5,0.55,0.7\n"
    #expect(
      try words(text, in: "training.csv") == [
        "train accuracy 0.75", "train loss 0.5", "validation accuracy 0.55", "validation loss 0.7",
      ])
    let file = try MetricFile(path: folder.path + "/training.csv")
    #expect(file.series[2].best.value == 0.6 && file.series[2].best.step == 0)
    #expect(file.metrics[2].line == 3)
  }

  @Test func logsOfLightningAreRead() throws {
    let text = "epoch,step,train_loss,val_acc\n0,9,0.5,\n0,9,,0.75\n1,19,0.25,\n1,19,,0.875\n"
    #expect(
      try words(text, in: "metrics.csv") == ["train loss 0.25", "validation accuracy 0.875"])
  }

  @Test func classificationReportsAreRead() throws {
    let text = """
                    precision    recall  f1-score   support

                 0       0.95      0.90      0.92        53
                 1       0.94      0.97      0.95        90

          accuracy                           0.94       143
         macro avg       0.95      0.94      0.94       143
      weighted avg       0.94      0.95      0.93       143
      """
    #expect(
      try words(text, in: "report.txt") == [
        "- accuracy 0.94", "- precision_macro 0.95", "- recall_macro 0.94", "- f1_macro 0.94",
        "- precision_weighted 0.94", "- recall_weighted 0.95", "- f1_weighted 0.93",
      ])
    #expect(try MetricFile(path: folder.path + "/report.txt").metrics.first?.line == 6)
  }

  @Test func finalMetricListsAreInSinglePrecision() throws {
    let list = #"[{"MetricName": "validation:auc", "Value": 0.9049999713897705, "Timestamp": 1.0}]"#
    for text in [list, #"{"FinalMetricDataList": \#(list)}"#] {
      let file = try MetricFile(path: try folder.write(text, to: "final.json"))
      #expect(words(file.metrics) == ["validation roc_auc 0.905"])
      #expect(file.metrics.first?.isSinglePrecision == true)
    }
  }

  @Test func statisticsOfModelMonitorAreRead() throws {
    let text = """
      {"version": 0.0, "dataset": {"item_count": 100},
       "binary_classification_metrics": {
         "confusion_matrix": {"0": {"0": 40, "1": 5}, "1": {"0": 3, "1": 52}},
         "recall": {"value": 0.945, "standard_deviation": 0.01},
         "recall_best_constant_classifier": {"value": 1.0, "standard_deviation": 0.0},
         "true_negative_rate": {"value": 0.889, "standard_deviation": "NaN"},
         "receiver_operating_characteristic_curve": {"false_positive_rates": [0.0], "true_positive_rates": [0.5]},
         "precision_recall_curve": {"precisions": [1.0], "recalls": [0.5]},
         "auc": {"value": 0.97, "standard_deviation": 0.01}, "f2": {"value": 0.93}}}
      """
    #expect(
      try words(text, in: "statistics.json")
        == ["- recall 0.945", "- specificity 0.889", "- roc_auc 0.97", "- f2 0.93"])
  }

  @Test func constraintsOfModelMonitorRequire() throws {
    let text = """
      {"version": 0.0, "binary_classification_constraints": {
         "recall": {"threshold": 0.57, "comparison_operator": "LessThanThreshold"},
         "false_positive_rate": {"threshold": 0.1, "comparison_operator": "GreaterThanThreshold"},
         "auc": {"threshold": 0.9, "comparison_operator": "LessThanThreshold", "additional_properties": null},
         "accuracy": {"threshold": "high", "comparison_operator": "LessThanThreshold"},
         "f1": {"threshold": 0.5, "comparison_operator": "EqualTo"}, "beauty": 5},
       "regression_constraints": {"rmse": {"threshold": 2.5, "comparison_operator": "GreaterThanThreshold"}}}
      """
    func gates(_ text: String) throws -> [String] {
      let document = try JSONDocument(Array(text.utf8), from: Place("constraints.json"))
      return MonitorConstraints(document).requirements.map(\.gate)
    }
    #expect(
      try gates(text)
        == ["recall >= 0.57", "roc_auc >= 0.9", "root_mean_squared_error <= 2.5"])
    // They state nothing themselves.
    #expect(try words(text, in: "constraints.json") == [])
    for other in ["[]", "{}", "5", #"{"features": []}"#, #"{"regression_constraints": 5}"#] {
      #expect(try gates(other) == [])
    }
  }

  @Test func cardsAndListsAreRead() throws {
    #expect(
      try words(
        #"{"metric_groups": [{"name": "g", "metric_data": [{"name": "accuracy", "type": "number", "value": 0.5}]}]}"#,
        in: "card.json") == ["- accuracy 0.5"])
  }

  @Test func filesWithoutMetricsHaveNone() throws {
    for text in [
      "", "\n", "a,b\n1,2\n", "accuracy", "accuracy\n", "accuracy\nhigh\n", "\"accuracy",
    ] {
      #expect(try words(text, in: "other.csv") == [], "\(text)")
    }
    #expect(throws: InputError.self) { try MetricFile(path: "/nowhere/metrics.json") }
    #expect(throws: InputError.self) { try words("{", in: "broken.json") }
  }

  @Test func everyCutDoesNoHarm() throws {
    for text in [
      "epoch,accuracy,val_accuracy\n0,0.5,\"0.6\"\n", "step\tacc\n0\t0.4\n",
      "precision recall f1-score support\nmacro avg 0.5 0.25 0.75 10\n",
    ] {
      let bytes = Array(text.utf8)
      for count in 0..<bytes.count {
        let path = try folder.write(bytes[..<count], to: "cut.csv")
        _ = try? MetricFile(path: path)
      }
    }
  }
}
