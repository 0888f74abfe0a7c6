/// The name of a class, in the one form that all its spellings share.
///
/// 1, 1.0, +1 and 1e0 are one label; `true` and `false`, in any case, are 1 and 0; everything else is
/// text. Whole numbers come before text, numbers in numeric order, text by code points, by which it
/// is also told apart: a letter and its accent are another label than the accented letter.
public enum Label: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// A whole number.
  case integer(Int64)
  /// Anything else.
  case text(String)

  /// Why a field is no label.
  public enum Fault: Error, Hashable, Sendable {
    /// The field is empty.
    case empty
    /// The field is "nan", which stands for a missing value.
    case notANumber
    /// The field is a number, but not a whole one.
    case fractional
    /// The field is a number too large for any.
    case overflow
  }

  /// Reads a label.
  ///
  /// - Parameters:
  ///   - field: The text as it stands in the file.
  ///   - isQuoted: Whether it stood in quotation marks, where surrounding blanks count.
  /// - Throws: ``Fault`` for what is not a label.
  public init(_ field: String, isQuoted: Bool = false) throws(Fault) {
    let text = isQuoted ? field[...] : field.trimmingBlanks
    guard !text.isEmpty else { throw .empty }
    switch text.lowercased() {
    case "true": self = .integer(1)
    case "false": self = .integer(0)
    case "nan": throw .notANumber
    default:
      guard text.looksLikeDecimal, let value = Double(text) else {
        self = .text(String(text))
        return
      }
      guard value.isFinite else { throw .overflow }
      // Beyond 2^53 doubles skip whole numbers, so digits are compared as they stand.
      if let whole = Int64(text) {
        self = .integer(whole)
      } else if value.rounded() == value {
        guard let whole = Int64(exactly: value), abs(value) < 0x1p53 else { throw .overflow }
        self = .integer(whole)
      } else {
        throw .fractional
      }
    }
  }

  /// The label that a table's cell with this label's name is: 1 for the text `01`, 0 for `False`.
  ///
  /// What no cell can be is itself.
  public var canonical: Label {
    guard case .text(let text) = self else { return self }
    return (try? Label(text, isQuoted: true)) ?? self
  }

  /// The label as it is printed.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .text(let text): text
    }
  }

  /// Whether both are one label.
  public static func == (first: Label, second: Label) -> Bool {
    switch (first, second) {
    case (.integer(let first), .integer(let second)): first == second
    case (.text(let first), .text(let second)):
      first.unicodeScalars.elementsEqual(second.unicodeScalars)
    default: false
    }
  }

  /// Hashes what labels are told apart by.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .integer(let value): hasher.combine(value)
    case .text(let text): for byte in text.utf8 { hasher.combine(byte) }
    }
  }

  /// Whether the first label comes before the second.
  public static func < (first: Label, second: Label) -> Bool {
    switch (first, second) {
    case (.integer(let first), .integer(let second)): first < second
    case (.integer, .text): true
    case (.text, .integer): false
    case (.text(let first), .text(let second)):
      first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
    }
  }
}

extension String {
  /// The text without the spaces and tabs around it.
  fileprivate var trimmingBlanks: Substring {
    var text = self[...]
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}

extension Substring {
  /// Whether the text is made of what decimal numbers are made of, and has a digit.
  ///
  /// Swift's own conversion also reads hexadecimal numbers, "inf" and "nan".
  fileprivate var looksLikeDecimal: Bool {
    utf8.contains { (0x30...0x39).contains($0) }
      && utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
  }
}
