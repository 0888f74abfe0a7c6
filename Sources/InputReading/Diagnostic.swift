/// What is wrong with an input, where, and what to do about it: the one thing that is ever printed
/// about an error.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in lower case, without a full stop; offending text stands in single quotes.
  public var message: String
  /// Where it is wrong.
  public var place: Place?
  /// What the reader can do about it.
  public var hint: String?

  /// Creates a diagnostic.
  public init(_ message: String, at place: Place? = nil, hint: String? = nil) {
    self.message = message
    self.place = place
    self.hint = hint
  }

  /// One line: the place, the message, the hint; control characters are escaped.
  public var description: String {
    var line = message
    if let place { line = "\(place): \(line)" }
    if let hint { line += "; \(hint)" }
    return line.printable
  }
}

/// An error that knows how to tell itself to a person.
public protocol DiagnosedError: Error {
  /// What is wrong, where, and the mend.
  var diagnostic: Diagnostic { get }
}

/// A place in an input: a file, a member of it where it is an archive, and a position.
public struct Place: Hashable, Sendable, CustomStringConvertible {
  /// How a position in a file is told, which depends on what the file is.
  public enum Position: Hashable, Sendable {
    /// A line of text, from 1.
    case line(Int)
    /// A data row of a table, from 1, and the column's name.
    case row(Int, column: String?)
    /// A byte, from 0.
    case byte(Int)
    /// A key of a configuration or record.
    case key(String)
  }

  /// The file's path as the user gave it.
  public var file: String
  /// The member of the archive that the file is.
  public var member: String?
  /// The position in the file or member.
  public var position: Position?

  /// Creates a place.
  public init(_ file: String, member: String? = nil, _ position: Position? = nil) {
    self.file = file
    self.member = member
    self.position = position
  }

  /// The same file with another position.
  public func at(_ position: Position) -> Place {
    Place(file, member: member, position)
  }

  /// The line, where the place is one.
  public var line: Int? {
    if case .line(let line) = position { line } else { nil }
  }

  /// The place as compilers print one: `train.log:41`, `p.csv: row 3, column 'score'`.
  public var description: String {
    let name = file + (member.map { ": \($0)" } ?? "")
    return switch position {
    case nil: name
    case .line(let line): "\(name):\(line)"
    case .row(let row, nil): "\(name): row \(row)"
    case .row(let row, let column?): "\(name): row \(row), column '\(column)'"
    case .byte(let offset): "\(name): byte \(offset)"
    case .key(let key): "\(name): \(key)"
    }
  }
}

extension String {
  /// The text with control characters and the marks that reorder lines written as escapes.
  ///
  /// What comes from an artifact must not steer the terminal that it is printed on.
  public var printable: String {
    guard unicodeScalars.contains(where: \.steersTerminals) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.steersTerminals {
        text += scalar.escaped(asASCII: true)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// A number of things with its noun: `1 row`, `2 rows`.
  public init(_ count: Int, of singular: String, plural: String? = nil) {
    self = "\(count) " + (count == 1 ? singular : plural ?? singular + "s")
  }
}

extension Unicode.Scalar {
  /// Whether the scalar is a control character, or a mark that reorders the text around it.
  public var steersTerminals: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }
  }
}

extension StringProtocol {
  /// The text without the white space around it.
  public var trimmingWhitespace: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
