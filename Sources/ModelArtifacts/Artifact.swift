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

  /// A model and what is known of its file.
  public struct LoadedModel: Sendable {
    /// The model.
    public let model: Model
    /// The member that it was read from; `nil` where the artifact is that file.
    public let member: String?
    /// How the file is written: `joblib` or `pickle`.
    public let format: String
    /// The library that trained the model.
    public let framework: String
    /// The library's version, where the file tells it.
    public let frameworkVersion: String?
  }

  /// The path as the user gave it.
  public let path: String
  /// What is in it; one member of the file's own name where it is one file.
  public let members: [Member]
  /// The model, where the artifact is loadable.
  public let loaded: LoadedModel?
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
  /// - Throws: ``InputError`` if there is no such file or it cannot be read.
  public init(path: String, limits: Limits = .standard) throws(InputError) {
    var findings: [Finding] = []
    var members: [Member] = []
    var isArchive = true
    if FileKind(path: path) == .folder {
      members = try Self.members(ofFolder: path, limits: limits)
      sha256 = nil
    } else {
      let bytes = try InputFile.bytes(of: path, limit: limits.fileSize)
      sha256 = SHA256.hex(of: bytes)
      if PickleFile.isPickle(bytes) {
        isArchive = false
        let name = path.split(separator: "/").last.map(String.init) ?? path
        members = [Member(path: name, size: bytes.count, kind: .other, bytes: bytes)]
      } else {
        do throws(ArchiveError) {
          members = try Archive.members(of: bytes, limits: limits)
        } catch {
          isArchive = false
          findings.append(error.finding)
        }
      }
    }
    self.path = path
    findings += Self.findings(aboutPaths: members)

    var loaded: LoadedModel?
    // Every pickle is looked through; the model is the first one that is a model.
    for index in Self.candidates(members) {
      let name = isArchive ? members[index].path : nil
      let file = PickleFile(members[index].bytes, member: name, limits: limits)
      findings += file.findings
      if loaded == nil, let reading = file.reading {
        members[index].kind = .model
        loaded = LoadedModel(
          model: reading.model, member: name, format: file.format, framework: "scikit-learn",
          frameworkVersion: reading.version)
      } else if file.reading != nil {
        findings.append(
          Finding(.warning, "model.second", "is a model too, and is not used", member: name))
      }
    }
    if loaded == nil, findings.allSatisfy({ $0.severity < .error }) {
      findings.append(
        Finding(
          .error, members.isEmpty ? "archive.empty" : "model.none",
          members.isEmpty
            ? "holds no files"
            : "none of \(String(members.count, of: "file")) is a model that is known here"))
    }
    self.members = members
    self.findings = findings.enumerated()
      .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
      .map(\.element)
    condition = Self.condition(findings, isLoaded: loaded != nil)
    self.loaded = condition == .loadable ? loaded : nil
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

  /// The members that may be models, those named so first.
  private static func candidates(_ members: [Member]) -> [Int] {
    let pickles = members.indices.filter { PickleFile.isPickle(members[$0].bytes) }
    func isNamedModel(_ index: Int) -> Bool {
      members[index].path.split(separator: "/").last?.hasPrefix("model") ?? false
    }
    return pickles.filter(isNamedModel) + pickles.filter { !isNamedModel($0) }
  }

  private static func members(
    ofFolder folder: String, limits: Limits
  ) throws(InputError) -> [Member] {
    var members: [Member] = []
    var open = [""]
    while let inner = open.popLast() {
      for name in try InputFile.names(in: folder + "/" + inner) {
        let path = inner + name
        if FileKind(path: folder + "/" + path) == .folder {
          open.append(path + "/")
          members.append(Member(path: path, size: 0, kind: .folder, bytes: []))
          continue
        }
        guard members.count < limits.memberCount else {
          throw .tooLarge(folder, limit: limits.memberCount)
        }
        let bytes = try InputFile.bytes(of: folder + "/" + path, limit: limits.memberSize)
        members.append(
          Member(path: path, size: bytes.count, kind: Member.Kind(path: path), bytes: bytes))
      }
    }
    return members
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
      if !seen.insert(path).inserted, member.kind != .folder {
        findings.append(
          Finding(.error, "archive.duplicate_member", "stands twice in the archive", member: path))
      }
    }
    return findings
  }
}

extension Member.Kind {
  /// What a file is for, by its name.
  init(path: String) {
    let name = path.split(separator: "/").last ?? ""
    if name == "metrics.json" || name == "evaluation.json" {
      self = .metrics
    } else if name.hasSuffix(".py") || path.split(separator: "/").first == "code" {
      self = .code
    } else {
      self = .other
    }
  }
}

extension ArchiveError {
  fileprivate var finding: Finding {
    switch self {
    case .notAnArchive:
      Finding(
        .error, "archive.unknown_format",
        "is neither an archive nor a model file that is known here")
    case .damaged(let reason): Finding(.error, "archive.damaged", "is damaged: \(reason)")
    case .limit(let what): Finding(.error, "archive.limit", "is beyond the limit of \(what)")
    }
  }
}
