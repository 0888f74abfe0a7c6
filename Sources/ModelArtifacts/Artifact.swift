public import InputReading
public import PredictiveModels

/// What a training job left as its model: an archive, a folder or one file, read as data.
///
/// Nothing in an artifact is ever executed.
public struct Artifact: Sendable {
  /// Whether the artifact can be used, and why not.
  public enum Condition: String, Hashable, Sendable {
    /// The model is read and predicts.
    case loadable
    /// Something in it would run code, or reach outside, in the hands of another program.
    case unsafe
    /// It is damaged, or holds no model.
    case broken
    /// It may well be good, and Assay lacks what it takes to read it.
    case unsupported
  }

  /// The path as the user gave it.
  public let path: String
  /// What is in it; one member of the file's own name where it is one file.
  public let members: [Member]
  /// What is told of the model, as far as its file could be read; also of one that cannot be run here.
  public let description: ModelDescription?
  /// The model, where the artifact is loadable.
  public let model: Model?
  /// What the service's container of the model's library makes of it; `nil` where it is one file, or
  /// there is no such container.
  public let serving: Serving?
  /// Whether it can be used.
  public let condition: Condition
  /// What its reader should know, the worst first.
  public let findings: [Finding]
  /// The file's SHA-256 digest in hexadecimal digits; `nil` for a folder.
  public let sha256: String?

  /// Reads an artifact: `model.tar.gz` or another archive, a folder, or one model file.
  ///
  /// Whatever is wrong with the artifact itself is a finding; the model is found by its content.
  ///
  /// - Parameters:
  ///   - path: The file or folder.
  ///   - trees: Which trees of an early-stopped booster predict.
  ///   - limits: How much is read.
  /// - Throws: `InputError` if there is no such file or it cannot be read, or if it is beyond a limit
  ///   that an option raises.
  public init(
    path: String, trees: TreeChoice = .library, limits: Limits = .standard
  ) throws(InputError) {
    if FileKind(path: path) == .folder {
      let members = try ArtifactContents.members(ofFolder: path, limits: limits)
      try self.init(
        ArtifactContents(members: members), path: path, sha256: nil, trees: trees, limits: limits)
    } else {
      let bytes = try InputFile.bytes(of: path, limit: limits.fileSize)
      try self.init(bytes, name: path, trees: trees, limits: limits)
    }
  }

  /// Reads an artifact that is in memory: an archive or one model file.
  ///
  /// - Parameters:
  ///   - bytes: The file's bytes.
  ///   - name: The file's name; some formats are told by its ending.
  ///   - trees: Which trees of an early-stopped booster predict.
  ///   - limits: How much is read.
  /// - Throws: `InputError` if it is beyond a limit that an option raises.
  public init(
    _ bytes: [UInt8], name: String, trees: TreeChoice = .library, limits: Limits = .standard
  ) throws(InputError) {
    try self.init(
      ArtifactContents(bytes, path: name, limits: limits), path: name,
      sha256: SHA256.hex(of: bytes), trees: trees, limits: limits)
  }

  private init(
    _ contents: ArtifactContents, path: String, sha256: String?, trees: TreeChoice, limits: Limits
  ) throws(InputError) {
    self.path = path
    self.sha256 = sha256
    var contents = contents
    var findings = contents.findings + Self.findings(aboutPaths: contents.members)

    var description: ModelDescription?
    var model: Model?
    for candidate in try contents.candidates(&findings, in: path, limits: limits) {
      let name = contents.isArchive ? contents.members[candidate.member].path : nil
      let reading = candidate.format.read(
        candidate.source, ReadingOptions(trees: trees, limits: limits))
      findings += reading.findings.map { finding in
        var finding = finding
        finding.member = name
        return finding
      }
      guard let told = reading.description else { continue }
      if description == nil || (model == nil && reading.model != nil) {
        contents.members[candidate.member].kind = .model
        description = told
        description?.member = name
        model = reading.model
      } else if reading.model != nil {
        findings.append(
          Finding(.warning, "model.second", "is a model too, and is not used", member: name))
      }
    }
    // A file beside the model that does not run here does not keep the model from running.
    if model != nil {
      findings = findings.map { $0.code == Finding.notRunHere ? $0.asWarning : $0 }
    }
    if description == nil, findings.allSatisfy({ $0.severity < .error }) {
      findings += contents.findingsWithoutModel
    }
    members = contents.members
    serving =
      contents.isArchive
      ? description.flatMap {
        Serving.of(contents.members, $0, treeCount: model?.predictor.treeCount)
      } : nil
    self.findings = findings.enumerated()
      .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
      .map(\.element)
    condition = Self.condition(findings, isLoaded: model != nil)
    self.description = description
    self.model = condition == .loadable ? model : nil
  }

  /// What an error in a member says, with its place: the worst finding.
  public var fault: Diagnostic? {
    guard condition != .loadable, let worst = findings.first else { return nil }
    let position = worst.offset.map { Place.Position.byte($0) }
    let hint =
      switch condition {
      case .unsafe:
        "do not load this file with another program; have it written anew by one you trust"
      case .broken: "fetch the artifact again, or have it written anew"
      case .unsupported, .loadable: "give another artifact"
      }
    return Diagnostic(
      worst.message, at: Place(path, member: worst.member, position), hint: hint)
  }

  private static func condition(_ findings: [Finding], isLoaded: Bool) -> Condition {
    if findings.contains(where: { $0.severity == .critical }) { return .unsafe }
    let errors = findings.filter { $0.severity == .error }
    if errors.isEmpty { return isLoaded ? .loadable : .broken }
    return errors.allSatisfy { $0.code.hasPrefix("model.unsupported") } ? .unsupported : .broken
  }

  private static func findings(aboutPaths members: [Member]) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    for member in members {
      let path = member.path
      if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
        findings.append(
          Finding(
            .critical, "archive.path_escape", "the path leads out of the archive", member: path))
      }
      if member.kind == .link || member.kind == .special {
        findings.append(
          Finding(
            .warning, member.kind == .link ? "archive.link" : "archive.special_file",
            member.kind == .link ? "is a link, which is not followed" : "is a device or pipe",
            member: path))
      }
      // ./a and a are one file once they are unpacked.
      let parts = path.split(separator: "/").filter { $0 != "." }
      if !seen.insert(parts.joined(separator: "/")).inserted, member.kind != .folder {
        findings.append(
          Finding(.error, "archive.duplicate_member", "stands twice in the archive", member: path))
      }
    }
    return findings
  }
}
