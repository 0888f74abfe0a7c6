/// What a JSON value looks like: a JSON Schema in the making.
///
/// Source: JSON Schema, draft 2020-12.
indirect enum Shape: Sendable {
  /// A text.
  case text
  /// A number.
  case number
  /// A whole number.
  case integer
  /// `true` or `false`.
  case bool
  /// One text.
  case constant(String)
  /// One of some texts.
  case choice([String])
  /// A list of values of one shape.
  case list(Shape)
  /// An object with names that nobody knows before, and values of one shape.
  case map(Shape)
  /// An object with the names given.
  case object([Member])
  /// A value of one of some shapes.
  case either([Shape])
  /// `null`.
  case null

  /// The name and the shape of an object's member.
  struct Member: Sendable {
    let name: String
    let shape: Shape
    let isRequired: Bool
    let meaning: String?

    /// A member that is always there.
    static func member(_ name: String, _ shape: Shape, _ meaning: String? = nil) -> Member {
      Member(name: name, shape: shape, isRequired: true, meaning: meaning)
    }

    /// A member that may be left out.
    static func optional(_ name: String, _ shape: Shape, _ meaning: String? = nil) -> Member {
      Member(name: name, shape: shape, isRequired: false, meaning: meaning)
    }
  }

  /// The shape, or `null`.
  var orNull: Shape { .either([self, .null]) }

  /// The schema.
  ///
  /// - Parameter isClosed: Whether objects have no other members than those named. Readers of later
  ///   versions are better off without that.
  /// - Returns: the object.
  func json(isClosed: Bool) -> JSONText {
    .object(members(isClosed: isClosed))
  }

  /// The schema's members.
  func members(isClosed: Bool) -> [(String, JSONText)] {
    func type(_ name: String) -> (String, JSONText) { ("type", .string(name)) }
    switch self {
    case .text: return [type("string")]
    case .number: return [type("number")]
    case .integer: return [type("integer")]
    case .bool: return [type("boolean")]
    case .null: return [type("null")]
    case .constant(let text): return [("const", .string(text))]
    case .choice(let texts): return [("enum", .array(texts.map { .string($0) }))]
    case .list(let element):
      return [type("array"), ("items", element.json(isClosed: isClosed))]
    case .map(let value):
      return [type("object"), ("additionalProperties", value.json(isClosed: isClosed))]
    case .either(let shapes):
      return [("anyOf", .array(shapes.map { $0.json(isClosed: isClosed) }))]
    case .object(let members):
      let required = members.filter(\.isRequired).map { JSONText.string($0.name) }
      let properties = members.map { member in
        let meaning = member.meaning.map { [("description", JSONText.string($0))] } ?? []
        return (
          member.name, JSONText.object(meaning + member.shape.members(isClosed: isClosed))
        )
      }
      return [type("object"), ("required", .array(required)), ("properties", .object(properties))]
        + (isClosed ? [("additionalProperties", .bool(false))] : [])
    }
  }
}
