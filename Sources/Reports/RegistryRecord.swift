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
    statistics = root["metrics"].flatMap(ModelQuality.init)?.json
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
