/// How much room text takes.
extension Character {
  /// The columns that a terminal gives it: 2 for East Asian wide characters and emoji.
  ///
  /// Source: Unicode Standard Annex 11, the ranges of W and F.
  fileprivate var displayWidth: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
  }
}

extension StringProtocol {
  /// The columns that a terminal gives it.
  var displayWidth: Int {
    // ASCII has one byte a column.
    let width = utf8.count
    return utf8.allSatisfy { $0 < 0x80 } ? width : reduce(0) { $0 + $1.displayWidth }
  }

  /// The text, or its beginning and an ellipsis where it takes more columns than that.
  func shortened(to width: Int) -> String {
    guard displayWidth > width else { return String(self) }
    var result = ""
    var used = 1
    for character in self {
      used += character.displayWidth
      guard used <= width else { break }
      result.append(character)
    }
    return result + "…"
  }

  /// The text in lines of at most that many columns, parted at blanks; a longer word is cut.
  func wrapped(to width: Int) -> [String] {
    guard displayWidth > width, width > 0 else { return [String(self)] }
    var lines: [String] = []
    var line = ""
    var used = 0
    func end() {
      while line.last == " " { line.removeLast() }
      lines.append(line)
      (line, used) = ("", 0)
    }
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let length = word.displayWidth
      if used > 0 && used + length > width { end() }
      if length <= width {
        line += word + " "
        used += length + 1
        continue
      }
      for character in word {
        if used + character.displayWidth > width { end() }
        line.append(character)
        used += character.displayWidth
      }
      line += " "
      used += 1
    }
    end()
    return lines
  }
}
