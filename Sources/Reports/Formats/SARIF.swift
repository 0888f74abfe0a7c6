internal import ModelArtifacts

extension ReportFormat {
  /// SARIF 2.1.0.
  static let sarif = ReportFormat(
    "sarif", "SARIF 2.1.0, a result for each finding", of: { $0 is any ExaminingReport.Type }
  ) { report, _ in (report as? any ExaminingReport).map { SARIFLog($0.examined).json.text } }
}

/// An artifact's findings in the form that code scanning tools exchange.
///
/// A finding's code is its rule; the file, and each member that something is found in, is an
/// artifact of the log, the members nested in the file; places are bytes, since models are no text.
///
/// Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
struct SARIFLog {
  private let artifact: Artifact?
  /// Codes, each once, with the worst severity that they are found with.
  private let rules: [(code: String, worst: Finding.Severity)]
  /// Members that something is found in, each once.
  private let members: [String]

  /// Creates a log.
  ///
  /// - Parameter artifact: The artifact; `nil` where none was looked at.
  init(_ artifact: Artifact?) {
    self.artifact = artifact
    var rules: [(code: String, worst: Finding.Severity)] = []
    var members: [String] = []
    for finding in artifact?.findings ?? [] {
      if let index = rules.firstIndex(where: { $0.code == finding.code }) {
        rules[index].worst = max(rules[index].worst, finding.severity)
      } else {
        rules.append((finding.code, finding.severity))
      }
      if let member = finding.member, !members.contains(member) { members.append(member) }
    }
    self.rules = rules
    self.members = members
  }

  /// The log.
  var json: JSONText {
    .object([
      (
        "$schema",
        .string(
          "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
        )
      ),
      ("version", .string("2.1.0")),
      (
        "runs",
        .array([
          .object([
            ("tool", .object([("driver", driver)])),
            ("invocations", .array([.object([("executionSuccessful", .bool(true))])])),
            ("artifacts", .array(artifacts)),
            ("results", .array((artifact?.findings ?? []).map(result))),
          ])
        ])
      ),
    ])
  }

  private var driver: JSONText {
    .object([
      ("name", .string("Assay")), ("version", .string(Release.version)),
      ("semanticVersion", .string(Release.version)),
      (
        "rules",
        .array(
          rules.map { rule in
            var members: [(String, JSONText)] = [
              ("id", .string(rule.code)),
              ("defaultConfiguration", .object([("level", .string(rule.worst.sarifLevel))])),
            ]
            if rule.worst == .critical {
              // What GitHub's code scanning ranks findings by; above 9 is critical.
              members.append(
                (
                  "properties",
                  .object([
                    ("tags", .array([.string("security")])), ("security-severity", .string("9.5")),
                  ])
                ))
            }
            return .object(members)
          })
      ),
    ])
  }

  private var artifacts: [JSONText] {
    guard let artifact else { return [] }
    var file: [(String, JSONText)] = [("location", location(Self.uri(artifact.path)))]
    if let sha256 = artifact.sha256 {
      file.append(("hashes", .object([("sha-256", .string(sha256))])))
    }
    return [.object(file)]
      + members.map { member in
        .object([("location", location(Self.uri(ofMember: member))), ("parentIndex", .integer(0))])
      }
  }

  private func location(_ uri: String) -> JSONText { .object([("uri", .string(uri))]) }

  private func result(_ finding: Finding) -> JSONText {
    let index = finding.member.flatMap { members.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    let uri = finding.member.map { Self.uri(ofMember: $0) } ?? Self.uri(artifact?.path ?? "")
    var place: [(String, JSONText)] = [
      ("artifactLocation", .object([("uri", .string(uri)), ("index", .integer(index))]))
    ]
    if let offset = finding.offset {
      place.append(("region", .object([("byteOffset", .integer(offset))])))
    }
    return .object([
      ("ruleId", .string(finding.code)),
      ("ruleIndex", JSONText(rules.firstIndex { $0.code == finding.code })),
      ("level", .string(finding.severity.sarifLevel)),
      ("message", .object([("text", .string(finding.message))])),
      ("locations", .array([.object([("physicalLocation", .object(place))])])),
    ])
  }

  /// A path as a URI reference: what is not a letter, digit or one of `-._~/` as its bytes.
  ///
  /// Source: RFC 3986, sections 2 and 4.2.
  private static func uri(_ path: String) -> String {
    let encoded = path.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      guard byte < 0x80, character.isLetter || character.isNumber || "-._~/".contains(character)
      else {
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count < 2 ? "0" : "") + digits
      }
      return String(character)
    }
    return (path.hasPrefix("/") ? "file://" : "") + encoded.joined()
  }

  /// The path inside the file that has it, from its root.
  private static func uri(ofMember member: String) -> String {
    "/" + uri(String(member.drop { $0 == "/" }))
  }
}

extension Finding.Severity {
  /// The level by its name in SARIF.
  fileprivate var sarifLevel: String {
    switch self {
    case .critical, .error: "error"
    case .warning: "warning"
    case .info: "note"
    }
  }
}
