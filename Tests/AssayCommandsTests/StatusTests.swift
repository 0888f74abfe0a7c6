internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import AssayCommands

/// The exit statuses of CONTRACT.md, of every command that there is.
@Suite struct StatusTests {
  private static let inputs = "Tests/AssayCommandsTests/Inputs/"
  private static let model = "Datasets/iris-tree/model.tar.gz"

  /// For each command, command lines by the status that they end with.
  private static let walks: [String: [Int32: [String]]] = [
    "verify": [
      0: ["Datasets/breast-cancer"], 1: ["Datasets/breast-cancer-overstated"], 2: ["nowhere"],
      64: [],
    ],
    "metrics": [
      0: [inputs + "scores.csv", "--labels", inputs + "truth.csv", "--id-column", "id"],
      1: [inputs + "regions.csv", "--gate", "f1 > 0.99"], 2: ["nowhere.csv"],
      64: [inputs + "regions.csv", "--threshold", "x"],
    ],
    "evaluate": [
      0: ["Datasets/breast-cancer/model.tar.gz", "Datasets/breast-cancer/holdout.csv"],
      1: [
        "Datasets/breast-cancer/model.tar.gz", "Datasets/breast-cancer/holdout.csv", "--gate",
        "f1 > 1",
      ],
      2: [inputs + "hostile.pkl", "Datasets/breast-cancer/holdout.csv"], 64: [model],
    ],
    "compare": [
      0: [inputs + "regions.csv", inputs + "regions.csv"],
      1: [inputs + "regions.csv", inputs + "regions.csv", "--gate", "f1 > 0.99"],
      2: [inputs + "regions.csv", "nowhere.csv"], 64: [inputs + "regions.csv"],
    ],
    "predict": [
      0: [model, "--row", "5.1,3.5,1.4,0.2"],
      1: [model, "--row", "5.1,3.5,1.4,0.2", "--expect", inputs + "recorded-otherwise.csv"],
      2: [inputs + "hostile.pkl", "--row", "1"], 64: [model],
    ],
    "inspect": [0: [model], 1: [inputs + "hostile.pkl"], 2: ["nowhere"], 64: []],
    "logs": [
      0: [inputs + "logs/epochs.log"],
      1: [
        inputs + "logs/boosting.log", "--definitions", inputs + "logs/definitions.json",
      ],
      2: ["nowhere.log"], 64: [],
    ],
    "init": [0: ["Datasets/iris-tree", "--output", "-"], 2: ["nowhere"], 64: []],
    // No service is asked: 0 is what Scripts/test-aws shows.
    "fetch": [2: ["--training-job", "j", "--output-dir", "/dev/null/job"], 64: []],
    "register": [
      2: ["nowhere"], 64: [], 1: ["Datasets/failed-job", "--output-dir", "@"],
      0: ["Datasets/breast-cancer", "--s3-uri", "s3://b/f", "--output-dir", "@"],
    ],
    "benchmark": [0: ["--rows", "2000"], 2: ["nowhere.csv"], 64: ["--rows", "1"]],
    "plot": [
      0: ["roc", inputs + "regions.csv"], 2: ["roc", "nowhere.csv"],
      64: ["pie", inputs + "regions.csv"],
    ],
    "schema": [0: ["metrics"], 2: ["metrics", "--output", "/dev/null/x"], 64: ["nothing"]],
  ]

  private static let names = AssayCommand.names

  @Test func everyCommandIsWalked() {
    #expect(Set(Self.names) == Set(Self.walks.keys))
  }

  @Test(arguments: names)
  func statusesAreThoseOfTheContract(name: String) async throws {
    _ = FileManager.default.changeCurrentDirectoryPath(repository)
    let folder = try TemporaryFolder()
    for (status, words) in try #require(Self.walks[name]) {
      let words = [name] + words.map { $0 == "@" ? folder.path : $0 }
      let outcome = await AssayProgram.outcome(of: words, isForTerminal: false)
      #expect(outcome.status == status, "\(words): \(outcome.standardError)")
      // 2 and 64 say why, and nothing else.
      #expect(outcome.standardOutput.isEmpty == (status > 1), "\(words)")
      if status > 1 { #expect(outcome.standardError.hasPrefix("error: "), "\(words)") }
    }
    let unknown = await AssayProgram.outcome(of: [name, "--nonsense"], isForTerminal: false)
    #expect(unknown.status == 64)
  }

  @Test(arguments: names)
  func helpHasExamplesAndStatuses(name: String) async {
    let outcome = await AssayProgram.outcome(of: [name, "--help"], isForTerminal: false)
    #expect(outcome.status == 0)
    #expect(outcome.standardOutput.contains("\nExamples:\n  assay \(name)"))
    #expect(outcome.standardOutput.contains("Exit status: 0 "))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsKnowEveryCommand(shell: String) async {
    let outcome = await AssayProgram.outcome(
      of: ["--generate-completion-script", shell], isForTerminal: false)
    #expect(outcome.status == 0)
    for name in Self.names { #expect(outcome.standardOutput.contains(name)) }
  }

  @Test func theVersionTellsThoseOfTheLibraries() async throws {
    let outcome = await AssayProgram.outcome(of: ["--version"], isForTerminal: false)
    let lines = outcome.standardOutput.split(separator: "\n")
    #expect(lines.first == "assay \(AssayProgram.version)")
    let names = ["OpenBLAS", "libarchive", "simdjson", "PCRE2", "DuckDB", "ONNX Runtime"]
    #expect(lines.count == names.count + 1)
    for (line, name) in zip(lines.dropFirst(), names) {
      #expect(
        line.wholeMatch(of: try Regex("\(name) ([0-9]+\\.[0-9.]+|not found)")) != nil, "\(line)")
    }
  }
}
