internal import ArgumentParser
internal import Reports

/// Where a report goes, and how it looks.
struct ReportOptions<Made: Report>: ParsableArguments {
  @Option(help: "How to print.")
  var format = ChosenFormat<Made>(format: .table)

  @Option(
    name: .customLong("output"), parsing: .unconditional,
    help: ArgumentHelp(
      "Write to this file, whole or not at all, instead of standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Print the answer alone.")
  var quiet = false

  @Flag(help: "Print everything that is known.")
  var verbose = false

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output names no file") }
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
    if quiet || verbose, format.format.name != ReportFormat.table.name {
      throw ValidationError("--quiet and --verbose belong to --format table")
    }
  }

  /// An answer in the wanted form, for the file that `--output` names, or else for `fallback`.
  func answer(
    _ made: Made, isNo: Bool, notes: [String] = [], on screen: Screen, fallback: String? = nil
  ) -> Answer {
    let file = output ?? fallback
    let surface = Surface(
      isForTerminal: screen.hasColors && file == nil, width: file == nil ? screen.width : nil,
      detail: quiet ? .quiet : verbose ? .verbose : .normal,
      commandLine: (["assay"] + screen.arguments).map(\.shellWord).joined(separator: " "),
      versions: [("Assay", AssayProgram.version)] + Libraries.linked)
    return Answer(
      text: format.format.text(of: made, on: surface), file: file, isNo: isNo, notes: notes)
  }
}

/// One of the formats that a command's report has.
struct ChosenFormat<Made: Report>: ExpressibleByArgument {
  let format: ReportFormat

  private static var formats: [ReportFormat] { ReportFormat.formats(of: Made.self) }

  static var allValueStrings: [String] { formats.map(\.name) }

  static var allValueDescriptions: [String: String] {
    Dictionary(uniqueKeysWithValues: formats.map { ($0.name, $0.meaning) })
  }

  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  var defaultValueDescription: String { format.name }
}

extension ChosenFormat {
  init?(argument: String) {
    guard let format = Self.formats.first(where: { $0.name == argument }) else { return nil }
    self.init(format: format)
  }
}

extension String {
  /// The word as a shell takes it: between quotation marks where it has more than plain characters.
  fileprivate var shellWord: String {
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+"
    guard isEmpty || contains(where: { !plain.contains($0) }) else { return self }
    return "'" + replacing("'", with: #"'\''"#) + "'"
  }
}
