internal import Foundation
internal import TestSupport
internal import Testing

/// Artifacts that are made to do harm, read by a program that is killed where it executes anything, opens a
/// socket or writes a file.
@Suite struct HostileCorpusTests {
  /// A file of Datasets/Corpus/hostile, and what has to be said of it.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let file: String
    /// The code of a finding, or words of the error.
    let expected: String
    /// The exit status of `inspect`.
    let inspect: Int32
    /// The exit status of `verify`.
    let verify: Int32
    let options: [String]

    var testDescription: String { file }
    var path: String { dataset("Corpus/hostile/\(file)") }
  }

  private struct Corpus: Decodable {
    let cases: [Case]
  }

  private struct Inspection: Decodable {
    struct Finding: Decodable {
      let code: String
    }
    let loadable: Bool
    let findings: [Finding]
  }

  static let cases =
    (try? JSONDecoder().decode(Corpus.self, from: Data(datasetBytes("Corpus/hostile.json"))))?.cases
    ?? []

  @Test func everyFileHasItsExpectation() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: dataset("Corpus/hostile"))
    #expect(Set(files) == Set(Self.cases.map(\.file)) && files.count == Self.cases.count)
    #expect(files.count >= 150)
  }

  private func confined(_ words: [String]) throws -> ProgramRun {
    let made = try ProgramRun(ProgramRun.confine, [ProgramRun.assay] + words)
    #expect(made.isExit, "assay \(words) is ended by signal \(made.status)")
    if made.status == 2 {
      #expect(made.standardOutput.isEmpty)
      #expect(made.standardError.hasPrefix("error: "))
      #expect(made.standardError.split(separator: "\n").count == 1)
    }
    return made
  }

  @Test(arguments: cases)
  func whatIsHostileIsRefusedAndNothingIsReachedFor(hostile: Case) throws {
    let inspected = try confined(
      ["inspect", hostile.path, "--format", "json"] + hostile.options)
    #expect(inspected.status == hostile.inspect)
    if inspected.status == 1 {
      let inspection = try JSONDecoder().decode(
        Inspection.self, from: Data(inspected.standardOutput.utf8))
      #expect(!inspection.loadable)
      let codes = inspection.findings.map(\.code)
      #expect(codes.contains(hostile.expected), "\(codes)")
    } else {
      #expect(inspected.standardError.contains(hostile.expected), "\(inspected.standardError)")
    }
    let predicted = try confined(["predict", hostile.path, "--row", "1,2"] + hostile.options)
    #expect(predicted.status == 2)
    let verified = try confined(
      ["verify", "Datasets/iris-tree", "--artifact", hostile.path] + hostile.options)
    #expect(verified.status == hostile.verify)
  }

  /// What another program reaches for ends it: so would it end this one.
  @Test(arguments: [
    "exec '/bin/true'", "fork", "open(F, '>', $file)", "open(F, '>>', $file)", "mkdir($file)",
    "use Socket; socket(S, PF_INET, SOCK_STREAM, 0)", "rename(__FILE__, $file)",
    "kill(0, 1)",
  ])
  func confinementKills(script: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/executed"
    let made = try ProgramRun(
      ProgramRun.confine, ["/usr/bin/perl", "-e", "our $file = '\(file)'; \(script)"])
    #expect(!made.isExit && made.status == SIGSYS, "\(made)")
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test func confinementLetsThroughWhatReads() throws {
    let made = try ProgramRun(
      ProgramRun.confine, ["/usr/bin/perl", "-e", "open(F, '<', '/etc/passwd'); print 1 + 2"])
    #expect(made.isExit && made.status == 0 && made.standardOutput == "3")
    #expect(try confined(["verify", "Datasets/breast-cancer"]).status == 0)
    let folder = try TemporaryFolder()
    let file = folder.path + "/report"
    let written = try ProgramRun(
      ProgramRun.confine,
      [ProgramRun.assay, "inspect", "Datasets/iris-tree/model.tar.gz", "--output", file])
    #expect(!written.isExit && written.status == SIGSYS)
    #expect(!FileManager.default.fileExists(atPath: file))
  }
}
