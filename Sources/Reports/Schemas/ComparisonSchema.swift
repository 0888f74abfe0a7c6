extension PublishedSchema {
  /// The schema of `assay.comparison/1`.
  static let comparison = PublishedSchema(
    "comparison", "What 'assay compare' prints.",
    [
      .member(
        "verdict", .choice(["approved", "rejected"]), "Whether the gates hold with the second."),
      .member("rows", .integer), .member("first", model), .member("second", model),
      .member(
        "differences",
        .list(
          .object([
            .member("metric", .text), .member("first", Shape.number.orNull),
            .member("second", Shape.number.orNull),
            .member("difference", Shape.number.orNull, "The second less the first."),
            .member("interval", Shape.interval.orNull), .member("p_value", Shape.number.orNull),
            .member("test", Shape.choice(["mcnemar", "delong", "bootstrap"]).orNull),
          ]))),
      .member(
        "agreement",
        Shape.object([
          .member("both_right", .number), .member("only_first", .number),
          .member("only_second", .number), .member("neither", .number),
        ]).orNull, "Rows, or their weights."),
      .member(
        "disagreements",
        Shape.object([
          .member("count", .integer),
          .member(
            "rows",
            .list(
              .object([
                .member("row", .integer), .member("true", value), .member("first", value),
                .member("second", value),
              ])), "Some of them."),
        ]).orNull, "Rows that are predicted otherwise."),
      .member("warnings", .list(.text)),
    ])

  private static let model = Shape.object([
    .member("path", .text), .member("metrics", .object(Shape.evaluation)),
    .member("gates", .list(.gate)),
  ])

  private static let value = Shape.either([.number, .text])
}
