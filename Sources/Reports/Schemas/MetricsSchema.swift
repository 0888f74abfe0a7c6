internal import EvaluationMetrics
internal import Verification

extension PublishedSchema {
  /// The schema of `assay.metrics/1`.
  static let metrics = PublishedSchema(
    "metrics", "What 'assay metrics' and 'assay evaluate' print.",
    Shape.evaluation + [
      .optional("slices", .list(.slice), "The metrics of rows that belong together."),
      .member("gates", .list(.gate), "What became of each gate, in order."),
      .member(
        "columns", .map(.either([.text, .list(.text)])),
        "The columns by what they mean; those of class probabilities are a list."),
      .member("warnings", .list(.text)),
    ])

  /// The schema of `assay.predictions/1`.
  static let predictions = PublishedSchema(
    "predictions", "What 'assay predict' prints.",
    [
      .member("columns", .list(.text)),
      .member(
        "rows", .list(.list(.either([.number, .text, .null]))),
        "For each row a value for each column."),
    ])
}

extension Shape {
  static let label = Shape.either([.integer, .text])

  /// What is said of the metrics of some rows.
  static let evaluation: [Member] = [
    .member("rows", .integer),
    .member("task", .choice(Task.allCases.map(\.rawValue))),
    .member("labels", .list(.label), "The classes in order; none of a regression."),
    .member("positive_label", label.orNull),
    .optional("threshold", .number, "The cut that made predictions of scores."),
    .optional("threshold_inclusive", .bool),
    .member("metrics", .map(Shape.number.orNull), "Undefined ones are null."),
    .member("undefined", .map(.text), "Why a metric is null, as a word."),
    .member("zero_division", .list(.text), "Metrics that are 0 for 0/0."),
    .optional(
      "confusion_matrix",
      .object([
        .member("labels", .list(.label)),
        .member("counts", .list(.list(.number)), "A row for each true label."),
      ])),
    .optional(
      "per_class",
      .map(
        .object([
          .member("precision", .number), .member("recall", .number), .member("f1", .number),
          .member("support", .number),
        ]))),
    .member("confidence", .map(.interval), "The intervals of --confidence, by metric."),
  ]

  static let interval = Shape.object([
    .member("low", .number), .member("high", .number), .member("level", .number),
    .member("method", .text),
  ])

  static let slice = Shape.object(
    [.member("columns", .list(.text)), .member("values", .list(.text))] + evaluation)

  static let gate = Shape.object([
    .member("metric", .text), .member("value", Shape.number.orNull),
    .member("comparison", .choice(Gate.Comparison.allCases.map(\.rawValue))),
    .member("threshold", Shape.number.orNull),
    .member("passed", Shape.bool.orNull, "Null where it was not judged."),
    .member("reason", Shape.text.orNull, "Why it does not hold, as a word."),
    .optional("baseline", Shape.number.orNull), .optional("offset", .number),
    .optional("level", .number), .optional("interval", Shape.interval.orNull),
    .optional("slice", .map(.text)),
  ])
}
