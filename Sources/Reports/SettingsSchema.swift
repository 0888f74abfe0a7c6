internal import Verification

/// The JSON Schema of `assay.yaml`, by which editors complete and check it.
///
/// Source: JSON Schema, draft 2020-12.
public struct SettingsSchema: Sendable {
  /// Creates the schema.
  public init() {}

  /// The schema.
  public var json: JSONText {
    .object([
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("assay.yaml")),
      ("description", .string("Settings of 'assay verify' for a training job's folder.")),
      ("type", .array([.string("object"), .string("null")])),
      ("additionalProperties", .bool(false)),
      ("properties", .object(SettingsKey.all.map { ($0.name, $0.schema) })),
    ])
  }
}

extension SettingsKey {
  fileprivate var schema: JSONText {
    .object([("description", .string(meaning))] + kind.schema)
  }
}

extension SettingsKey.Kind {
  /// How a gate begins: a metric, a comparison, a number or the baseline.
  private static let gatePattern =
    #"^\s*[\w.:-]+\s*(<=|>=|<|>)\s*([+-]?[\d.]|[Bb]aseline)"#

  fileprivate var schema: [(String, JSONText)] {
    let text: [(String, JSONText)] = [("type", .string("string")), ("minLength", .integer(1))]
    switch self {
    case .path: return text
    case .paths:
      return [
        (
          "anyOf",
          .array([
            .object(text),
            .object([("type", .string("array")), ("items", .object(text))]),
          ])
        )
      ]
    case .label:
      return [("type", .array(["string", "integer", "boolean"].map { .string($0) }))]
    case .number(let lowest):
      return [("type", .string("number"))] + (lowest.map { [("minimum", .number($0))] } ?? [])
    case .gates:
      return [
        ("type", .string("array")),
        (
          "items",
          .object([("type", .string("string")), ("pattern", .string(Self.gatePattern))])
        ),
      ]
    case .columns(let names):
      return [
        ("type", .string("object")), ("additionalProperties", .bool(false)),
        ("properties", .object(names.map { ($0, .object(text)) })),
      ]
    case .choice(let words):
      return [("enum", .array(words.map { .string($0) }))]
    }
  }
}
