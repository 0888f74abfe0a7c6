import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

@Suite struct ArtifactTests {
  private typealias P = PickleBytes
  private typealias Entry = ArchiveBytes.Entry

  private let folder: TemporaryFolder
  private let model: [UInt8]

  /// A pickle that would run a program.
  private static let hostile = P.pickle(
    P.global("posix", "system") + P.tuple(P.text("echo")) + P.reduce)

  init() throws {
    folder = try TemporaryFolder()
    model = try datasetBytes("Models/scikit-learn/1.9.1/lr.joblib")
  }

  private func artifact(
    _ bytes: [UInt8], named name: String = "model.tar.gz", limits: Limits = .standard
  ) throws -> Artifact {
    try Artifact(path: folder.write(bytes, to: name), limits: limits)
  }

  private func artifact(_ entries: [Entry], limits: Limits = .standard) throws -> Artifact {
    try artifact(ArchiveBytes.gzip(ArchiveBytes.tar(entries)), limits: limits)
  }

  // MARK: The sample jobs

  @Test(arguments: [
    // By sha256sum.
    (
      "breast-cancer", 3073, "9983043e71560a0a1e3fea4ab18cfd574d993cd07090879202470a545bcea5ba",
      30, "LogisticRegression"
    ),
    (
      "breast-cancer-overstated", 3073,
      "9983043e71560a0a1e3fea4ab18cfd574d993cd07090879202470a545bcea5ba", 30, "LogisticRegression"
    ),
    (
      "iris-tree", 2577, "b9a7e408e4a29dbca58e7841302f5dfef661465fea92b8301f651f03d3efa64e", 4,
      "DecisionTreeClassifier"
    ),
  ])
  func sampleJobsAreLoadable(
    name: String, size: Int, digest: String, features: Int, algorithm: String
  ) throws {
    let artifact = try Artifact(path: dataset("\(name)/model.tar.gz"))
    #expect(artifact.condition == .loadable && artifact.findings.isEmpty)
    #expect(artifact.sha256 == digest)
    #expect(artifact.members.map(\.path) == ["model.joblib"])
    #expect(artifact.members.map(\.size) == [size] && artifact.members.map(\.kind) == [.model])
    let description = try #require(artifact.description)
    #expect(description.member == "model.joblib" && description.format == "joblib")
    #expect(description.framework == "scikit-learn" && description.frameworkVersion == "1.9.1")
    let model = try #require(artifact.model)
    #expect(model.featureCount == features && model.featureNames?.count == features)
    #expect(model.predictor.name == algorithm)
  }

  // MARK: Forms

  @Test func zipFilesInsideAreLookedThrough() throws {
    let inner = ArchiveBytes.zip([("model.joblib", model)])
    let artifact = try artifact(ArchiveBytes.tar([Entry("bundle", inner)]))
    #expect(artifact.condition == .loadable && artifact.description?.member == "bundle")
    let cut = ArchiveBytes.tar([Entry("bundle", Array(inner.dropLast(30)))])
    let damaged = try self.artifact(cut)
    #expect(damaged.condition == .broken && damaged.findings.map(\.member) == ["bundle"])
  }

  @Test func everyFormOfAModelIsLoadable() throws {
    let tar = ArchiveBytes.tar([Entry("model.joblib", model)])
    let zip = ArchiveBytes.zip([("model.joblib", model)])
    for bytes in [tar, ArchiveBytes.gzip(tar), zip] {
      let artifact = try artifact(bytes)
      #expect(artifact.condition == .loadable && artifact.description?.member == "model.joblib")
    }
    let bare = try artifact(model, named: "anything")
    #expect(bare.condition == .loadable)
    #expect(bare.model != nil && bare.description?.member == nil)
    #expect(bare.members.map(\.path) == ["anything"] && bare.members.map(\.kind) == [.model])
    #expect(bare.sha256 == SHA256.hex(of: model))
  }

