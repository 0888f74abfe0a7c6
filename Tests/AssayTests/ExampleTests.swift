internal import Assay
internal import Foundation
internal import TestSupport
internal import Testing

/// The examples of README and of the library's page, as a reader would run them.
@Suite struct ExampleTests {
  // example begins
  private func example(_ path: String) throws -> GateResult {
    let predictions = try PredictionFile(path: path)
    let evaluation = try Evaluation(of: predictions.rows)
    let gate = try Gate("roc_auc > 0.90").judge(evaluation)
    return gate
  }
  // example ends

  @Test func theExampleGivesTheAnswer() throws {
    let gate = try example(dataset("breast-cancer/predictions.csv"))
    #expect(gate.passed)
    #expect(isClose(gate.value, 0.9976939203354298))
  }

  @Test(arguments: ["README.md", "Sources/Assay/Assay.docc/Assay.md"])
  func theExampleIsTheOneThatReadersSee(page: String) throws {
    let text = try String(contentsOfFile: repository + "/" + page, encoding: .utf8)
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let lines = source.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let start = try #require(lines.firstIndex(of: "// example begins"))
    let end = try #require(lines.firstIndex(of: "// example ends"))
    for line in lines[start..<end] where line.hasPrefix("let ") {
      let shown = line.replacing("path: path", with: "path: \"predictions.csv\"")
      #expect(text.contains(shown), "\(page) lacks: \(shown)")
    }
  }

  /// Every command that README shows behind a dollar sign is accepted as it stands.
  @Test func theReadmeNamesCommandsThatAreThere() throws {
    let text = try String(contentsOfFile: repository + "/README.md", encoding: .utf8)
    let paths = text.matches(of: /Datasets\/[a-z-]+(\/[a-z-]+\.[a-z.]+)?/).map {
      String($0.output.0)
    }
    #expect(paths.count >= 5)
    for path in paths {
      #expect(FileManager.default.fileExists(atPath: repository + "/" + path), "\(path)")
    }
  }
}
