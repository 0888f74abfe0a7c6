import Foundation
import InputReading
import TestSupport
import Testing

@testable import ModelArtifacts

@Suite struct ArchiveTests {
  private typealias Entry = ArchiveBytes.Entry

  private static let text = Array("some text\n".utf8)

  private func fixture(_ name: String) throws -> [UInt8] {
    let path = repository + "/Tests/ModelArtifactsTests/Fixtures/" + name
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func members(_ bytes: [UInt8], limits: Limits = .standard) throws -> [Member] {
    let members = try unpacked(bytes, limits: limits)
    return try #require(members)
  }

  /// What an artifact's file is taken apart into; `nil` where it is no archive.
  private func unpacked(_ bytes: [UInt8], limits: Limits) throws(ArchiveError) -> [Member]? {
    let compression = Compression(of: bytes)
    let payload =
      if let compression { try compression.unpack(bytes, limit: limits.archiveSize) } else { bytes }
    return try Archive.members(of: payload, limits: limits)
  }

  private func error(_ bytes: [UInt8], limits: Limits = .standard) -> ArchiveError? {
    do throws(ArchiveError) {
      _ = try unpacked(bytes, limits: limits)
      return nil
    } catch { return error }
  }

  private func isNoArchive(_ bytes: [UInt8]) -> Bool {
    (try? unpacked(bytes, limits: .standard)) == .some(nil)
  }

  /// Whether nothing is made of a cut archive, whether it is known as one or not.
  private func isRefused(_ bytes: [UInt8]) -> Bool { error(bytes) != nil || isNoArchive(bytes) }

  private func isDamaged(_ bytes: [UInt8]) -> Bool {
    if case .damaged = error(bytes) { true } else { false }
  }

  // MARK: Forms

  @Test func formsAreToldByTheirBytes() throws {
    let tar = ArchiveBytes.tar([Entry("a.txt", Self.text), Entry("b/c.txt")])
    let zip = ArchiveBytes.zip([("a.txt", Self.text), ("b/c.txt", [])])
    for bytes in [tar, ArchiveBytes.gzip(tar), zip] {
      let members = try members(bytes)
      #expect(members.map(\.path) == ["a.txt", "b/c.txt"])
      #expect(members.map(\.size) == [10, 0])
      #expect(members.map(\.bytes) == [Self.text, []])
      #expect(members.map(\.kind) == [.other, .other])
    }
  }

  @Test(arguments: ["bz2", "xz", "zst", "lz4"])
  func compressedTarFilesAreUnpacked(suffix: String) throws {
    let members = try members(fixture("model.tar." + suffix))
    #expect(members.map(\.path) == ["model.pkl"])
    #expect(members.first?.bytes == (try datasetBytes("Models/scikit-learn/1.9.1/lr.pkl")))
  }

  /// libarchive warns where the locale cannot show a name, which is no fault of the archive.
  @Test func namesMayBeLongAndInAnyScript() throws {
    #expect(try members(fixture("names.tar.gz")).map(\.path) == ["модель/model.pkl"])
    let long = String(repeating: "long/", count: 30) + "model.pkl"
    #expect(try members(fixture("gnu-names.tar.gz")).map(\.path) == [long])
    let zip = ArchiveBytes.zip([("модель.pkl", Self.text)])
    #expect(try members(zip).count == 1)
    let tar = ArchiveBytes.tar([Entry("модель.pkl", Self.text)])
    #expect(try members(tar).map(\.path) == ["модель.pkl"])
  }

  @Test func whatAMemberIsIsTold() throws {
    let tar = ArchiveBytes.tar([
      Entry("folder/", type: "5"), Entry("link", type: "2", link: "/etc/passwd"),
      Entry("hard", type: "1", link: "folder/x"), Entry("characters", type: "3"),
      Entry("blocks", type: "4"), Entry("pipe", type: "6"), Entry("file", Self.text),
    ])
    #expect(
      try members(tar).map(\.kind) == [
        .folder, .link, .link, .special, .special, .special, .other,
      ])
    #expect(try members(tar).dropLast().allSatisfy { $0.size == 0 && $0.bytes.isEmpty })
  }

  @Test func emptyArchivesHaveNoMembers() throws {
    #expect(try members([UInt8](repeating: 0, count: 1024)).isEmpty)
    #expect(try members(ArchiveBytes.gzip([UInt8](repeating: 0, count: 1024))).isEmpty)
    #expect(isDamaged(ArchiveBytes.zip([])))
    #expect(isNoArchive(ArchiveBytes.gzip([])))
  }

  /// Before POSIX gave the format a name in its header, a checksum was all there was.
  @Test func oldTarFilesAreToldByTheirChecksum() throws {
    var tar = ArchiveBytes.tar([Entry("a.txt", Self.text)])
    for index in 257..<265 { tar[index] = 0 }
    for index in 148..<156 { tar[index] = 0x20 }
    let sum = tar[..<512].reduce(0) { $0 + Int($1) }
    let digits = String(sum, radix: 8)
    let field = String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
    tar.replaceSubrange(148..<156, with: Array(field.utf8))
    #expect(try members(tar).map(\.path) == ["a.txt"])
    tar[0] += 1
    #expect(isNoArchive(tar))
  }

