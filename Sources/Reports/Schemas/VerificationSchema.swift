extension PublishedSchema {
  /// The schema of `assay.verification/1`.
  static let verification = PublishedSchema(
    "verification", "What 'assay verify' prints.",
    [
      .member("verdict", .choice(["approved", "rejected"])),
      .member("reasons", .list(.object([.member("code", .text), .member("message", .text)]))),
      .member(
        "job",
        .object([
          .member("name", .text), .member("status", .text),
          .member("secondary_status", Shape.text.orNull),
          .member("failure_reason", Shape.text.orNull), .member("artifact", Shape.text.orNull),
        ])),
      .member("artifact", Shape.object(Shape.artifact).orNull),
      .member("inference", .either([notRun, compared])),
      .member("metrics", Shape.object(Shape.evaluation).orNull),
      .member(
        "logged",
        .list(
          .object([
            .member("name", .text, "As it is stated."), .member("metric", .text),
            .member("split", Shape.text.orNull), .member("value", .number),
            .member("source", .text), .member("line", Shape.integer.orNull),
          ])), "Every value that the job states."),
      .member(
        "cross_check",
        .list(
          .object([
            .member("metric", .text), .member("split", Shape.text.orNull),
            .member("computed", Shape.number.orNull), .member("logged", .number),
            .member("difference", Shape.number.orNull),
            .member("difference_rows", Shape.number.orNull), .member("tolerance", .number),
            .member("passed", Shape.bool.orNull, "Null where it could not be checked."),
            .member("explanation", Shape.text.orNull), .member("source", .text),
            .member("line", Shape.integer.orNull),
          ]))),
      .member("gates", .list(.gate)), .member("warnings", .list(.text)),
      .optional("slices", .list(.slice)),
      .optional(
        "training_overlap",
        .object([
          .member("holdout_rows", .integer), .member("training_rows", .integer),
          .member("seen", .integer),
          .member(
            "rows",
            .list(.object([.member("row", .integer), .member("training_row", .integer)])),
            "The first of them."),
        ])),
    ])

  private static let reproduction = Shape.Member.optional(
    "reproduction",
    .object([.member("rows", .integer), .member("disagreeing_rows", .list(.integer))]))

  private static let notRun = Shape.object([
    .member("status", .constant("not_run")), .member("reason", .text), reproduction,
  ])

  private static let compared = Shape.object([
    .member("status", .choice(["agrees", "differs"])), .member("sample", .text),
    .member("rows", .integer), .member("columns", .list(.text)),
    .member("greatest_difference", Shape.number.orNull),
    .member(
      "mismatches",
      .list(
        .object([
          .member("row", .integer), .member("column", .text), .member("recorded", .text),
          .member("found", .text),
        ]))),
    reproduction,
  ])
}
