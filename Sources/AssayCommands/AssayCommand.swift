internal import ArgumentParser

/// The root of the command line.
struct AssayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "Decides whether a trained model may be registered.",
    discussion: """
      Reads what a training job left behind, recomputes its metrics, loads its model without \
      executing anything in it, and says approved or rejected, with reasons.

      Examples:
        assay verify Datasets/breast-cancer
        assay metrics predictions.csv --gate 'accuracy > 0.90'
        assay predict model.tar.gz --row 5.1,3.5,1.4,0.2

      Exit status: 0 done or approved, 1 done and the answer is no, 2 could not decide, 64 wrong \
      usage.
      """,
    version: "assay \(AssayProgram.version)",
    subcommands: [
      VerifyCommand.self, MetricsCommand.self, EvaluateCommand.self, CompareCommand.self,
      PredictCommand.self,
      InspectCommand.self, LogsCommand.self, InitCommand.self, FetchCommand.self,
      RegisterCommand.self, BenchmarkCommand.self, PlotCommand.self, SchemaCommand.self,
    ])

  /// The names of the commands.
  static var names: [String] {
    configuration.subcommands.compactMap { $0.configuration.commandName }
  }
}

/// A command that answers a question.
protocol AnsweringCommand: ParsableCommand {
  /// Answers.
  ///
  /// - Parameter screen: Where what goes to standard output is shown.
  /// - Returns: what the command has to say.
  /// - Throws: a `DiagnosedError` where the question cannot be answered.
  func answer(on screen: Screen) async throws -> Answer
}

/// A command that reads what others wrote, within limits.
protocol LimitedCommand: AnsweringCommand {
  /// The limits that are asked for.
  var limits: LimitOptions { get }
}

/// Where standard output is shown, and what asked for it.
struct Screen {
  /// Whether a person sees it, whose terminal control characters would steer.
  var isTerminal = false
  /// Whether colours and symbols are wanted there.
  var hasColors = false
  /// The columns of a terminal.
  var width: Int?
  /// The words behind the program's name.
  var arguments: [String] = []
}

/// What a command has to say.
struct Answer {
  /// Writes the next text of a result.
  typealias Writing = (_ text: String) throws -> Void

  /// The result, or its beginning.
  var text = ""
  /// Writes the rest of a result piece by piece, where it is not to be held as a whole.
  var rest: ((_ write: @escaping Writing) throws -> Void)?
  /// A picture, which takes a file and stands there alone.
  var picture: [UInt8]?
  /// The file that it goes to; `nil` for standard output.
  var file: String?
  /// Whether the answer is no.
  var isNo = false
  /// Sentences for standard error.
  var notes: [String] = []
}
