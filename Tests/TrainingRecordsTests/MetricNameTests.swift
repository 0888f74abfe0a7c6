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

  /// What libraries call otherwise, and what is another thing with another library.
  @Test(arguments: [
    ("validation-error", Framework.xgboost, "error_rate"), ("train:merror", .xgboost, "error_rate"),
    ("validation:f1", .xgboost, "f1_macro"), ("validation:f1_binary", .xgboost, "f1"),
    ("validation:f1_macro", .xgboost, "f1_macro"), ("validation:aucpr", .xgboost, "pr_auc"),
    ("validation:mlogloss", .xgboost, "log_loss"),
    ("validation:map", .xgboost, "mean_average_precision"),
    ("validation:rmse", .xgboost, "root_mean_squared_error"),
    ("validation:precision_micro", .xgboost, "precision_micro"),
    ("valid_0's binary_logloss", .lightGBM, "log_loss"),
    ("valid_0's l2", .lightGBM, "mean_squared_error"),
    ("valid_0's multi_error", .lightGBM, "error_rate"),
    ("valid_0's binary_error", .lightGBM, "error_rate"),
    ("test binary_f_1.000 <score>", .linearLearner, "f1"),
    ("test macro_f_1.000 <score>", .linearLearner, "f1_macro"),
    ("train mse <loss>", .linearLearner, "mean_squared_error"),
    ("validation absolute_loss <loss>", .linearLearner, "mean_absolute_error"),
    (
      "train binary_classification_cross_entropy_objective <loss>", .linearLearner, "objective_loss"
    ),
    ("test multiclass_accuracy <score>", .linearLearner, "accuracy"),
    ("val_sparse_categorical_accuracy", .keras, "accuracy"),
    ("val_binary_accuracy", .keras, "accuracy"),
    ("eval_f1", .huggingFace, "f1"),
  ])
  func librariesHaveNamesOfTheirOwn(text: String, framework: Framework, id: String) {
    #expect(MetricName(text, framework: framework)?.id == id)
    #expect(MetricName(text, framework: framework)?.split != nil)
  }

  @Test func imagesTellTheLibrary() {
    let registry = "683313688378.dkr.ecr.us-east-1.amazonaws.com/"
    #expect(Framework(image: registry + "sagemaker-xgboost:1.7-1") == .xgboost)
    #expect(Framework(image: registry + "sagemaker-scikit-learn:1.2-1-cpu-py3") == .scikitLearn)
    #expect(Framework(image: registry + "huggingface-pytorch-training:2.0") == .huggingFace)
    #expect(
      Framework(image: "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1")
        == .linearLearner)
    #expect(Framework(image: registry + "pytorch-training:2.0") == nil)
    #expect(Framework(image: "") == nil)
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
    "", " ", "epoch", "error", "test error", "accuracy check", "accuracy of class", "rows",
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
