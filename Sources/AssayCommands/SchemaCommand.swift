internal import ArgumentParser
internal import Reports

/// The command `assay schema`.
struct SchemaCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of what other commands print, or of assay.yaml.",
    discussion: """
      A JSON report names its schema: 'assay.metrics/1' is what 'assay schema metrics' prints. \
      Schemas are of draft 2020-12; members may be added to reports, so they allow others.

      Examples:
        assay schema metrics
        assay schema settings --output assay.schema.json

      Exit status: 0 done, 2 not written, 64 wrong usage.
      """)

  @Argument(help: "Which.")
  var name: SchemaName

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write to this file, whole or not at all, instead of standard output.", valueName: "file"))
  var output: String?

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output names no file") }
  }

  func answer(on screen: Screen) throws -> Answer {
    Answer(text: name.schema.json.text, file: output)
  }
}

/// The name of a schema.
struct SchemaName: ExpressibleByArgument {
  let schema: PublishedSchema

  init?(argument: String) {
    guard let schema = PublishedSchema.all.first(where: { $0.name == argument }) else {
      return nil
    }
    self.schema = schema
  }

  static var allValueStrings: [String] { PublishedSchema.all.map(\.name) }

  static var allValueDescriptions: [String: String] {
    Dictionary(uniqueKeysWithValues: PublishedSchema.all.map { ($0.name, $0.meaning) })
  }

  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  var defaultValueDescription: String { schema.name }
}
