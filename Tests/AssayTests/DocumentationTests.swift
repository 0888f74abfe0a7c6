internal import Foundation
internal import TestSupport
internal import Testing

/// The examples of the documentation, compiled against the library.
@Suite struct DocumentationTests {
  /// The pages of the library's modules, and the README.
  private static let pages: [String] = {
    let modules =
      (try? FileManager.default.contentsOfDirectory(atPath: "\(repository)/Sources")) ?? []
    return ["README.md"]
      + modules.sorted().map { "Sources/\($0)/\($0).docc/\($0).md" }
      .filter { FileManager.default.fileExists(atPath: "\(repository)/\($0)") }
  }()

  /// The pieces of Swift of a page.
  private func examples(in page: String) throws -> [String] {
    let text = try String(contentsOfFile: "\(repository)/\(page)", encoding: .utf8)
    return text.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
  }

  /// The modules of C that those of Swift are built on.
  private static func moduleMaps(below folder: String, at path: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .map { "\(folder)/\($0)/\(path)" }
      .filter { FileManager.default.fileExists(atPath: $0) }
  }

  @Test func everyExampleCompiles() throws {
    var imports: Set<String> = []
    var source = ""
    var count = 0
    for page in Self.pages {
      for example in try examples(in: page) {
        let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
        imports.formUnion(lines.filter { $0.hasPrefix("import ") }.map(String.init))
        count += 1
        source += "// \(page)\nfunc example\(count)() throws {\n"
        source += lines.filter { !$0.hasPrefix("import ") }.joined(separator: "\n") + "\n}\n"
      }
    }
    #expect(count >= 2)
    let folder = try TemporaryFolder()
    let file = try folder.write(
      imports.sorted().joined(separator: "\n") + "\n" + source, to: "Examples.swift")
    // The modules stand beside the tests.
    let build = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let packages = build + "/../../checkouts"
    var maps = try Self.moduleMaps(below: build, at: "module.modulemap")
    maps += try Self.moduleMaps(below: "\(repository)/Sources", at: "module.modulemap")
    for package in try FileManager.default.contentsOfDirectory(atPath: packages) {
      maps += try Self.moduleMaps(
        below: "\(packages)/\(package)/Sources", at: "include/module.modulemap")
    }
    compiler.arguments =
      ["swiftc", "-typecheck", "-I", "\(build)/Modules"]
      + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] } + [file]
    let output = Pipe()
    compiler.standardOutput = output
    compiler.standardError = output
    try compiler.run()
    let said = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    compiler.waitUntilExit()
    #expect(compiler.terminationStatus == 0, "\(said)")
  }
}
