internal import AssayCommands
internal import Foundation
internal import FoundationXML
internal import InputReading
internal import TestSupport
internal import Testing

/// Reports in the formats that other programs read.
@Suite struct FormatTests {
  private static let jobs = [
    "breast-cancer", "breast-cancer-overstated", "failed-job", "iris-tree",
  ]
  private static let inputs = "Tests/AssayCommandsTests/Inputs/"

  private func run(_ words: [String]) async -> AssayProgram.Outcome {
    _ = FileManager.default.changeCurrentDirectoryPath(repository)
    return await AssayProgram.outcome(of: words, isForTerminal: false)
  }

  // MARK: JUnit

  @Test(arguments: jobs)
  func testCasesFailWhereTheVerdictIsNo(job: String) async throws {
    let outcome = await run(["verify", "Datasets/\(job)", "--format", "junit"])
    let document = try JUnitReader.read(outcome.standardOutput)
    #expect(document.faults == [])
    #expect((document.failures > 0) == (outcome.status == 1))
    #expect(document.cases > 0)
    if let schema = ProcessInfo.processInfo.environment["JUNIT_SCHEMA"] {
      // Jenkins' junit-10.xsd, by libxml2's own program.
      let folder = try TemporaryFolder()
      let file = try folder.write(outcome.standardOutput, to: "junit.xml")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/xmllint")
      process.arguments = ["--noout", "--schema", schema, file]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }

  @Test func eachGateIsATestCase() async throws {
    let words = ["metrics", Self.inputs + "regions.csv", "--format", "junit"]
    let outcome = await run(
      words + ["--gate", "accuracy > 0.1", "--gate", "f1 > 0.99", "--gate", "f1 > baseline"]
        + ["--first-run"])
    let document = try JUnitReader.read(outcome.standardOutput)
    #expect(document.faults == [])
    #expect((document.cases, document.failures, document.skipped) == (3, 1, 1))
    let none = try JUnitReader.read(await run(words).standardOutput)
    #expect(none.faults == [] && none.cases == 0)
  }

  // MARK: SARIF

  @Test(
    arguments: jobs.map { ["verify", "Datasets/\($0)"] } + [
      ["inspect", inputs + "hostile.pkl"], ["inspect", inputs + "truncated.pkl"],
      ["inspect", "Datasets/breast-cancer/model.tar.gz"],
    ])
  func findingsAreSARIF(words: [String]) async throws {
    let text = await run(words + ["--format", "sarif"]).standardOutput
    let subset = try String(
      contentsOfFile: repository + "/Tests/AssayCommandsTests/Schemas/sarif.json",
      encoding: .utf8)
    let found = faults(in: text, against: subset)
    #expect(found == nil, "\(found ?? "")")
    if let path = ProcessInfo.processInfo.environment["SARIF_SCHEMA"] {
      // The specification's own sarif-schema-2.1.0.json.
      let official = try String(contentsOfFile: path, encoding: .utf8)
      let found = faults(in: text, against: official)
      #expect(found == nil, "\(found ?? "")")
    }
    let root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let log = try #require((root?["runs"] as? [[String: Any]])?.first)
    let driver = (log["tool"] as? [String: [String: Any]])?["driver"]
    let rules = try #require(driver?["rules"] as? [[String: Any]])
    let artifacts = try #require(log["artifacts"] as? [[String: Any]])
    for result in try #require(log["results"] as? [[String: Any]]) {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      let locations = try #require(result["locations"] as? [[String: [String: Any]]])
      let place = locations[0]["physicalLocation"]?["artifactLocation"] as? [String: Any]
      let artifact = artifacts[try #require(place?["index"] as? Int)]
      #expect(
        (artifact["location"] as? [String: Any])?["uri"] as? String == place?["uri"] as? String)
    }
  }

  // MARK: Metrics

