internal import ArgumentParser
internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import AssayCommands

/// What the documentation says of the command line, held against the command line.
@Suite struct DocumentationTests {
  /// A document of the repository.
  struct Document: Sendable, CustomTestStringConvertible {
    let path: String
    let text: String

    var testDescription: String { path }

    init(_ path: String) {
      self.path = path
      text = (try? String(contentsOfFile: "\(repository)/\(path)", encoding: .utf8)) ?? ""
    }
  }

  private static let catalog = "Sources/AssayCommands/AssayCommands.docc"

  private static let commands = AssayCommand.configuration.subcommands.compactMap {
    $0.configuration.commandName
  }

  static let documents =
    [Document("README.md"), Document("Sources/Assay/Assay.docc/Assay.md")]
    + commands.map { Document("\(catalog)/\($0).md") }

  @Test(arguments: commands)
  func everyCommandHasAPage(command: String) {
    let page = Document("\(Self.catalog)/\(command).md").text
    #expect(page.hasPrefix("# assay \(command)\n"))
    #expect(page.contains("$ assay \(command)"))
    #expect(Document("\(Self.catalog)/AssayCommands.md").text.contains("- <doc:\(command)>"))
  }

  /// The words of a line as a shell parts them.
  private func words(of line: Substring) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      switch (quote, character) {
      case (let open?, _) where character == open: quote = nil
      case (nil, "'"), (nil, "\""):
        quote = character
        word = word ?? ""
      case (nil, " "):
        if let whole = word { words.append(whole) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  @Test(arguments: documents)
  func everyCommandLineIsUnderstood(document: Document) throws {
    #expect(!document.text.isEmpty)
    for line in document.text.split(separator: "\n") {
      guard let start = line.firstRange(of: "$ assay ") else { continue }
      // What follows is another program's, or the shell's.
      let own = words(of: line[start.upperBound...])
      let arguments = own.prefix { !["|", ">", "&&", "||"].contains($0) && !$0.hasSuffix(";") }
      let last = own.dropFirst(arguments.count).first.flatMap { $0.hasSuffix(";") ? $0 : nil }
      let all = Array(arguments) + (last.map { [String($0.dropLast())] } ?? [])
      #expect(throws: Never.self, "\(line)") { try AssayCommand.parseAsRoot(all) }
    }
  }
}
