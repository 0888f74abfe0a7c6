internal import Glibc
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

  /// An estimator and the settings that its user chose.
  public struct Estimator: Sendable {
    /// Its class's name.
    public let name: String
    /// The settings that can be said in a word, as Python writes them, in their order.
    public let parameters: [(name: String, value: String)]
  }

  /// A model and what is known of its file.
  public struct LoadedModel: Sendable {
    /// The model.
    public let model: Model
    /// The member that it was read from; `nil` where the artifact is that file.
    public let member: String?
    /// How the file is written: `joblib`, `pickle`, `xgboost-json`.
    public let format: String
    /// The library that trained the model.
    public let framework: String
    /// The library's version, where the file tells it.
    public let frameworkVersion: String?
    /// The class of the model as its library names it: a search's, where the model was found by one.
    public let algorithm: String
    /// The estimators that rows go through, with their settings.
    public let estimators: [Estimator]
    /// The programs that wrote the file, as far as it tells.
    public let writers: [String]
    /// Where in the file's value the model stands: `['model']`; `nil` where the model is the value.
    public let place: String?
    /// Bytes of the model's arrays: about what it takes in memory.
    public let arrayBytes: Int
    /// Bytes of the file, unpacked, that no part of it accounts for; a model with any is not loaded.
    public let uncoveredBytes = 0
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
  /// - Parameters:
  ///   - path: The file or folder.
  ///   - trees: Which trees of an early-stopped booster predict.
  ///   - limits: How much is read.
  /// - Throws: ``InputError`` if there is no such file or it cannot be read.
  public init(
    path: String, trees: TreeChoice = .library, limits: Limits = .standard
  ) throws(InputError) {
    self.path = path
    var contents: Contents
    if FileKind(path: path) == .folder {
      contents = Contents(members: try Self.members(ofFolder: path, limits: limits))
      sha256 = nil
    } else {
      let bytes = try InputFile.bytes(of: path, limit: limits.fileSize)
      sha256 = SHA256.hex(of: bytes)
      contents = Contents(bytes, path: path, limits: limits)
    }
    var findings = contents.findings + Self.findings(aboutPaths: contents.members)

    var loaded: LoadedModel?
    // Every pickle is looked through; the model is the first one that is a model.
    for (index, bytes) in contents.pickles(&findings, limits: limits) {
      let name = contents.isArchive ? contents.members[index].path : nil
      let file = PickleFile(bytes, member: name, limits: limits)
      findings += file.findings
      if loaded == nil, let reading = file.reading {
        contents.members[index].kind = .model
        loaded = LoadedModel(
          model: reading.model, member: name, format: file.format, framework: "scikit-learn",
          frameworkVersion: reading.version, algorithm: reading.algorithm,
          estimators: reading.estimators, writers: file.writers, place: file.place,
          arrayBytes: file.arrayBytes)
      } else if file.reading != nil {
        findings.append(
          Finding(.warning, "model.second", "is a model too, and is not used", member: name))
      }
    }
    for (index, member) in contents.members.enumerated() {
      guard let format = BoosterFile.format(of: member.bytes) else { continue }
      let name = contents.isArchive ? member.path : nil
      do throws(BoosterError) {
        let file = try format.read(member.bytes, trees, limits)
        if loaded == nil {
          contents.members[index].kind = .model
          loaded = LoadedModel(file, member: name)
          findings += file.findings(trees, member: name)
        } else {
          findings.append(
            Finding(.warning, "model.second", "is a model too, and is not used", member: name))
        }
      } catch {
        findings.append(error.finding(member: name))
      }
    }
    if loaded == nil, findings.allSatisfy({ $0.severity < .error }) {
      findings += contents.findingsWithoutModel
    }
    members = contents.members
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

  private static func members(
    ofFolder folder: String, limits: Limits
  ) throws(InputError) -> [Member] {
    var members: [Member] = []
    var total = 0
    var open = [""]
    while let inner = open.popLast() {
      for name in try InputFile.names(in: folder + "/" + inner) {
        let path = inner + name
        guard members.count < limits.memberCount else {
          throw .tooLarge(folder, limit: limits.memberCount)
        }
        let kind = Member.Kind(inFolder: folder, path: path)
        if kind == .folder { open.append(path + "/") }
        guard kind != .folder, kind != .link, kind != .special else {
          members.append(Member(path: path, size: 0, kind: kind, bytes: []))
          continue
        }
        let bytes = try InputFile.bytes(
          of: folder + "/" + path, limit: min(limits.memberSize, limits.archiveSize - total))
        total += bytes.count
        members.append(Member(path: path, size: bytes.count, kind: kind, bytes: bytes))
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

extension Member.Kind {
  /// What stands in a folder; links are not followed, and nothing is opened.
  fileprivate init(inFolder folder: String, path: String) {
    var status = stat()
    guard unsafe lstat(folder + "/" + path, &status) == 0 else {
      self = .other
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = Member.Kind(path: path)
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .link
    default: self = .special
    }
  }

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

/// The files of an artifact before any of them is read.
private struct Contents {
  var members: [Member]
  /// Whether members have paths of their own.
  let isArchive: Bool
  let findings: [Finding]

  init(members: [Member], isArchive: Bool = true, findings: [Finding] = []) {
    self.members = members
    self.isArchive = isArchive
    self.findings = findings
  }

  /// Takes an archive apart, or a single file as what it is.
  init(_ bytes: [UInt8], path: String, limits: Limits) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    do throws(ArchiveError) {
      let compression = Compression(of: bytes)
      let payload =
        if let compression { try compression.unpack(bytes, limit: limits.archiveSize) } else {
          bytes
        }
      if let members = try Archive.members(of: payload, limits: limits) {
        self.init(members: members)
      } else {
        let file = Member(path: name, size: bytes.count, kind: .other, bytes: payload)
        self.init(members: [file], isArchive: false)
      }
    } catch {
      self.init(members: [], isArchive: false, findings: [error.finding(member: nil)])
    }
  }

  /// The members that are pickles, with their bytes unpacked, those named as models first.
  ///
  /// A member that cannot be unpacked, and so not be looked through, is a finding.
  func pickles(
    _ findings: inout [Finding], limits: Limits
  ) -> [(index: Int, bytes: [UInt8])] {
    var named: [(index: Int, bytes: [UInt8])] = []
    var others: [(index: Int, bytes: [UInt8])] = []
    var room = limits.archiveSize
    for (index, member) in members.enumerated() {
      var bytes = member.bytes
      // A single file is unpacked already.
      if isArchive, let compression = Compression(of: bytes) {
        do throws(ArchiveError) {
          bytes = try compression.unpack(bytes, limit: min(limits.memberSize, room))
          room -= bytes.count
        } catch {
          findings.append(error.finding(member: member.path))
          continue
        }
      }
      guard PickleFile.isPickle(bytes, limits: limits) else { continue }
      if member.path.split(separator: "/").last?.hasPrefix("model") == true {
        named.append((index, bytes))
      } else {
        others.append((index, bytes))
      }
    }
    return named + others
  }

  /// What is to be said where no file is a model that Assay reads.
  var findingsWithoutModel: [Finding] {
    let files = members.filter { ![.folder, .link, .special].contains($0.kind) }
    guard !files.isEmpty else { return [Finding(.error, "archive.empty", "holds no files")] }
    let foreign = files.compactMap { member in
      ForeignFormat.of(path: member.path, member.bytes).map { format in
        Finding(
          .error, "model.unsupported_format",
          "is a model of \(format.name), which is not read yet; supported are "
            + "\(BoosterFile.supported), and scikit-learn's",
          member: isArchive ? member.path : nil)
      }
    }
    guard foreign.isEmpty else { return foreign }
    guard isArchive else {
      return [
        Finding(
          .error, "archive.unknown_format",
          "is neither an archive nor a model file that is known here")
      ]
    }
    return [
      Finding(
        .error, "model.unsupported_content",
        "holds \(String(files.count, of: "file")), and no model that is known here")
    ]
  }
}

extension ArchiveError {
  fileprivate func finding(member: String?) -> Finding {
    switch self {
    case .damaged(let reason):
      Finding(.error, "archive.damaged", "is damaged: \(reason)", member: member)
    case .limit(let what):
      Finding(.error, "archive.limit", "is beyond the limit of \(what)", member: member)
    }
  }
}

extension BoosterError {
  fileprivate func finding(member: String?) -> Finding {
    Finding(
      .error, isUnsupported ? "model.unsupported" : "model.broken", message, member: member,
      offset: offset)
  }
}

extension Artifact.LoadedModel {
  fileprivate init(_ file: BoosterFile, member: String?) {
    self.init(
      model: file.model, member: member, format: file.format, framework: file.framework,
      frameworkVersion: file.version, algorithm: file.booster.name, estimators: [file.booster],
      writers: [], place: nil, arrayBytes: file.byteCount)
  }
}
