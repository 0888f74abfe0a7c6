internal import Foundation
internal import TestSupport
internal import Testing

/// The program itself, as a process.
@Suite struct ProgramTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func run(_ arguments: [String], input: String = "") throws -> ProgramRun {
    try ProgramRun(ProgramRun.assay, arguments, input: input)
  }

  @Test func statusesAreThoseOfTheContract() throws {
    #expect(try run(["verify", "Datasets/breast-cancer"]).status == 0)
    #expect(try run(["verify", "Datasets/breast-cancer-overstated"]).status == 1)
    #expect(try run(["verify", "nowhere"]).status == 2)
    #expect(try run(["verify"]).status == 64)
  }

  @Test func standardInputIsAFile() throws {
    let table = "label,score\n1,0.9\n0,0.2\n"
    let made = try run(["metrics", "-", "--format", "json"], input: table)
    #expect(made.status == 0)
    #expect(made.standardOutput.contains("\"roc_auc\": 1"))
    #expect(made.standardError.isEmpty)
    let broken = try run(["metrics", "-"], input: "label,score\n1\n")
    #expect(broken.status == 2)
    #expect(broken.standardError.hasPrefix("error: standard input: row 1: "))
  }

  @Test func manyRowsArePredictedAsTheyAreRead() throws {
    let model = "Datasets/iris-tree/model.tar.gz"
    let rowCount = 60_000
    let rows = (0..<rowCount).map { "\(4.5 + Double($0 % 30) / 10),3.1,\(1 + $0 % 6),0.5\n" }
    let good = try folder.write(rows.joined(), to: "good.csv")
    let whole = try run(["predict", model, good, "--no-header"])
    let lines = whole.standardOutput.split(separator: "\n")
    #expect(whole.status == 0 && lines.count == rowCount + 1)
    for row in [0, 29_999, rowCount - 1] {
      let cells = rows[row].split(separator: "\n")[0]
      let alone = try run(["predict", model, "--row", String(cells)])
      #expect(alone.standardOutput.split(separator: "\n").last == lines[row + 1])
    }
    let json = try run(["predict", model, good, "--no-header", "--format", "json"])
    let object = try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8))
    #expect(((object as? [String: Any])?["rows"] as? [Any])?.count == rowCount)

    // What stands before a fault may be told; a file is whole or not there.
    let bad = try folder.write(rows.joined() + "5,3,x,0.5\n", to: "bad.csv")
    let broken = try run(["predict", model, bad, "--no-header"])
    #expect(broken.status == 2)
    #expect(
      broken.standardError.hasPrefix("error: \(bad): row \(rowCount + 1), column '3': "))
    #expect(whole.standardOutput.hasPrefix(broken.standardOutput))
    let file = folder.path + "/predictions.csv"
    #expect(try run(["predict", model, bad, "--no-header", "--output", file]).status == 2)
    #expect(!FileManager.default.fileExists(atPath: file))
    #expect(try run(["predict", model, good, "--no-header", "--output", file]).status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == whole.standardOutput)
  }

  @Test func throughputIsMeasuredAndCompared() throws {
    let figures = folder.path + "/figures.json"
    let first = try run([
      "benchmark", "--rows", "2000", "--artifact", "Datasets/iris-tree/model.tar.gz", "--save",
      figures,
    ])
    #expect(first.status == 0 && first.standardError.isEmpty)
    for job in ["reading the file", "ROC AUC", "all metrics", "predicting with the artifact"] {
      #expect(first.standardOutput.contains(job), "\(job)")
    }
    let second = try run([
      "benchmark", "--rows", "2000", "--compare", figures, "--format", "json",
    ])
    let object =
      try JSONSerialization.jsonObject(with: Data(second.standardOutput.utf8)) as? [String: Any]
    #expect(object?["schema"] as? String == "assay.benchmark/1")
    let results = object?["results"] as? [[String: Any]] ?? []
    #expect(
      results.compactMap { $0["name"] as? String }
        == ["parsing", "counts", "roc_auc", "metrics", "intervals"])
    for result in results {
      #expect((result["seconds"] as? Double ?? 0) > 0 && (result["speedup"] as? Double ?? 0) > 0)
      #expect(result["rows"] as? Int == 2_000)
    }
    let file = "Tests/AssayCommandsTests/Inputs/regions.csv"
    #expect(try run(["benchmark", file]).status == 0)
    #expect(try run(["benchmark", "nowhere.csv"]).status == 2)
    #expect(try run(["benchmark", "--compare", file]).status == 2)
    #expect(try run(["benchmark", "--rows", "1"]).status == 64)
  }

  @Test func outputGoesToAFileWholeOrNotAtAll() throws {
    let file = folder.path + "/report.json"
    let made = try run([
      "inspect", "Datasets/iris-tree/model.tar.gz", "--format", "json", "--output", file,
    ])
    #expect(made.status == 0)
    #expect(made.standardOutput.isEmpty)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.hasPrefix("{") && text.hasSuffix("}\n"))

    // A failing command leaves what is there, and no other file.
    #expect(try run(["inspect", "nowhere", "--output", file]).status == 2)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report.json"])
  }

  @Test func theSettingsMayNameTheReportsFile() throws {
    let job = dataset("iris-tree")
    _ = try folder.write(
      """
      job: \(job)/training-job.json
      artifact: \(job)/model.tar.gz
      predictions: \(job)/predictions.csv
      output: report.md
      """, to: "assay.yaml")
    let made = try run(["verify", folder.path, "--format", "markdown"])
    #expect(made.status == 0)
    #expect(made.standardOutput.isEmpty)
    let report = try String(contentsOfFile: folder.path + "/report.md", encoding: .utf8)
    #expect(report.contains("**Verdict: approved**"))
    // The option comes before the setting.
    let other = folder.path + "/other.txt"
    #expect(try run(["verify", folder.path, "--output", other]).status == 0)
    #expect(try String(contentsOfFile: other, encoding: .utf8).contains("Verdict: APPROVED"))
  }

  @Test func outputThatCannotBeWrittenIsAnError() throws {
    let made = try run(["--version", "--output", "x"])
    #expect(made.status == 0 || made.status == 64)
    let lost = try run([
      "inspect", "Datasets/iris-tree/model.tar.gz", "--output", folder.path + "/nowhere/report",
    ])
    #expect(lost.status == 2)
    #expect(lost.standardOutput.isEmpty)
    #expect(lost.standardError.contains("cannot be written: no such file or directory"))
    let full = try run(["inspect", "Datasets/iris-tree/model.tar.gz", "--output", "/dev/full"])
    #expect(full.status == 2)
    #expect(full.standardError.contains("no space left on device"))
  }

  /// Runs a command on rows without an end, from a program that writes the same line again and again.
  private func endless(_ line: String, _ command: String) throws -> ProgramRun {
    // The status is that of assay, which the others of the pipe do not change.
    let script = "yes \(line) | { \(command); }; exit ${PIPESTATUS[1]}"
    return try ProgramRun("/bin/bash", ["-c", script])
  }

  @Test func theProgramEndsBeyondItsLimits() throws {
    let file = folder.path + "/predictions.csv"
    let late = try endless(
      "5,3,1,0.5",
      "$assay predict Datasets/iris-tree/model.tar.gz - --no-header --timeout 0.3 --output \(file)")
    #expect(late.status == 2)
    #expect(
      late.standardError
        == "error: the answer takes longer than the limit of 0.3 seconds; raise the limit with "
        + "--timeout if you trust what you read\n")
    let large = try endless(
      "1,0.5", "{ echo label,score; cat; } | $assay metrics - --max-memory 60M")
    #expect(large.status == 2)
    #expect(large.standardError.hasPrefix("error: the answer takes more memory than the limit"))
    #expect(large.standardError.contains("--max-memory"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    let whole = try run([
      "inspect", "Datasets/iris-tree/model.tar.gz", "--timeout", "60", "--max-memory", "1G",
    ])
    #expect(whole.status == 0 && whole.standardError.isEmpty)
  }

  @Test func aPipeThatNobodyReadsIsAnError() throws {
    let made = try endless(
      "5,3,1,0.5",
      "$assay predict Datasets/iris-tree/model.tar.gz - --no-header | true; "
        + "exit ${PIPESTATUS[0]}")
    #expect(made.status == 2)
    #expect(made.standardError.hasPrefix("error: standard output: cannot be written: broken pipe"))
    #expect(made.standardError.split(separator: "\n").count == 1)
  }

  @Test func aLinkedReportReplacesTheFileBehindTheLink() throws {
    let target = try folder.write("old", to: "target")
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    let made = try run(["inspect", "Datasets/iris-tree/model.tar.gz", "--output", link])
    #expect(made.status == 0)
    #expect(try String(contentsOfFile: target, encoding: .utf8).hasPrefix("Artifact"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)

    // A link to a file that is not there yet makes it.
    try FileManager.default.removeItem(atPath: target)
    #expect(try run(["inspect", "Datasets/iris-tree/model.tar.gz", "--output", link]).status == 0)
    #expect(try String(contentsOfFile: target, encoding: .utf8).hasPrefix("Artifact"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aSignalLeavesNothingHalfWritten(number: Int32) throws {
    let input = Pipe()
    let process = ProgramRun.process(
      ProgramRun.assay,
      [
        "predict", "Datasets/iris-tree/model.tar.gz", "-", "--no-header", "--output",
        folder.path + "/predictions.csv",
      ])
    process.standardInput = input
    try process.run()
    func files() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }
    // Rows are awaited with the file begun, which has no name where the file system allows that.
    func isBegun() -> Bool {
      let descriptors = "/proc/\(process.processIdentifier)/fd"
      let open = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
      return open.contains { descriptor in
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "\(descriptors)/\(descriptor)")
        return target?.contains(folder.path) == true
      }
    }
    let end = ContinuousClock.now + .seconds(30)
    while !isBegun(), ContinuousClock.now < end { usleep(10_000) }
    #expect(isBegun())
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == number)
    #expect(try files() == [])
  }

  @Test func nothingInAHostilePickleIsExecuted() throws {
    // Written by hand: a call of posix.system that would make a file.
    let witness = folder.path + "/executed"
    let command = "touch \(witness)"
    var bytes: [UInt8] = [0x80, 0x04]
    bytes += Array("cposix\nsystem\n(X".utf8) + [UInt8(command.utf8.count), 0, 0, 0]
    bytes += Array(command.utf8) + Array("tR.".utf8)
    let file = try folder.write(bytes, to: "model.pkl")
    for arguments in [
      ["inspect", file], ["predict", file, "--row", "1"], ["evaluate", file, file],
      ["verify", "Datasets/breast-cancer", "--artifact", file],
    ] {
      let made = try run(arguments)
      #expect(made.status == (arguments[0] == "inspect" || arguments[0] == "verify" ? 1 : 2))
      #expect((made.standardOutput + made.standardError).contains("posix.system"))
      #expect(!FileManager.default.fileExists(atPath: witness))
    }
  }
}
