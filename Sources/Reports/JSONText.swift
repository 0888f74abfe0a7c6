internal import InputReading

/// A JSON value to be written; objects keep the order of their members.
public indirect enum JSONText: Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A number; what is not finite is written as `null`, since JSON has no name for it.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONText])
  /// Members in order.
  case object([(String, JSONText)])

  /// A text, or `null`.
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  /// A number, or `null`.
  init(_ number: Double?) { self = number.map { .number($0) } ?? .null }

  /// A whole number, or `null`.
  init(_ integer: Int?) { self = integer.map { .integer($0) } ?? .null }

  /// The value as text, in lines of two blanks' indentation, with a line break at the end.
  public var text: String {
    var text = ""
    write(to: &text, indentation: "")
    return text + "\n"
  }

  /// The value as text, as it stands inside a line of another.
  var inline: String {
    var text = ""
    write(to: &text, indentation: "")
    return text
  }

  private func write(to text: inout String, indentation: String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .number(let value): text += value.isFinite ? value.shortest : "null"
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      Self.write(
        elements, to: &text, between: ("[", "]"), indentation: indentation,
        isFlat: elements.allSatisfy(\.isScalar)
      ) { element, text, inner in element.write(to: &text, indentation: inner) }
    case .object(let members):
      Self.write(members, to: &text, between: ("{", "}"), indentation: indentation, isFlat: false) {
        member, text, inner in
        Self.write(member.0, to: &text)
        text += ": "
        member.1.write(to: &text, indentation: inner)
      }
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func write<Element>(
    _ elements: [Element], to text: inout String, between marks: (String, String),
    indentation: String, isFlat: Bool, element write: (Element, inout String, String) -> Void
  ) {
    let inner = indentation + "  "
    text += marks.0
    for (index, element) in elements.enumerated() {
      if index > 0 { text += isFlat ? ", " : "," }
      if !isFlat { text += "\n" + inner }
      write(element, &text, inner)
    }
    if !isFlat && !elements.isEmpty { text += "\n" + indentation }
    text += marks.1
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.steersTerminals:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension Double {
  /// The fewest digits that read back as the same number; whole numbers without a point.
  var shortest: String {
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The number in a table: six digits behind the point, or the shortest form where that is less.
  var rounded6: String {
    guard magnitude < 1e9, magnitude >= 1e-4 || self == 0 else { return shortest }
    let scaled = (self * 1e6).rounded()
    let short = shortest
    let whole = Int(scaled.magnitude)
    let digits = String(whole % 1_000_000)
    let padded = String(repeating: "0", count: 6 - digits.count) + digits
    let fixed = (scaled < 0 ? "-" : "") + "\(whole / 1_000_000)." + padded
    return short.count <= fixed.count && !short.contains("e") ? short : fixed
  }
}
