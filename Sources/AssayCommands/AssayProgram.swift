internal import ArgumentParser
internal import DataTables
internal import Glibc
internal import InputReading
internal import OutputWriting
internal import Reports

/// The program: a command line in, text and an exit status out.
public enum AssayProgram {
  /// The version of program and library.
  public static let version = Release.version

  /// What a run ends with.
  public struct Outcome: Hashable, Sendable {
    /// 0 done, 1 the answer is no, 2 could not decide, 64 wrong usage.
    public var status: Int32
    /// For standard output.
    public var standardOutput: String
    /// For standard error.
    public var standardError: String
  }

  /// Runs a command line and writes to standard output and error.
  ///
  /// - Parameter arguments: The words behind the program's name.
  /// - Returns: the exit status.
  public static func run(_ arguments: [String]) async -> Int32 {
    UnfinishedFiles.areRemovedOnSignals()
    // A pipe that nobody reads is an error with its name, and not the end of the program.
    signal(SIGPIPE, SIG_IGN)
    let guardian = LimitGuard()
    let isTerminal = isatty(STDOUT_FILENO) == 1
    // Safety: nothing of the program changes its environment.
    let isPlain = unsafe getenv("NO_COLOR") != nil
    let screen = Screen(
      isTerminal: isTerminal, hasColors: isTerminal && !isPlain,
      width: columns(of: STDOUT_FILENO), arguments: arguments)
    let outcome = await outcome(on: screen, guardedBy: guardian) { text in
      try OutputFile.write(text, to: STDOUT_FILENO, name: "standard output")
    }
    guardian.end()
    do throws(OutputError) {
      try OutputFile.write(outcome.standardOutput, to: STDOUT_FILENO, name: "standard output")
      try OutputFile.write(outcome.standardError, to: STDERR_FILENO, name: "standard error")
      return outcome.status
    } catch {
      try? OutputFile.write(
        "error: \(error.diagnostic)\n", to: STDERR_FILENO, name: "standard error")
      return 2
    }
  }

  /// Runs a command line; only `--output` writes anything.
  ///
  /// - Parameters:
  ///   - arguments: The words behind the program's name.
  ///   - isForTerminal: Whether standard output is a terminal, which control characters would steer.
  ///   - hasColors: Whether colours and symbols are wanted there.
  ///   - width: The terminal's columns, where they are known.
  ///   - write: Is given the pieces of a long result as they come; `nil` keeps them for the outcome.
  /// - Returns: what is to be printed, and the exit status.
  public static func outcome(
    of arguments: [String], isForTerminal: Bool, hasColors: Bool = true, width: Int? = nil,
    write: ((_ text: String) throws -> Void)? = nil
  ) async -> Outcome {
    let screen = Screen(
      isTerminal: isForTerminal, hasColors: isForTerminal && hasColors,
      width: isForTerminal ? width : nil, arguments: arguments)
    return await outcome(on: screen, guardedBy: nil, write: write)
  }

  private static func outcome(
    on screen: Screen, guardedBy guardian: LimitGuard?,
    write: ((_ text: String) throws -> Void)?
  ) async -> Outcome {
    var printed = ""
    do {
      var parsed = try AssayCommand.parseAsRoot(screen.arguments)
      guard let command = parsed as? any AnsweringCommand else {
        // Asking for help, and the root by itself, end in a message.
        try parsed.run()
        return Outcome(status: 0, standardOutput: "", standardError: "")
      }
      if let command = command as? any LimitedCommand { guardian?.begin(command.limits.limits) }
      let answer = try await command.answer(on: screen)
      if let path = answer.file, let picture = answer.picture {
        try OutputFile.write(picture, toFile: path)
      } else if let path = answer.file {
        try OutputFile.write(toFile: path) { write in
          try write(answer.text)
          try answer.rest?(write)
        }
      } else {
        printed = answer.text
        try answer.rest? { text in
          if let write { try write(text) } else { printed += text }
        }
      }
      return Outcome(
        status: answer.isNo ? 1 : 0, standardOutput: printed,
        standardError: answer.notes.map { $0.printable + "\n" }.joined())
    } catch let error as any DiagnosedError {
      return Outcome(
        status: 2, standardOutput: printed, standardError: "error: \(error.diagnostic)\n")
    } catch { return outcome(ofParsing: error, screen.arguments) }
  }

  /// What is wrong with a command's name, where it is none.
  private static func unknownCommand(_ arguments: [String]) -> String? {
    let names = AssayCommand.names
    guard let word = arguments.first, !word.hasPrefix("-"), word != "help", !names.contains(word)
    else { return nil }
    let meant = NearestName.of(word, among: names).map { ". Did you mean '\($0)'?" }
    return "There is no command '\(word)'\(meant ?? "")"
  }

  /// The columns of a terminal; `nil` of anything else.
  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    // Safety: the system fills in the structure that it is asked for, which outlives the call.
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Help and version are answers; everything else is wrong usage.
  private static func outcome(ofParsing error: any Error, _ arguments: [String]) -> Outcome {
    let text = AssayCommand.fullMessage(for: error)
    guard AssayCommand.exitCode(for: error) != .success else {
      let isVersion = text == AssayCommand.configuration.version
      return Outcome(
        status: 0, standardOutput: text + "\n" + (isVersion ? Libraries.lines : ""),
        standardError: "")
    }
    let prefix = "Error: "
    var sentence = text.hasPrefix(prefix) ? "error: " + text.dropFirst(prefix.count) : text
    if let command = unknownCommand(arguments), let end = sentence.firstIndex(of: "\n") {
      sentence = "error: " + command + sentence[end...]
    }
    return Outcome(
      status: ExitCode.validationFailure.rawValue, standardOutput: "",
      standardError: sentence.split(separator: "\n", omittingEmptySubsequences: false)
        .map { String($0).printable + "\n" }.joined())
  }
}
