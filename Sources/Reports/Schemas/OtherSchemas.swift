extension PublishedSchema {
  /// The schema of `assay.logs/1`.
  static let logs = PublishedSchema(
    "logs", "What 'assay logs' prints.",
    [
      .member(
        "files",
        .list(
          .object([
            .member("path", .text), .member("bytes", .integer), .member("lines", .integer),
            .member("reports_success", .bool),
          ]))),
      .member(
        "metrics",
        .list(
          .object([
            .member("name", .text), .member("metric", .text),
            .member("split", Shape.text.orNull), .member("stream", Shape.text.orNull),
            .member("source", .text), .member("count", .integer), .member("first", value),
            .member("last", value), .member("best", value), .member("final", value.orNull),
          ]))),
      .member(
        "failures",
        .list(
          .object([
            .member("code", .text), .member("cause", .text), .member("advice", .text),
            .member("evidence", .text), .member("source", .text),
            .member("line", Shape.integer.orNull),
          ]))),
      .member(
        "tracebacks",
        .list(
          .object([
            .member("exception", Shape.text.orNull), .member("frame", Shape.text.orNull),
            .member("source", .text), .member("line", Shape.integer.orNull),
          ]))),
      .member(
        "definitions",
        .list(
          .object([
            .member("name", .text), .member("regex", .text), .member("lines", .integer),
            .member(
              "faults",
              .list(
                .object([
                  .member("code", .text), .member("message", .text), .member("lines", .integer),
                  .member("evidence", Shape.text.orNull), .member("source", .text),
                  .member("line", Shape.integer.orNull),
                ]))),
          ]))),
    ])

  private static let value = Shape.object([
    .member("value", .number), .member("step", Shape.number.orNull),
    .member("line", Shape.integer.orNull),
  ])

  /// The schema of `assay.benchmark/1`.
  static let benchmark = PublishedSchema(
    "benchmark", "What 'assay benchmark' prints and keeps.",
    [
      .member("cores", .integer), .member("memory_bytes_per_second", .number),
      .member(
        "results",
        .list(
          .object([
            .member("name", .text), .member("title", .text), .member("rows", .integer),
            .member("bytes", .integer), .member("seconds", .number),
            .member("rows_per_second", .number), .member("bytes_per_second", .number),
            .member("share_of_memory", .number, "Of the rate at which memory is read."),
            .optional("speedup", Shape.number.orNull, "With --compare."),
          ]))),
    ])

  /// The schema of `assay.fetch/1`.
  static let fetch = PublishedSchema(
    "fetch", "What 'assay fetch' prints.",
    [
      .member("job", .text), .member("status", .text), .member("folder", .text),
      .member(
        "files",
        .list(
          .object([
            .member("path", .text), .member("size", .integer),
            .member("sha256", Shape.text.orNull), .member("source", .text),
            .member("was_there", .bool),
          ]))),
      .member("notes", .list(.text)),
    ])

  /// The schema of `assay.registration/1`.
  static let registration = PublishedSchema(
    "registration", "What 'assay register' prints.",
    [
      .member("job", .text), .member("status", .choice(["Approved", "Rejected"])),
      .member("description", .text), .member("files", .list(.text)),
      .member("statistics_uri", Shape.text.orNull),
      .member("statistics_sha256", Shape.text.orNull),
      .member("model_package_arn", Shape.text.orNull),
    ])
}
