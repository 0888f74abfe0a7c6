public import InputReading

/// What a Model Registry takes of a verification: its metrics in the schema of Model Monitor's
/// model quality, and the verdict with its reasons.
///
/// Source: the developer guide's "Model quality metrics" for the statistics, and the service's
/// `ModelMetrics` and `MetricsSource` for what refers to them.
public struct RegistryRecord: Sendable {
  /// Whether the model is approved.
  public let isApproved: Bool
  /// The job's name.
  public let job: String
  /// Where the service put the artifact.
  public let artifactLocation: String?
  /// The statistics, as the file that is uploaded; `nil` of a job that was rejected unevaluated.
  public let statistics: JSONText?
  private let reasons: [String]
  private let gateCount: Int
  private let artifactDigest: String?

  /// Reads a report of the schema `assay.verification/1`.
  ///
  /// - Throws: ``RegistryError`` if the document is another one.
  public init(_ document: JSONDocument) throws(RegistryError) {
    let root = document.root
    guard root["schema"]?.string == "assay.verification/1",
      let verdict = root["verdict"]?.string, ["approved", "rejected"].contains(verdict)
    else { throw .noVerification(document.place) }
    isApproved = verdict == "approved"
    job = root["job"]?["name"]?.string ?? ""
    artifactLocation = root["job"]?["artifact"]?.string
    artifactDigest = root["artifact"]?["sha256"]?.string
    reasons = (root["reasons"]?.array ?? []).compactMap { $0["message"]?.string }
    gateCount = (root["gates"]?.array ?? []).count {
      if case .bool(true) = $0["passed"]?.content { true } else { false }
    }
    statistics = Self.statistics(of: root["metrics"])
    guard statistics != nil || !isApproved else { throw .noMetrics(document.place) }
  }

  /// The verdict in one line: why it is no, or what holds.
  public var approvalDescription: String {
    guard isApproved else { return "assay: rejected: " + reasons.joined(separator: "; ") }
    return "assay: approved: every check of the job \(job) holds"
      + (gateCount > 0 ? ", \(String(gateCount, of: "gate")) among them" : "")
      + (artifactDigest.map { "; the artifact's SHA-256 is \($0)" } ?? "")
  }

  /// What `create-model-package` takes as `--model-metrics`.
  ///
  /// - Parameters:
  ///   - location: Where the statistics are uploaded to.
  ///   - digest: The SHA-256 of their file, as hexadecimal digits.
  /// - Returns: the object.
  public static func modelMetrics(location: String, digest: String) -> JSONText {
    .object([
      (
        "ModelQuality",
        .object([
          (
            "Statistics",
            .object([
              ("ContentType", .string("application/json")),
              ("ContentDigest", .string("sha256:\(digest)")), ("S3Uri", .string(location)),
            ])
          )
        ])
      )
    ])
  }
}

// MARK: Statistics

extension RegistryRecord {
  /// A kind of problem in the schema: the object's name, and what its metrics are called.
  private struct Kind {
    let name: String
    let hasMatrix: Bool
    let metrics: [(name: String, value: @Sendable (JSON) -> Double?)]

    init(
      _ name: String, hasMatrix: Bool = true, _ metrics: [(String, String)],
      rates: [(String, String)] = []
    ) {
      self.name = name
      self.hasMatrix = hasMatrix
      self.metrics =
        metrics.map { name, own in (name, { @Sendable values in values[own]?.number?.value }) }
        + rates.map { name, own in
          (name, { @Sendable values in (values[own]?.number?.value).map { 1 - $0 } })
        }
    }
  }

  private static let kinds: [String: Kind] = [
    "binary": Kind(
      "binary_classification_metrics",
      [
        ("recall", "recall"), ("precision", "precision"), ("accuracy", "accuracy"),
        ("true_positive_rate", "recall"), ("true_negative_rate", "specificity"),
        ("auc", "roc_auc"), ("f0_5", "f0_5"), ("f1", "f1"), ("f2", "f2"),
      ],
      rates: [("false_positive_rate", "specificity"), ("false_negative_rate", "recall")]),
    "multiclass": Kind(
      "multiclass_classification_metrics",
      [
        ("accuracy", "accuracy"), ("weighted_recall", "recall_weighted"),
        ("weighted_precision", "precision_weighted"), ("weighted_f1", "f1_weighted"),
      ]),
    "regression": Kind(
      "regression_metrics", hasMatrix: false,
      [
        ("mae", "mean_absolute_error"), ("mse", "mean_squared_error"),
        ("rmse", "root_mean_squared_error"), ("r2", "r2"),
      ]),
  ]

  /// The statistics of an evaluation; `nil` where nothing was evaluated.
  private static func statistics(of evaluation: JSON?) -> JSONText? {
    guard let evaluation, let kind = kinds[evaluation["task"]?.string ?? ""],
      let values = evaluation["metrics"]
    else { return nil }
    var members: [(String, JSONText)] = []
    if kind.hasMatrix, let matrix = matrix(evaluation["confusion_matrix"]) {
      members.append(("confusion_matrix", matrix))
    }
    members += kind.metrics.compactMap { name, value in
      // A deviation needs resampled rows, and the schema has a word for none.
      value(values).map {
        (name, .object([("value", .number($0)), ("standard_deviation", .string("NaN"))]))
      }
    }
    guard !members.isEmpty else { return nil }
    let rows = evaluation["rows"]?.number.flatMap { Int(exactly: $0.value) }
    return .object([
      ("version", .number(0)), ("dataset", .object([("item_count", JSONText(rows))])),
      (kind.name, .object(members)),
    ])
  }

  /// For each true label the counts of predicted ones.
  private static func matrix(_ matrix: JSON?) -> JSONText? {
    guard let labels = matrix?["labels"]?.array?.compactMap({ $0.string ?? $0.number?.text }),
      let counts = matrix?["counts"]?.array, counts.count == labels.count
    else { return nil }
    return .object(
      zip(labels, counts).map { label, row in
        (
          label,
          .object(
            zip(labels, row.array ?? []).map { ($0, JSONText($1.number?.value)) })
        )
      })
  }
}

/// What keeps a verification from being registered.
public enum RegistryError: DiagnosedError, Hashable {
  /// The file is none of a verification.
  case noVerification(Place)
  /// Nothing was evaluated.
  case noMetrics(Place)
  /// Nobody says where the statistics go.
  case noLocation(Place)

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    switch self {
    case .noVerification(let place):
      Diagnostic(
        "is no report of a verification", at: place,
        hint: "give what 'assay verify --format json' prints, or a job's folder")
    case .noMetrics(let place):
      Diagnostic(
        "has no metrics to register", at: place,
        hint: "verify with predictions or holdout rows")
    case .noLocation(let place):
      Diagnostic(
        "does not tell where in S3 the statistics belong", at: place,
        hint: "name a folder with --s3-uri s3://bucket/folder")
    }
  }
}
