import TestSupport
import Testing

@testable import TrainingRecords

@Suite struct MetricNameTests {
  @Test(arguments: [
    ("accuracy", "accuracy"), ("acc", "accuracy"), ("Accuracy", "accuracy"),
    ("accuracy_score", "accuracy"), ("balanced accuracy", "balanced_accuracy"),
    ("balanced_accuracy_score", "balanced_accuracy"), ("Precision", "precision"),
    ("ppv", "precision"), ("recall", "recall"), ("Sensitivity", "recall"), ("TPR", "recall"),
    ("specificity", "specificity"), ("TNR", "specificity"), ("F1", "f1"), ("f1-score", "f1"),
    ("F1 score", "f1"), ("f1score", "f1"), ("f_1", "f1"), ("Jaccard", "jaccard"),
    ("MCC", "matthews_corrcoef"), ("matthews_corrcoef", "matthews_corrcoef"),
    ("Cohen Kappa", "cohen_kappa"), ("kappa", "cohen_kappa"), ("ROC AUC", "roc_auc"),
    ("roc-auc", "roc_auc"), ("AUC", "roc_auc"), ("auroc", "roc_auc"), ("AUC ROC", "roc_auc"),
    ("roc_auc_score", "roc_auc"), ("roc_auc_ovr", "roc_auc_ovr"), ("roc_auc_ovo", "roc_auc_ovo"),
    ("average precision", "average_precision"), ("log loss", "log_loss"), ("logloss", "log_loss"),
    ("Brier score", "brier_score"), ("brier_score_loss", "brier_score"),
    ("precision macro", "precision_macro"), ("macro precision", "precision_macro"),
    ("Macro avg F1-score", "f1_macro"), ("f1_weighted", "f1_weighted"),
    ("recall_micro", "recall_micro"), ("weighted avg recall", "recall_weighted"),
    ("roc_auc_ovr_weighted", "roc_auc_ovr_weighted"), ("roc_auc_ovr_macro", "roc_auc_ovr"),
    ("binary_f1", "f1"), ("multiclass accuracy", "accuracy"),
    ("binary_classification_accuracy", "accuracy"),
  ])
  func spellingsAreOneMetric(text: String, id: String) {
    #expect(MetricName(text)?.id == id)
    #expect(MetricName(text)?.split == nil)
  }

  @Test(arguments: [
    ("train accuracy", Split.train), ("training_accuracy", .train), ("train:accuracy", .train),
    ("val_acc", .validation), ("Valid accuracy", .validation), ("validation:accuracy", .validation),
    ("dev accuracy", .validation), ("eval_accuracy", .validation),
    ("evaluation accuracy", .validation), ("holdout accuracy", .validation),
    ("test accuracy", .test), ("Testing Accuracy", .test), ("accuracy_test", .test),
    ("Test set accuracy", .test),
    ("test results: accuracy", .test), ("train binary_classification_accuracy <score>", .train),
    ("train metrics accuracy", .train), ("INFO validation accuracy", .validation),
  ])
  func splitsAreRead(text: String, split: Split) {
    #expect(MetricName(text)?.id == "accuracy")
    #expect(MetricName(text)?.split == split)
  }

  @Test func aLogsOwnWordsBeforeANameArePassedOver() {
    #expect(MetricName("2026-01-01 12:00:00 [INFO] accuracy")?.id == "accuracy")
    #expect(MetricName("2026-01-01T12:00:00.5Z worker 7 INFO final accuracy")?.id == "accuracy")
    #expect(MetricName("Epoch 3 - validation macro f1")?.id == "f1_macro")
    #expect(MetricName("final model accuracy")?.id == "accuracy")
  }

  /// Which data an epoch's accuracy is of is not said, and other words make it another thing.
  @Test(arguments: [
    "Epoch 3 - accuracy", "the model reached an accuracy", "fold 1 validation macro f1",
    "top-5 accuracy", "step 10 accuracy", "class 0 precision", "batch accuracy",
  ])
  func otherWordsBeforeANameMakeItAnother(text: String) {
    #expect(MetricName(text) == nil)
  }

  @Test(arguments: [
    "Target accuracy", "target_accuracy", "best accuracy", "Best validation accuracy",
    "best model accuracy", "baseline f1", "accuracy threshold", "threshold accuracy",
    "minimum recall", "min precision", "required accuracy", "expected accuracy", "goal accuracy",
    "previous accuracy", "old accuracy", "max accuracy", "needed train accuracy",
  ])
  func targetsAndRecordsAreNoMetrics(text: String) {
    #expect(MetricName(text) == nil)
  }

  @Test(arguments: [
    "", " ", "epoch", "accuracy check", "accuracy of class", "rows",
    "learning rate",
    "precision at 5", "inaccuracy", "topk_accuracies", "accuracy std",
    "accuracy_per_class", "train", "macro", "score", "throughput", "time",
  ])
  func otherWordsAreNoMetrics(text: String) {
    #expect(MetricName(text) == nil)
  }

  /// Averages of what has none are no name, or another metric's would be claimed.
  @Test func onlySomeMetricsAreAveraged() {
    #expect(MetricName("roc_auc_macro") == nil)
    #expect(MetricName("specificity_macro") == nil)
    #expect(MetricName("accuracy_weighted") == nil)
  }

  @Test func longTextsTakeLinearTime() {
    let isLinear = takesLinearTime(500) { count in
      let words = String(repeating: "word ", count: count)
      #expect(MetricName(words) == nil)
      #expect(MetricName(words + "info f1")?.id == "f1")
    }
    #expect(isLinear)
  }
}
