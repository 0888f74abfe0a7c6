internal import DataTables
internal import InputReading
public import ModelArtifacts
internal import PredictiveModels

/// What is in an artifact, as a report.
public struct ArtifactReport: IllustratedReport, ExaminingReport, AnnotatedReport {
  private let artifact: Artifact

  /// Creates a report.
  public init(_ artifact: Artifact) {
    self.artifact = artifact
  }

  /// The artifact.
  public var examined: Artifact? { artifact }

  /// What was found in the artifact.
  public var annotations: [Annotation] { artifact.annotations }

  /// The object of the schema `assay.inspection/1`.
  public var json: JSONText {
    .object([("schema", .string("assay.inspection/1"))] + artifact.jsonMembers)
  }

  /// The report for people.
  public var document: ReportDocument {
    var document = ReportDocument()
    document.blocks = artifact.blocks
    document.blocks.append(.told(at: .quiet, [artifact.conclusion]))
    return document
  }

  /// What the page is about.
  public var title: String { artifact.path }

  /// Everything that is known.
  public var page: ReportDocument {
    var document = ReportDocument()
    document.blocks = [artifact.conclusion] + artifact.blocks
    return document
  }

  /// The artifact.
  public var inputs: [String] { [artifact.path] }
}

extension Artifact {
  /// Everything that is known, but for the conclusion.
  var blocks: [ReportDocument.Block] {
    var blocks: [ReportDocument.Block] = [.facts(facts)]
    func add(
      _ heading: String, _ columns: [(title: String, alignment: ReportDocument.Alignment)],
      _ rows: [[ReportDocument.Cell]]
    ) {
      guard !rows.isEmpty else { return }
      blocks.append(.heading(heading))
      let shown = Self.shownRows
      guard rows.count > shown else {
        blocks.append(.table(columns: columns, rows: rows))
        return
      }
      blocks += [
        .told(at: .verbose, [.table(columns: columns, rows: rows)]),
        .told(
          at: .normal...ReportDocument.Detail.normal,
          [
            .table(columns: columns, rows: Array(rows.prefix(shown))),
            .list([ReportDocument.Cell("… and \(rows.count - shown) more, which --verbose lists")]),
          ]),
      ]
    }
    add(
      "Members", [("path", .left), ("bytes", .right), ("kind", .left)],
      members.map {
        [ReportDocument.Cell($0.path), ReportDocument.Cell("\($0.size)"), "\($0.kind.rawValue)"]
      })
    add(
      "Parameters", [("estimator", .left), ("parameters", .left)],
      (description?.estimators ?? []).map { estimator in
        let words = estimator.parameters.map { "\($0.name)=\($0.value)" }
        return [
          ReportDocument.Cell(estimator.name),
          ReportDocument.Cell(words.joined(separator: ", ")),
        ]
      })
    add(
      "Tensors",
      [
        ("name", .left), ("shape", .left), ("type", .left), ("bytes", .right), ("NaN", .right),
        ("infinite", .right),
      ], (description?.tensors ?? []).map(\.row))
    add(
      "Signatures", [("signature", .left), ("inputs", .left), ("outputs", .left)],
      (description?.signatures ?? []).map { signature in
        [
          ReportDocument.Cell(signature.name),
          ReportDocument.Cell(signature.inputs.map(\.words).joined(separator: ", ")),
          ReportDocument.Cell(signature.outputs.map(\.words).joined(separator: ", ")),
        ]
      })
    add(
      "Findings",
      [("severity", .left), ("code", .left), ("place", .left), ("finding", .left)],
      findings.map(\.row))
    add(
      "Served otherwise", [("difference", .left)],
      (serving?.differences ?? []).map { [ReportDocument.Cell($0)] })
    return blocks
  }

  /// Whether it can be used.
  var conclusion: ReportDocument.Block { .conclusion("Artifact:", verdict) }

  /// The most rows of a table that is not asked for as a whole.
  private static var shownRows: Int { 40 }
}

