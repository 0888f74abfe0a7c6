/// A JSON Schema of something that Assay writes or reads.
public struct PublishedSchema: Sendable {
  /// What people call it.
  public let name: String
  /// What it is of.
  public let meaning: String
  private let write: @Sendable (_ isClosed: Bool) -> JSONText

  /// Every schema, by the commands whose JSON they are of.
  public static let all = [
    metrics, predictions, inspection, verification, comparison, logs, benchmark, fetch,
    registration, settings,
  ]

  /// The schema of a report in JSON.
  ///
  /// - Parameters:
  ///   - name: What people call it; the report names it `assay.<name>/1`.
  ///   - meaning: What it is of.
  ///   - members: The members behind `schema`.
  init(_ name: String, _ meaning: String, _ members: [Shape.Member]) {
    self.name = name
    self.meaning = meaning
    let shape = Shape.object([.member("schema", .constant("assay.\(name)/1"))] + members)
    write = { isClosed in
      .object(
        [
          ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
          ("title", .string("assay.\(name)/1")), ("description", .string(meaning)),
        ] + shape.members(isClosed: isClosed))
    }
  }

  /// A schema that is made elsewhere.
  private init(_ name: String, _ meaning: String, _ json: JSONText) {
    self.name = name
    self.meaning = meaning
    write = { _ in json }
  }

  /// The schema of `assay.yaml`.
  static let settings = PublishedSchema(
    "settings", "assay.yaml, the settings of 'assay verify'", SettingsSchema().json)

  /// The schema.
  public var json: JSONText { write(false) }

  /// The schema with objects that have no other members than those named.
  var closed: JSONText { write(true) }
}