  @Test func checksumsOfCompressedFilesAreVerified() throws {
    let whole = ArchiveBytes.gzip(ArchiveBytes.tar([Entry("a.txt", Self.text)]))
    for back in 1...8 {
      var bytes = whole
      bytes[bytes.count - back] ^= 1
      #expect(isDamaged(bytes), "\(back) from the end")
    }
  }

  @Test func whatFollowsACompressedFileIsToldUnlessItIsZeros() throws {
    let whole = ArchiveBytes.gzip(ArchiveBytes.tar([Entry("a.txt", Self.text)]))
    #expect(try members(whole + [UInt8](repeating: 0, count: 100)).count == 1)
    #expect(isDamaged(whole + Self.text))
  }

  @Test func compressedFilesBehindOneAnotherAreOne() throws {
    let tar = ArchiveBytes.tar([Entry("a.txt", Self.text)])
    let bytes = ArchiveBytes.gzip(Array(tar[..<700])) + ArchiveBytes.gzip(Array(tar[700...]))
    #expect(try members(bytes).map(\.path) == ["a.txt"])
  }

  @Test func otherFilesAreNoArchives() {
    for bytes in [
      [], [0], Self.text, [UInt8](repeating: 0x41, count: 4096),
      ArchiveBytes.gzip(Self.text), [0x50], [0x1F],
    ] {
      #expect(isNoArchive(bytes))
    }
  }

  @Test func compressedGarbageIsDamaged() {
    var random = SplitMix64(seed: 1)
    let garbage = (0..<1_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    #expect(isDamaged([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + garbage))
    for magic: [UInt8] in [
      [0x1F, 0x8B], [0x42, 0x5A, 0x68, 0x39], [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0],
      [0x28, 0xB5, 0x2F, 0xFD], [0x04, 0x22, 0x4D, 0x18], [0x50, 0x4B, 3, 4], [0x50, 0x4B],
    ] {
      #expect(isRefused(magic + garbage))
      #expect(isRefused(magic))
    }
  }

  /// libarchive would hand these to programs of those names, should it be asked for all filters.
  @Test(arguments: ["LRZI\u{0}\u{6}", "GRZipII\u{0}\u{2}\u{4}:)"])
  func noOtherProgramIsRun(magic: String) {
    let inner = Array(magic.utf8) + [UInt8](repeating: 0, count: 600)
    #expect(isNoArchive(ArchiveBytes.gzip(inner)))
    #expect(isNoArchive(inner))
  }

  // MARK: Limits

  @Test func limitsHold() throws {
    let tar = ArchiveBytes.tar(
      [Entry("a", Self.text), Entry("b", Self.text), Entry("c", Self.text)])
    let zip = ArchiveBytes.zip([("a", Self.text), ("b", Self.text), ("c", Self.text)])
    for bytes in [tar, ArchiveBytes.gzip(tar), zip] {
      var limits = Limits.standard
      limits.memberCount = 2
      #expect(error(bytes, limits: limits) == .limit("2 members", raisedBy: nil))
      limits.memberCount = 3
      limits.memberSize = 9
      #expect(
        error(bytes, limits: limits)
          == .limit("9 bytes of a member", member: "a", raisedBy: .memberSize))
      limits.memberSize = 10
      #expect(try members(bytes, limits: limits).count == 3)
    }
    var limits = Limits.standard
    limits.archiveSize = 29
    #expect(
      error(zip, limits: limits) == .limit("29 unpacked bytes", member: "c", raisedBy: .memory))
    limits.archiveSize = 1_000
    #expect(
      error(ArchiveBytes.gzip(tar), limits: limits)
        == .limit("1000 unpacked bytes", raisedBy: .memory))
  }

  // MARK: Cuts

  @Test func everyCutOfAZipFileShows() throws {
    let zip = ArchiveBytes.zip([
      ("model.pkl", try datasetBytes("Models/scikit-learn/1.9.1/lr.pkl")), ("b", Self.text),
    ])
    #expect(try members(zip).count == 2)
    for count in 0..<zip.count {
      #expect(isRefused(Array(zip[..<count])), "\(count) bytes")
    }
  }

  @Test(arguments: ["bz2", "xz", "zst", "lz4"])
  func everyCutOfACompressedFileShows(suffix: String) throws {
    let bytes = try fixture("model.tar." + suffix)
    for count in 0..<bytes.count {
      #expect(isRefused(Array(bytes[..<count])), "\(count) bytes")
    }
  }

  @Test func cutsOfATarFileShow() throws {
    let tar = ArchiveBytes.tar([Entry("a", [UInt8](repeating: 1, count: 600))])
    for count in [0, 1, 511, 513, 1000, 1111] {
      #expect(isRefused(Array(tar[..<count])), "\(count) bytes")
    }
  }
}