extension Artifact {
  /// The members that every JSON object about an artifact has.
  var jsonMembers: [(String, JSONText)] {
    [
      ("path", .string(path)),
      (
        "members",
        .array(
          members.map {
            .object([
              ("path", .string($0.path)), ("size", .integer($0.size)),
              ("kind", .string($0.kind.rawValue)),
            ])
          })
      ),
      ("model", description?.json(model) ?? .null),
      ("served", serving?.json ?? .null),
      ("loadable", .bool(condition == .loadable)),
      (
        "findings",
        .array(
          findings.map {
            .object([
              ("severity", .string($0.severity.rawValue)), ("code", .string($0.code)),
              ("message", .string($0.message)), ("member", JSONText($0.member)),
              ("offset", JSONText($0.offset)),
            ])
          })
      ),
      ("sha256", JSONText(sha256)),
    ]
  }

  /// What was found in it.
  var annotations: [Annotation] {
    findings.map { finding in
      Annotation(
        finding.severity.annotationLevel, finding.code, finding.message,
        at: Place(path, member: finding.member, finding.offset.map { .byte($0) }))
    }
  }

  /// What it is and holds.
  var facts: [(name: String, value: ReportDocument.Cell)] {
    var facts: [(name: String, value: ReportDocument.Cell)] = [
      ("Artifact", ReportDocument.Cell(path))
    ]
    if let description {
      let place =
        (description.place.map { " at \($0)" } ?? "")
        + (description.member.map { " in \($0)" } ?? "")
      facts.append(("Model", ReportDocument.Cell(description.summary(model) + place)))
    }
    if let model {
      if let classes = model.classes {
        facts.append(("Classes", ReportDocument.Cell(Self.list(classes.map(\.description)))))
      }
      if model.targets.count > 1 {
        facts.append(("Targets", ReportDocument.Cell("\(model.targets.count)")))
      }
      if let names = model.featureNames {
        facts.append(("Features", ReportDocument.Cell("\(names.count): \(Self.list(names))")))
      } else {
        let count = model.featureCount.map { "\($0), without names" } ?? "any"
        facts.append(("Features", ReportDocument.Cell(count)))
      }
    }
    if let description {
      if !description.writers.isEmpty {
        facts.append(
          ("Written by", ReportDocument.Cell(description.writers.joined(separator: ", "))))
      }
      facts.append(
        (
          "Bytes",
          ReportDocument.Cell(
            "\(description.arrayBytes) of arrays, \(description.uncoveredBytes) not covered")
        ))
    }
    if let serving { facts.append(("Served", ReportDocument.Cell(serving.sentence))) }
    if let sha256 { facts.append(("SHA-256", ReportDocument.Cell(sha256))) }
    return facts
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(6).joined(separator: ", ")
    return names.count > 6 ? "\(shown), … (\(names.count - 6) more)" : shown
  }

  /// Whether it can be used.
  fileprivate var verdict: ReportDocument.Cell {
    switch condition {
    case .loadable: ReportDocument.Cell("loadable", .good)
    case .unsafe, .broken: ReportDocument.Cell(condition.rawValue, .bad)
    case .unsupported: ReportDocument.Cell(condition.rawValue, .doubtful)
    }
  }
}

extension Model {
  /// What is predicted, in a word; of several targets, of the first.
  fileprivate var task: String {
    switch targets.first {
    case .classes(let classes): classes.count == 2 ? "binary" : "multiclass"
    case .number, nil: "regression"
    }
  }
}

extension ModelDescription {
  /// The model in a few words.
  func summary(_ model: Model?) -> String {
    let parts = model.map { ($0.steps.map(\.name) + [$0.predictor.name]) } ?? [algorithm]
    let trees = model?.predictor.treeCount.map { ", \(String($0, of: "tree"))" } ?? ""
    return "\(framework) \(frameworkVersion ?? "of unknown version"): "
      + "\(parts.joined(separator: ", "))\(trees) (\(format))"
  }