  @Test func metricsAreTheSameInEveryFormat() async throws {
    let words = [
      "metrics", Self.inputs + "regions.csv", "--slice-by", "region", "--confidence", "0.95",
      "--format",
    ]
    func numbers(_ object: JSON?) -> [String: Double] {
      Dictionary(
        uniqueKeysWithValues: (object?.object ?? []).compactMap { member in
          member.value.number.map { (member.key, $0.value) }
        })
    }
    let report = try JSONDocument(
      Array(await run(words + ["json"]).standardOutput.utf8), from: Place("report"))
    let metrics = numbers(report.root["metrics"])
    #expect(metrics.count > 10)
    let tracked = numbers(
      try JSONDocument(
        Array(await run(words + ["mlflow"]).standardOutput.utf8), from: Place("metrics")
      ).root)
    let rows = await run(words + ["csv"]).standardOutput.split(separator: "\n")
      .map { line in
        // One value of the column has a comma, and is in quotes.
        line.replacing("\"region = a,b\"", with: "quoted")
          .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    #expect(rows[0] == ["slice", "metric", "value", "low", "high", "level", "method", "undefined"])
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    for (name, value) in metrics {
      #expect(tracked[name] == value)
      #expect(rows.contains { $0[0] == "" && $0[1] == name && Double($0[2]) == value })
    }
    let slice = rows.filter { $0[0] == "region = north" }
    #expect(!slice.isEmpty)
    for row in slice where !row[2].isEmpty {
      #expect(tracked["slice/region/north/\(row[1])"] == Double(row[2]))
    }
    for row in rows.dropFirst() where row[0] == "" && !row[3].isEmpty {
      #expect(tracked[row[1] + ".low"] == Double(row[3]))
      #expect(tracked[row[1] + ".high"] == Double(row[4]))
    }
  }

  @Test func theRegistrysStatisticsAreThoseOfTheReport() async throws {
    let folder = try TemporaryFolder()
    for job in Self.jobs {
      let outcome = await run(["verify", "Datasets/\(job)", "--format", "sagemaker"])
      _ = await run([
        "register", "Datasets/\(job)", "--output-dir", folder.path, "--s3-uri", "s3://b/f",
      ])
      let file = folder.path + "/statistics.json"
      let statistics = try? String(contentsOfFile: file, encoding: .utf8)
      #expect(outcome.standardOutput == statistics ?? "{}\n", "\(job)")
      try? FileManager.default.removeItem(atPath: file)
    }
  }
}

/// What a JUnit document has, and where it is not what Jenkins' junit-10.xsd says.
private final class JUnitReader: NSObject, XMLParserDelegate {
  private(set) var cases = 0
  private(set) var failures = 0
  private(set) var skipped = 0
  private(set) var faults: [String] = []
  private var open: [(name: String, attributes: [String: String], counts: [Int])] = []

  /// Elements with what they stand in, and the attributes that they need and may have.
  private static let rules: [String: (parent: String?, needed: [String], allowed: [String])] = [
    "testsuites": (nil, [], ["name", "time", "tests", "failures", "errors"]),
    "testsuite": (
      "testsuites", ["name", "tests", "failures", "errors"], ["id", "package", "skipped", "time"]
    ),
    "testcase": ("testsuite", ["name"], ["time", "classname"]),
    "failure": ("testcase", [], ["type", "message"]),
    "skipped": ("testcase", [], ["type", "message"]),
  ]

  static func read(_ text: String) throws -> JUnitReader {
    let reader = JUnitReader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    if !parser.parse() { reader.faults.append("\(parser.parserError.debugDescription)") }
    return reader
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if let rule = Self.rules[name] {
      if rule.parent != open.last?.name {
        faults.append("\(name) in \(open.last?.name ?? "nothing")")
      }
      let names = Set(attributes.keys)
      if !names.isSuperset(of: rule.needed) { faults.append("\(name) lacks an attribute") }
      if !names.isSubset(of: rule.needed + rule.allowed) { faults.append("\(name) has too many") }
    } else {
      faults.append("element \(name)")
    }
    if let suite = open.firstIndex(where: { $0.name == "testsuite" }) {
      switch name {
      case "testcase":
        cases += 1
        open[suite].counts[0] += 1
      case "failure":
        failures += 1
        open[suite].counts[1] += 1
      case "skipped":
        skipped += 1
        open[suite].counts[2] += 1
      default: break
      }
    }
    open.append((name, attributes, [0, 0, 0]))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let ended = open.popLast(), ended.name == "testsuite" else { return }
    let stated = ["tests", "failures", "skipped"].map { ended.attributes[$0] }
    if stated != ended.counts.map({ "\($0)" }) { faults.append("a suite counts \(stated)") }
  }
}
