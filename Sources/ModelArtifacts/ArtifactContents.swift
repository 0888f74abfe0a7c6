internal import Glibc
internal import InputReading

extension Member.Kind {
  /// What stands in a folder; links are not followed, and nothing is opened.
  fileprivate init(inFolder folder: String, path: String) {
    var status = stat()
    // Safety: the status is the call's to fill.
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
struct ArtifactContents {
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
  ///
  /// - Throws: `InputError` if it is beyond a limit that an option raises.
  init(_ bytes: [UInt8], path: String, limits: Limits) throws(InputError) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    do throws(ArchiveError) {
      let compression = Compression(of: bytes)
      let payload =
        if let compression { try compression.unpack(bytes, room: limits.roomForFile) } else {
          bytes
        }
      if let members = try Archive.members(of: payload, limits: limits) {
        self.init(members: members)
      } else {
        let file = Member(path: name, size: bytes.count, kind: .other, bytes: payload)
        self.init(members: [file], isArchive: false)
      }
    } catch {
      let finding = try error.finding(in: Place(path))
      self.init(members: [], isArchive: false, findings: [finding])
    }
  }

  /// What is in a folder and the folders in it.
  ///
  /// - Throws: `InputError` if a file cannot be read or is beyond the limits.
  static func members(
    ofFolder folder: String, limits: Limits
  ) throws(InputError) -> [Member] {
    var members: [Member] = []
    var total = 0
    var open = [""]
    while let inner = open.popLast() {
      for name in try InputFile.names(in: folder + "/" + inner) {
        let path = inner + name
        guard members.count < limits.memberCount else {
          throw .beyondLimit(Place(folder), "\(limits.memberCount) files", raisedBy: nil)
        }
        let kind = Member.Kind(inFolder: folder, path: path)
        if kind == .folder { open.append(path + "/") }
        guard kind != .folder, kind != .link, kind != .special else {
          members.append(Member(path: path, size: 0, kind: kind, bytes: []))
          continue
        }
        let room = limits.room(after: total)
        let file = folder + "/" + path
        let bytes: [UInt8]
        do throws(InputError) {
          bytes = try InputFile.bytes(of: file, limit: room.byteCount)
        } catch .tooLarge {
          throw .beyondLimit(Place(file), room.limit, raisedBy: room.option)
        }
        total += bytes.count
        members.append(Member(path: path, size: bytes.count, kind: kind, bytes: bytes))
      }
    }
    return members
  }

  /// A file that some format fits.
  struct Candidate {
    /// The member that it is, or that holds it.
    let member: Int
    let source: ModelSource
    let format: ModelFormat
  }

  /// The files that may be models, in the order in which they are asked: pickles first, among them those
  /// whose names begin with 'model'.
  ///
  /// A member that cannot be unpacked, and so not be looked through, is a finding.
  ///
  /// - Throws: `InputError` if one is beyond a limit that an option raises.
  func candidates(
    _ findings: inout [Finding], in path: String, limits: Limits
  ) throws(InputError) -> [Candidate] {
    var ranked: [(rank: Int, candidate: Candidate)] = []
    for (member, source) in try sources(&findings, in: path, limits: limits) {
      guard let format = ModelFormat.of(source, limits: limits) else { continue }
      let isPickle = format.name == PickleFile.format.name
      ranked.append(
        (
          !isPickle ? 2 : source.name.hasPrefix("model") ? 0 : 1,
          Candidate(member: member, source: source, format: format)
        ))
    }
    return ranked.enumerated()
      .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
      .map(\.element.candidate)
  }

  /// Every file, unpacked where it is compressed, and those inside zip files.
  private func sources(
    _ findings: inout [Finding], in path: String, limits: Limits
  ) throws(InputError) -> [(member: Int, source: ModelSource)] {
    var sources: [(member: Int, source: ModelSource)] = []
    var unpacked = 0
    let siblings = Siblings(members)
    for (index, member) in members.enumerated() {
      var bytes = member.bytes
      // A single file is unpacked already, and taken apart.
      if isArchive {
        do throws(ArchiveError) {
          if let compression = Compression(of: bytes) {
            bytes = try compression.unpack(bytes, room: limits.room(after: unpacked))
            unpacked += bytes.count
          }
          if Archive.isZip(bytes), let inner = try Archive.members(of: bytes, limits: limits) {
            unpacked += inner.reduce(0) { $0 + $1.size }
            guard unpacked <= limits.archiveSize else { throw .limit(limits.roomForFile) }
            let siblings = Siblings(inner)
            sources += inner.map {
              (index, ModelSource(path: $0.path, bytes: $0.bytes, siblings: siblings))
            }
            continue
          }
        } catch {
          findings.append(try error.finding(in: Place(path, member: member.path)))
          continue
        }
      }
      sources.append((index, ModelSource(path: member.path, bytes: bytes, siblings: siblings)))
    }
    return sources
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
            + "\(ModelFormat.supported)",
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
  /// What is wrong, as a finding.
  ///
  /// - Throws: `InputError` if an option raises the limit: with another limit the answer may be
  ///   another, so that this is none.
  fileprivate func finding(in place: Place) throws(InputError) -> Finding {
    switch self {
    case .damaged(let reason):
      return Finding(.error, "archive.damaged", "is damaged: \(reason)", member: place.member)
    case .limit(let limit, _, nil):
      return Finding(
        .error, "archive.limit", "is beyond the limit of \(limit)", member: place.member)
    case .limit(let limit, let member, let option):
      throw .beyondLimit(
        Place(place.file, member: place.member ?? member), limit, raisedBy: option)
    }
  }
}
