/// Where a table's rows come from.
public enum TableInput: Hashable, Sendable {
  /// Files of the same columns, folders of them and patterns with wildcards, one after the other;
  /// `-` is standard input.
  case files([String], TableLayout)
  /// What DuckDB answers to a SELECT statement.
  case query(String)

  /// Creates the input of one file whose layout its name and first bytes tell.
  public init(path: String) { self = .files([path], TableLayout(path: path)) }

  /// What reports and errors call it.
  public var name: String {
    switch self {
    case .query: "the query's answer"
    case .files(let paths, _):
      paths.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")
    }
  }
}