  /// The description, with what the model itself tells where it runs.
  fileprivate func json(_ model: Model?) -> JSONText {
    .object([
      ("format", .string(format)), ("framework", .string(framework)),
      ("framework_version", JSONText(frameworkVersion)),
      ("algorithm", .string(model?.predictor.name ?? algorithm)),
      ("task", JSONText(model?.task)),
      ("targets", JSONText(model?.targets.count)),
      ("features", JSONText(model?.featureCount)),
      ("feature_names", model?.featureNames.map { .array($0.map { .string($0) }) } ?? .null),
      ("classes", model?.classes.map { .array($0.map(\.json)) } ?? .null),
      ("trees", JSONText(model?.predictor.treeCount)),
      ("steps", .array(model?.steps.map { .string($0.name) } ?? [])),
      (
        "parameters",
        .array(
          estimators.map { estimator in
            .object([
              ("estimator", .string(estimator.name)),
              (
                "values",
                .object(estimator.parameters.map { ($0.name, .string($0.value)) })
              ),
            ])
          })
      ),
      ("written_by", .array(writers.map { .string($0) })),
      ("tensors", .array(tensors.map(\.json))), ("signatures", .array(signatures.map(\.json))),
      ("array_bytes", .integer(arrayBytes)), ("uncovered_bytes", .integer(uncoveredBytes)),
      ("place", JSONText(place)),
      ("member", JSONText(member)),
    ])
  }
}

extension Serving {
  /// What a container makes of an artifact, in a sentence.
  fileprivate var sentence: String {
    let loaded = files.isEmpty ? "" : " loads \(files.prefix(4).joined(separator: ", "))"
    let more = files.count > 4 ? ", …" : ""
    let trees = treeCount.map { ", \(String($0, of: "tree"))" } ?? ""
    return "the \(container) container\(loaded)\(more)\(trees); it answers with \(answer)"
  }

  fileprivate var json: JSONText {
    .object([
      ("container", .string(container)), ("files", .array(files.map { .string($0) })),
      ("deterministic", isDeterministic.map { .bool($0) } ?? .null),
      ("trees", JSONText(treeCount)), ("answer", .string(answer)),
      ("differences", .array(differences.map { .string($0) })),
    ])
  }
}

extension TensorDescription {
  fileprivate var row: [ReportDocument.Cell] {
    func count(_ count: Int, _ tone: ReportDocument.Tone) -> ReportDocument.Cell {
      ReportDocument.Cell("\(count)", count == 0 ? .plain : tone)
    }
    return [
      ReportDocument.Cell(name),
      ReportDocument.Cell(shape.map { "\($0)" }.joined(separator: " x ")),
      ReportDocument.Cell(type), ReportDocument.Cell("\(byteCount)"), count(nanCount, .bad),
      count(infiniteCount, .doubtful),
    ]
  }

  fileprivate var json: JSONText {
    .object([
      ("name", .string(name)), ("shape", .array(shape.map { .integer($0) })),
      ("type", .string(type)), ("bytes", .integer(byteCount)), ("nan", .integer(nanCount)),
      ("infinite", .integer(infiniteCount)),
    ])
  }
}

extension ModelDescription.Signature.Port {
  /// Name, type and shape: `x: float32 [?, 4]`.
  fileprivate var words: String {
    let lengths = shape.map { $0.map { $0.map { "\($0)" } ?? "?" }.joined(separator: ", ") }
    return "\(name): \(type) [\(lengths ?? "…")]"
  }

  fileprivate var json: JSONText {
    .object([
      ("name", .string(name)), ("type", .string(type)),
      ("shape", shape.map { .array($0.map { JSONText($0) }) } ?? .null),
    ])
  }
}

extension ModelDescription.Signature {
  fileprivate var json: JSONText {
    .object([
      ("name", .string(name)), ("inputs", .array(inputs.map(\.json))),
      ("outputs", .array(outputs.map(\.json))),
    ])
  }
}

extension Finding.Severity {
  fileprivate var annotationLevel: Annotation.Level {
    switch self {
    case .critical, .error: .error
    case .warning: .warning
    case .info: .notice
    }
  }
}

extension Finding {
  fileprivate var row: [ReportDocument.Cell] {
    let tone: ReportDocument.Tone =
      switch severity {
      case .critical, .error: .bad
      case .warning: .doubtful
      case .info: .plain
      }
    let place = [member, offset.map { "byte \($0)" }].compactMap(\.self).joined(separator: ", ")
    return [
      ReportDocument.Cell(severity.rawValue, tone), ReportDocument.Cell(code),
      ReportDocument.Cell(place), ReportDocument.Cell(message),
    ]
  }
}