  @Test func foldersAreRead() throws {
    _ = try folder.makeFolder("job/code")
    _ = try folder.write(model, to: "job/model.joblib")
    _ = try folder.write("print()", to: "job/code/train.py")
    _ = try folder.write("{}", to: "job/metrics.json")
    _ = try folder.write("x", to: "job/notes.txt")
    let artifact = try Artifact(path: folder.path + "/job")
    #expect(artifact.condition == .loadable && artifact.sha256 == nil)
    let kinds = Dictionary(uniqueKeysWithValues: artifact.members.map { ($0.path, $0.kind) })
    #expect(
      kinds == [
        "code": .folder, "code/train.py": .code, "metrics.json": .metrics,
        "model.joblib": .model, "notes.txt": .other,
      ])
  }

  @Test func foldersLinksAndPipesAreNotOpened() throws {
    let inner = try folder.makeFolder("job")
    _ = try folder.write(model, to: "model.joblib")
    let files = FileManager.default
    try files.createSymbolicLink(
      atPath: inner + "/model.joblib", withDestinationPath: "../model.joblib")
    // Links to the folder itself would be walked without end.
    for name in ["a", "b"] {
      try files.createSymbolicLink(atPath: "\(inner)/\(name)", withDestinationPath: ".")
    }
    try files.createSymbolicLink(atPath: inner + "/nowhere", withDestinationPath: "missing")
    let made = unsafe mkfifo(inner + "/pipe", 0o600)
    #expect(made == 0)
    let artifact = try Artifact(path: inner)
    #expect(artifact.condition == .broken && artifact.model == nil)
    #expect(artifact.members.map(\.path) == ["a", "b", "model.joblib", "nowhere", "pipe"])
    #expect(artifact.members.map(\.kind) == [.link, .link, .link, .link, .special])
    #expect(artifact.findings.filter { $0.severity == .warning }.count == 5)
  }

  @Test func foldersHaveLimits() throws {
    _ = try folder.makeFolder("job/inner")
    for name in ["a", "b", "inner/c"] { _ = try folder.write("0123456789", to: "job/" + name) }
    let path = folder.path + "/job"
    var limits = Limits.standard
    limits.memberCount = 3
    #expect(throws: InputError.beyondLimit(Place(path), "3 files", raisedBy: nil)) {
      try Artifact(path: path, limits: limits)
    }
    limits.memberCount = 4
    #expect(try Artifact(path: path, limits: limits).members.count == 4)
    limits.archiveSize = 29
    #expect(throws: InputError.self) { try Artifact(path: path, limits: limits) }
    limits = .standard
    limits.memberSize = 9
    #expect(throws: InputError.self) { try Artifact(path: path, limits: limits) }
  }

  @Test func filesThatAreNotThereAreErrors() throws {
    let path = folder.path + "/missing"
    #expect(throws: InputError.notFound(path)) { try Artifact(path: path) }
    var limits = Limits.standard
    limits.fileSize = model.count - 1
    #expect(throws: InputError.self) { try artifact(model, named: "model.joblib", limits: limits) }
  }

  // MARK: Which model

  @Test func theModelIsFoundByItsContent() throws {
    let text = Array("a,b\n1,2\n".utf8)
    let artifact = try artifact([
      Entry("data.csv", text), Entry("weights", model), Entry("model.txt", text),
    ])
    #expect(artifact.description?.member == "weights" && artifact.condition == .loadable)
  }

  @Test func filesNamedModelComeFirst() throws {
    let other = try datasetBytes("Models/scikit-learn/1.9.1/dt.pkl")
    let artifact = try artifact([Entry("a.pkl", other), Entry("deep/model.joblib", model)])
    #expect(artifact.condition == .loadable && artifact.description?.member == "deep/model.joblib")
    #expect(artifact.findings.map(\.code) == ["model.second"])
    #expect(artifact.findings.map(\.severity) == [.warning])
    #expect(artifact.findings.first?.member == "a.pkl")
    #expect(artifact.members.map(\.kind) == [.other, .model])
  }

  // MARK: What is unsafe

  @Test func aHarmlessModelBesideAnUnsafePickleIsUnsafe() throws {
    let hostiles: [(String, [UInt8])] = [
      ("extra.pkl", Self.hostile), ("a.bin", Self.hostile), ("code/x", Self.hostile),
      // Of protocols 0 and 1, and cut off behind the call.
      ("old.pkl", Array("cposix\nsystem\n(S'echo'\ntR.".utf8)),
      ("old", Array("(S'echo'\niposix\nsystem\n.".utf8)),
      ("one", [0x80, 1] + Self.hostile.dropFirst(2)),
      ("nought", [0x80, 0] + Self.hostile.dropFirst(2)), ("cut", Self.hostile.dropLast()),
      ("longer", Self.hostile + [0, 1, 2]),
    ]
    for (name, bytes) in hostiles {
      for entries in [
        [Entry("model.joblib", model), Entry(name, bytes)],
        [Entry(name, bytes), Entry("model.joblib", model)],
      ] {
        let artifact = try artifact(entries)
        #expect(artifact.condition == .unsafe && artifact.model == nil, "\(name)")
        let finding = try #require(artifact.findings.first)
        #expect(finding.severity == .critical && finding.code == "code.dangerous_global")
        #expect(finding.member == name && finding.message.contains("posix.system"))
      }
    }
  }

  @Test func anUnsafeFileTellsWhere() throws {
    let artifact = try artifact(Self.hostile, named: "model.pkl")
    #expect(artifact.condition == .unsafe && artifact.model == nil)
    #expect(
      artifact.fault?.description
        == "\(folder.path)/model.pkl: byte 2: loading the file would call posix.system (GLOBAL); "
        + "do not load this file with another program; have it written anew by one you trust")
    let inside = try self.artifact([Entry("m.pkl", Self.hostile)])
    #expect(
      inside.fault?.description.hasPrefix(
        "\(folder.path)/model.tar.gz: m.pkl: byte 2: loading the file would call") == true)
  }

  @Test func unsafeIsWorseThanUnsupportedAndBroken() throws {
    let unsupported = try datasetBytes("Models/scikit-learn/1.9.1/neighbors.joblib")
    #expect(try artifact([Entry("a", unsupported), Entry("b", Self.hostile)]).condition == .unsafe)
    #expect(
      try artifact([Entry("a", Self.hostile.dropLast() + [0xFF])]).condition == .unsafe)
    #expect(
      try artifact([Entry("a", unsupported), Entry("b", Array(model.dropLast()))]).condition
        == .broken)
    #expect(try artifact([Entry("a", unsupported)]).condition == .unsupported)
    // A model that can be read beside one that cannot is not what was asked for.
    #expect(
      try artifact([Entry("model.joblib", model), Entry("b", unsupported)]).condition
        == .unsupported)
  }

  @Test(arguments: ["../model.joblib", "/model.joblib", "a/../../model.joblib", "..", "a/.."])
  func pathsThatLeadOutAreUnsafe(path: String) throws {
    let artifact = try artifact([Entry(path, model)])
    #expect(artifact.condition == .unsafe && artifact.model == nil)
    let finding = try #require(artifact.findings.first)
    #expect(finding.code == "archive.path_escape" && finding.member == path)
  }

  @Test func pathsWithDotsInNamesAreHarmless() throws {
    for path in ["..model.joblib", "a..b/model.joblib", "./model.joblib", ".../model"] {
      #expect(try artifact([Entry(path, model)]).condition == .loadable, "\(path)")
    }
  }

  /// joblib compresses whole files, and unpacks them by their first bytes when it loads them.
  @Test func compressedPicklesAreLookedThrough() throws {
    let loadable = try artifact([Entry("model.joblib", ArchiveBytes.gzip(model))])
    #expect(loadable.condition == .loadable && loadable.description?.member == "model.joblib")
    let bare = try artifact(ArchiveBytes.gzip(model), named: "model.joblib.gz")
    #expect(bare.condition == .loadable && bare.description?.member == nil)
    let hostile = try artifact([
      Entry("model.joblib", model), Entry("data.bin", ArchiveBytes.gzip(Self.hostile)),
    ])
    #expect(hostile.condition == .unsafe && hostile.findings.first?.member == "data.bin")
    let alone = try artifact(ArchiveBytes.gzip(Self.hostile), named: "model.pkl")
    #expect(alone.condition == .unsafe)
    let damaged = try artifact([
      Entry("model.joblib", model), Entry("b.pkl", ArchiveBytes.gzip(model).dropLast()),
    ])
    #expect(damaged.condition == .broken)
    #expect(damaged.findings.map(\.code) == ["archive.damaged"])
    #expect(damaged.findings.map(\.member) == ["b.pkl"])
  }

  /// What members unpack to counts together, or a small archive of small members would be endless.
  @Test func compressedMembersShareALimit() throws {
    // Python 3.11.7's gzip.compress(b" " * 100_000, mtime=0).
    let blanks = [UInt8](
      hex:
        "1f8b0800000000000203edc13101000000c2a02aeb9fd21a1e400100000000000000000000000000"
        + "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "000000af062df079caa0860100")
    let entries = [Entry("model.joblib", model)] + (0..<10).map { Entry("\($0).gz", blanks) }
    var limits = Limits.standard
    limits.archiveSize = 1_001_000
    #expect(try artifact(entries, limits: limits).condition == .loadable)
    limits.archiveSize = 999_000
    let error = #expect(throws: InputError.self) { try artifact(entries, limits: limits) }
    guard case .beyondLimit(let place, "999000 unpacked bytes", raisedBy: .memory) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.member == "9.gz")
  }

  // MARK: What is broken

  @Test func linksAndDevicesAreWarnings() throws {
    let artifact = try artifact([
      Entry("link", type: "2", link: "/etc/passwd"), Entry("hard", type: "1", link: "model.joblib"),
      Entry("device", type: "3"), Entry("model.joblib", model),
    ])
    #expect(artifact.condition == .loadable && artifact.description?.member == "model.joblib")
    #expect(
      artifact.findings.map(\.code) == ["archive.link", "archive.link", "archive.special_file"])
    #expect(artifact.findings.map(\.member) == ["link", "hard", "device"])
    #expect(artifact.findings.allSatisfy { $0.severity == .warning })
    let only = try self.artifact([Entry("model.joblib", type: "2", link: "/tmp/model.joblib")])
    #expect(
      only.condition == .broken && only.findings.map(\.code) == ["archive.empty", "archive.link"])
  }

  @Test func onePathTwiceIsBroken() throws {
    for second in ["model.joblib", "./model.joblib", ".//model.joblib", "././model.joblib"] {
      let artifact = try artifact([Entry("model.joblib", model), Entry(second, model)])
      #expect(artifact.condition == .broken && artifact.model == nil, "\(second)")
      let codes = artifact.findings.filter { $0.severity == .error }.map(\.code)
      #expect(codes == ["archive.duplicate_member"], "\(second)")
    }
    let folders = try artifact([
      Entry("a/", type: "5"), Entry("a/", type: "5"), Entry("a/model.joblib", model),
    ])
    #expect(folders.condition == .loadable)
  }

  @Test func archivesWithoutFilesAreBroken() throws {
    let empty = try artifact(ArchiveBytes.zip([]), named: "empty.zip")
    #expect(empty.condition == .broken && empty.findings.map(\.code) == ["archive.damaged"])
    let bare = try folder.makeFolder("bare")
    #expect(try Artifact(path: bare).findings.map(\.code) == ["archive.empty"])
  }

  @Test func archivesWithoutAKnownModelAreUnsupported() throws {
    let text = Array("text".utf8)
    let none = try artifact([Entry("notes.txt", text), Entry("code/", type: "5")])
    #expect(none.condition == .unsupported)
    #expect(none.findings.map(\.code) == ["model.unsupported_content"])
    #expect(none.findings.first?.message == "holds 1 file, and no model that is known here")
  }

  @Test(arguments: [
    ("xgboost-model", "bs64", "XGBoost"),
    ("model.cbm", "CBM1", "CatBoost"),
    ("model_algo-1", "\u{3}\u{4}", "MXNet"),
  ])
  func otherLibrariesModelsAreToldByName(name: String, bytes: String, library: String) throws {
    let artifact = try artifact([Entry(name, Array(bytes.utf8))])
    #expect(artifact.condition == .unsupported)
    #expect(artifact.findings.map(\.code) == ["model.unsupported_format"])
    #expect(artifact.findings.first?.message.hasPrefix("is a model of \(library)") == true)
    #expect(artifact.findings.first?.member == name)
  }

  @Test func otherFilesAreBroken() throws {
    for bytes in [
      [], Array("a text\n".utf8), Array("{}".utf8), ArchiveBytes.gzip(Array("text".utf8)),
    ] {
      let artifact = try artifact(bytes, named: "file")
      #expect(artifact.condition == .broken && artifact.model == nil)
      #expect(artifact.findings.map(\.code) == ["archive.unknown_format"])
      #expect(artifact.members.map(\.path) == ["file"])
      #expect(artifact.members.map(\.size) == [bytes.count])
      #expect(artifact.sha256 == SHA256.hex(of: bytes))
    }
    let zeros = try artifact([UInt8](repeating: 0, count: 2048), named: "empty.tar")
    #expect(zeros.condition == .broken && zeros.findings.map(\.code) == ["archive.empty"])
    let damaged = try artifact([0x1F, 0x8B] + [UInt8](repeating: 7, count: 100))
    #expect(damaged.condition == .broken && damaged.model == nil)
  }

  @Test func archivesBeyondALimitAreBroken() throws {
    var limits = Limits.standard
    limits.memberCount = 1
    let entries = [Entry("model.joblib", model), Entry("b", [])]
    let artifact = try artifact(entries, limits: limits)
    #expect(artifact.condition == .broken && artifact.findings.map(\.code) == ["archive.limit"])
    #expect(artifact.findings.first?.message == "is beyond the limit of 1 members")
    limits = .standard
    limits.memberSize = 100
    let error = #expect(throws: InputError.self) {
      try self.artifact(entries, limits: limits)
    }
    #expect(error?.diagnostic.hint?.contains("--max-member-size") == true)
  }
}
