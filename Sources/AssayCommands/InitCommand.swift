internal import ArgumentParser
internal import InputReading
internal import Reports
internal import Verification

/// The command `assay init`.
struct InitCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a commented assay.yaml for a job's folder.",
    discussion: """
      Names the files that are found in the folder, the columns of the predictions and the classes. \
      Gates are proposed as comments: what is required is for you to say.

      Examples:
        assay init job
        assay init --schema > assay.schema.json

      Exit status: 0 done, 2 not written, 64 wrong usage.
      """)

  @Argument(help: "The folder with what the job left behind.")
  var jobFolder: String?

  @Flag(help: "Replace an assay.yaml that is there.")
  var force = false

  @Flag(help: "Print the JSON Schema of assay.yaml instead.")
  var schema = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write to this file instead of the folder's assay.yaml; - is standard output.",
      valueName: "file"))
  var output: String?

  @OptionGroup(title: "Limits") var limits: LimitOptions

  func validate() throws {
    guard (jobFolder == nil) == schema else {
      throw ValidationError("give either a job's folder or --schema")
    }
    if output?.isEmpty == true { throw ValidationError("--output names no file") }
  }

  func answer(on screen: Screen) throws -> Answer {
    guard let jobFolder else {
      return Answer(text: SettingsSchema().json.text, file: output == "-" ? nil : output)
    }
    let template = try SettingsTemplate(folder: jobFolder, limits: limits.limits)
    if output == "-" { return Answer(text: template.text, file: nil) }
    let file = output ?? jobFolder + (jobFolder.hasSuffix("/") ? "" : "/") + "assay.yaml"
    if !force, FileKind(path: file) != nil { throw InitError.isThere(file) }
    return Answer(text: template.text, file: file, notes: ["wrote \(file)"])
  }
}

/// What keeps settings from being written.
private enum InitError: DiagnosedError {
  /// A file is there already.
  case isThere(String)

  var diagnostic: Diagnostic {
    switch self {
    case .isThere(let file):
      Diagnostic("is there already", at: Place(file), hint: "replace it with --force")
    }
  }
}
