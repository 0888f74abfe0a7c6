internal import AssayCommands
internal import Foundation
internal import TestSupport

/// A command as it was run: its words, its exit status, and what it printed.
struct Transcript: Equatable {
  let command: String
  var status: Int32 = 0
  var standardOutput = ""
  var standardError = ""

  /// Runs a command line in this process, in the repository's folder.
  init(running command: String) async {
    _ = FileManager.default.changeCurrentDirectoryPath(repository)
    let outcome = await AssayProgram.outcome(of: Self.words(of: command), isForTerminal: false)
    self.command = command
    status = outcome.status
    standardOutput = outcome.standardOutput
    standardError = outcome.standardError
  }

  /// Reads what a file of transcripts has: `$ assay …`, `[status]`, output, `[standard error]`, errors.
  init?(parsing text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    // The last line break ends a line and begins none.
    guard lines.popLast() == "", let first = lines.popFirst(), first.hasPrefix("$ assay "),
      let second = lines.popFirst(), let status = Int32(second.dropFirst().dropLast())
    else { return nil }
    command = String(first.dropFirst("$ assay ".count))
    self.status = status
    let border = lines.firstIndex(of: Self.border) ?? lines.endIndex
    standardOutput = Self.text(lines[..<border])
    standardError = Self.text(lines[border...].dropFirst())
  }

  /// The transcript as a file has it.
  var text: String {
    "$ assay \(command)\n[\(status)]\n\(standardOutput)"
      + (standardError.isEmpty ? "" : "\(Self.border)\n\(standardError)")
  }

  /// The same with digits beyond the twelfth rounded away, which differ between processors.
  var rounded: Transcript {
    var copy = self
    copy.standardOutput = Self.rounded(standardOutput)
    copy.standardError = Self.rounded(standardError)
    return copy
  }

  private static let border = "[standard error]"

  private static func text(_ lines: ArraySlice<String>) -> String {
    lines.map { $0 + "\n" }.joined()
  }

  private static func rounded(_ text: String) -> String {
    text.replacing(/-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/) { match in
      guard match.output.1 != nil || match.output.2 != nil, let value = Double(match.output.0)
      else { return String(match.output.0) }
      return abs(value) < 1e-12 ? "0" : String(format: "%.12g", value)
    }
  }

  /// The words of a command line, as a shell parts them; single quotes keep blanks.
  private static func words(of command: String) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in command {
      switch character {
      case "'":
        isQuoted.toggle()
        word = word ?? ""
      case " " where !isQuoted:
        if let word { words.append(word) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }
}
