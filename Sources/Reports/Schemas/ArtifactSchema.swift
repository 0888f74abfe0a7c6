extension PublishedSchema {
  /// The schema of `assay.inspection/1`.
  static let inspection = PublishedSchema(
    "inspection", "What 'assay inspect' prints.", Shape.artifact)
}

extension Shape {
  /// What is said of an artifact.
  static let artifact: [Member] = [
    .member("path", .text),
    .member(
      "members",
      .list(
        .object([
          .member("path", .text), .member("size", .integer, "In bytes."), .member("kind", .text),
        ]))),
    .member("model", Shape.model.orNull, "Null where none is read."),
    .member(
      "served", Shape.serving.orNull, "What the service's container makes of the artifact."),
    .member("loadable", .bool, "Whether the model is read and predicts."),
    .member(
      "findings",
      .list(
        .object([
          .member("severity", .choice(["info", "warning", "error", "critical"])),
          .member("code", .text), .member("message", .text), .member("member", text.orNull),
          .member("offset", integer.orNull, "In bytes of the unpacked member."),
        ])), "The worst first."),
    .member("sha256", text.orNull, "Null of a folder."),
  ]

  private static let model = Shape.object([
    .member("format", .text), .member("framework", .text),
    .member("framework_version", text.orNull), .member("algorithm", .text),
    .member("task", Shape.choice(["binary", "multiclass", "regression"]).orNull),
    .member("targets", integer.orNull), .member("features", integer.orNull),
    .member("feature_names", list(.text).orNull), .member("classes", list(.label).orNull),
    .member("trees", integer.orNull), .member("steps", .list(.text)),
    .member(
      "parameters",
      .list(.object([.member("estimator", .text), .member("values", .map(.text))]))),
    .member("written_by", .list(.text)),
    .member(
      "tensors",
      .list(
        .object([
          .member("name", .text), .member("shape", .list(.integer)), .member("type", .text),
          .member("bytes", .integer), .member("nan", .integer), .member("infinite", .integer),
        ]))),
    .member(
      "signatures",
      .list(
        .object([
          .member("name", .text), .member("inputs", .list(.port)),
          .member("outputs", .list(.port)),
        ]))),
    .member("array_bytes", .integer), .member("uncovered_bytes", .integer),
    .member("place", text.orNull), .member("member", text.orNull),
  ])

  private static let port = Shape.object([
    .member("name", .text), .member("type", .text),
    .member("shape", list(integer.orNull).orNull, "Lengths that are not fixed are null."),
  ])

  private static let serving = Shape.object([
    .member("container", .text), .member("files", .list(.text)),
    .member("deterministic", bool.orNull), .member("trees", integer.orNull),
    .member("answer", .text), .member("differences", .list(.text)),
  ])
}
