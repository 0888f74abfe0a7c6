internal import InputReading

extension String {
  /// The text as XML and HTML take it, also between double quotation marks.
  ///
  /// Line breaks are kept as references; other control characters, and marks that reorder lines, are
  /// shown as escapes, since XML takes none of them. What is no character is replaced.
  var xmlEscaped: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result += String(scalar).printable
      }
    }
    return result
  }
}
