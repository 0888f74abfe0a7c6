/// A format that tables are read in.
public enum TableFormat: String, CaseIterable, Hashable, Sendable {
  /// Delimited text.
  case csv
  /// Delimited text with tabs.
  case tsv
  /// JSON, a value a line.
  case jsonl
  /// One JSON value of rows.
  case json
  /// An array of NumPy's.
  case npy
  /// Arrays of NumPy's in a zip file.
  case npz
  /// Parquet.
  case parquet
}

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

  /// The format; `nil` tells it by the file's first bytes.
  public var format: TableFormat?
  /// What parts fields.
  public var separator = Separator.found
  /// Whether the first line names the columns; otherwise they are named by number from 1.
  public var hasHeader = true

  /// Creates the layout of a file with a header whose format its first bytes tell.
  public init() {}

  /// Creates the layout that a file's name tells: tabs for `.tsv`, no header for the `.out` of
  /// SageMaker's batch transform.
  public init(path: String) {
    if path.hasSuffix(".tsv") { separator = .tab }
    if path.hasSuffix(".out") { hasHeader = false }
  }
}
