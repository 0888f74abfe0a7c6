/// The text that stands in everything that a regular expression matches.
///
/// A search for it is far cheaper than the expression, and where it is not there the expression need
/// not be tried.
public enum RequiredLiteral {
  /// The longest run of plain characters that each match has; `nil` where none is certain.
  ///
  /// What is not understood is taken to match anything, so a literal may be missed and never
  /// invented. Letter case is left to who searches.
  ///
  /// - Parameter pattern: A regular expression in Perl's syntax.
  /// - Returns: the literal's bytes.
  public static func of(_ pattern: String) -> [UInt8]? {
    var parser = Parser(bytes: Array(pattern.utf8))
    return parser.longest()
  }

  private struct Parser {
    let bytes: [UInt8]
    var position = 0
    private var best: [UInt8] = []
    private var run: [UInt8] = []

    init(bytes: [UInt8]) {
      self.bytes = bytes
    }

    private mutating func close() {
      if run.count > best.count { best = run }
      run = []
    }

    /// Reads the whole expression; alternatives at its top have nothing in common.
    mutating func longest() -> [UInt8]? {
      // Options, comments and quoted stretches change what the rest means.
      guard !contains("(?#"), !contains("\\Q"), !contains("(*"), !hasExtendedOption else {
        return nil
      }
      while position < bytes.count {
        switch bytes[position] {
        case UInt8(ascii: "|"): return nil
        case UInt8(ascii: "("):
          close()
          guard skipGroup() else { return nil }
          skipQuantifier()
        case UInt8(ascii: "["):
          close()
          guard skipClass() else { return nil }
          skipQuantifier()
        case UInt8(ascii: "."):
          close()
          position += 1
          skipQuantifier()
        case UInt8(ascii: "^"), UInt8(ascii: "$"): position += 1
        case UInt8(ascii: "\\"):
          guard position + 1 < bytes.count else { return nil }
          let escaped = bytes[position + 1]
          let isLetter = (0x41...0x5A).contains(escaped & 0xDF)
          let isDigit = (0x30...0x39).contains(escaped)
          if isLetter || isDigit {
            // A boundary takes no room; \x41, \p{L}, \g{1} and their kind go on behind the letter.
            if escaped == UInt8(ascii: "b") || escaped == UInt8(ascii: "B") {
              position += 2
              continue
            }
            close()
            guard "dDwWsSnrtRhHvV".utf8.contains(escaped) else { return nil }
            position += 2
            skipQuantifier()
          } else {
            position += 1
            append()
          }
        default: append()
        }
      }
      close()
      return best.isEmpty ? nil : best
    }

    /// Takes the character at the position, if what follows does not make it optional.
    private mutating func append() {
      var end = position + 1
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      let character = bytes[position..<end]
      position = end
      guard let isOptional = skipQuantifier() else {
        run += character
        return
      }
      if !isOptional { run += character }
      close()
    }

    /// Passes over a quantifier.
    ///
    /// - Returns: whether it allows for nothing; `nil` where there is no quantifier.
    @discardableResult
    private mutating func skipQuantifier() -> Bool? {
      guard position < bytes.count else { return nil }
      var isOptional = false
      switch bytes[position] {
      case UInt8(ascii: "*"), UInt8(ascii: "?"):
        isOptional = true
        position += 1
      case UInt8(ascii: "+"): position += 1
      case UInt8(ascii: "{"):
        // A brace that is no quantifier is one of the text; taking it for one loses a literal.
        isOptional = true
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "}")) else {
          position += 1
          return true
        }
        position = end + 1
      default: return nil
      }
      while position < bytes.count,
        bytes[position] == UInt8(ascii: "?") || bytes[position] == UInt8(ascii: "+")
      { position += 1 }
      return isOptional
    }

    /// Passes over a bracket expression.
    private mutating func skipClass() -> Bool {
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "^") { position += 1 }
      // A closing bracket that comes first is one of the set.
      if position < bytes.count, bytes[position] == UInt8(ascii: "]") { position += 1 }
      while position < bytes.count {
        switch bytes[position] {
        case UInt8(ascii: "]"):
          position += 1
          return true
        case UInt8(ascii: "\\"): position += 2
        case UInt8(ascii: "[") where bytes[position...].starts(with: "[:".utf8):
          while position < bytes.count, bytes[position] != UInt8(ascii: "]") { position += 1 }
          position += 1
        default: position += 1
        }
      }
      return false
    }

    /// Passes over a group and all in it.
    private mutating func skipGroup() -> Bool {
      var depth = 0
      while position < bytes.count {
        switch bytes[position] {
        case UInt8(ascii: "("):
          depth += 1
          position += 1
        case UInt8(ascii: ")"):
          depth -= 1
          position += 1
          if depth == 0 { return true }
        case UInt8(ascii: "["): guard skipClass() else { return false }
        case UInt8(ascii: "\\"): position += 2
        default: position += 1
        }
      }
      return false
    }

    private func contains(_ text: String) -> Bool {
      let wanted = Array(text.utf8)
      return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }

    /// Whether an option makes blanks and comments of the expression meaningless.
    private var hasExtendedOption: Bool {
      var index = 0
      while index + 2 < bytes.count {
        if bytes[index] == UInt8(ascii: "("), bytes[index + 1] == UInt8(ascii: "?") {
          let options = bytes[(index + 2)...].prefix { (0x41...0x5A).contains($0 & 0xDF) }
          if options.contains(UInt8(ascii: "x")) { return true }
        }
        index += 1
      }
      return false
    }
  }
}
