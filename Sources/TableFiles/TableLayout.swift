/// How a table lies in its file.
public struct TableLayout: Hashable, Sendable {
  /// Which byte parts the fields of delimited text.
  public enum Separator: Hashable, Sendable {
    /// A comma, semicolon or tab, whichever the first line has most of.
    case found
    /// That byte.
    case byte(UInt8)

    /// A tab.
    public static let tab = Separator.byte(UInt8(ascii: "\t"))
  }

  /// What parts fields.
  public var separator = Separator.found
  /// Whether the first line names the columns; otherwise they are named by number from 1.
  public var hasHeader = true

  /// Creates the layout of a CSV file with a header.
  public init() {}

  /// Creates the layout that a file's name tells: tabs for `.tsv`.
  public init(path: String) {
    if path.hasSuffix(".tsv") { separator = .tab }
  }
}
