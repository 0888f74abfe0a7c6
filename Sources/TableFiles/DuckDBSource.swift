internal import CDuckDB
internal import InputReading

/// DuckDB's library, opened at run time where one is found.
@safe
struct DuckDBLibrary {
  // Safety: libraries are opened once and never closed.
  fileprivate let handle: OpaquePointer

  /// Its version, as it says it.
  var version: String {
    unsafe cdb_library_version(handle).map { unsafe String(cString: $0) } ?? ""
  }

  /// The command that brings a library that is found.
  static let installation = "python3 -m pip install --target ~/.local/share/assay duckdb"

  /// A place to look for the library.
  private struct Candidate {
    let path: String
    /// The library of the Python whose extension module the file is.
    var python: String?
  }

  /// Opens the first library that opens.
  ///
  /// It is looked for as `libduckdb` where the system looks for libraries, and as the extension
  /// module of the `duckdb` package of Python: in `~/.local/share/assay`, in the virtual environment
  /// that is active, and in the folders of the system's and the user's packages.
  ///
  /// - Parameter environment: The environment's variables.
  /// - Returns: the library.
  /// - Throws: ``TableError/noDuckDB(reason:)``.
  static func open(environment: [String: String]) throws(TableError) -> DuckDBLibrary {
    var reason: String?
    for candidate in candidates(environment) {
      var message: UnsafePointer<CChar>?
      let handle =
        if let python = candidate.python {
          unsafe cdb_library_open(candidate.path, python, &message)
        } else {
          unsafe cdb_library_open(candidate.path, nil, &message)
        }
      if let handle = unsafe handle { return unsafe DuckDBLibrary(handle: handle) }
      // A library that is there and does not open tells more than one that is not there.
      if candidate.python != nil, reason == nil {
        reason = unsafe message.map { unsafe String(cString: $0) }
      }
    }
    throw .noDuckDB(reason: reason)
  }

  private static func candidates(_ environment: [String: String]) -> [Candidate] {
    let libraries = ["libduckdb.so", "libduckdb.dylib"].map { Candidate(path: $0) }
    let home = environment["HOME"] ?? ""
    let patterns =
      [home + "/.local/share/assay"]
      + (environment["VIRTUAL_ENV"].map { [$0 + "/lib/python3*/site-packages"] } ?? [])
      + [
        home + "/.local/lib/python3*/site-packages", "/usr/local/lib/python3*/dist-packages",
        "/usr/local/lib/python3*/site-packages", "/usr/lib/python3/dist-packages",
      ]
    let modules = patterns.flatMap { FilePattern.matches($0 + "/_duckdb*.so") }
    return libraries
      + modules.compactMap { path in
        // The name tells the Python: `_duckdb.cpython-311-x86_64-linux-gnu.so`.
        guard let tag = path.split(separator: "-").dropFirst().first(where: { $0.hasPrefix("3") }),
          let minor = Int(tag.dropFirst())
        else { return nil }
        return Candidate(path: path, python: "libpython3.\(minor).so.1.0")
      }
  }
}

/// What a query of DuckDB's answers.
///
/// Columns come in one of four types, to which the query's own are cast.
@safe
final class DuckDBSource: RowSource {
  let place: Place
  private(set) var columns: [String] = []

  private let library: DuckDBLibrary
  private let sql: String
  private var types: [Int32] = []

  /// Runs a query of files' names, ended or not by a semicolon.
  ///
  /// - Parameters:
  ///   - sql: A SELECT statement.
  ///   - place: What errors name.
  ///   - library: The library.
  /// - Throws: ``TableError``.
  init(sql: String, place: Place, library: DuckDBLibrary) throws(TableError) {
    self.library = library
    self.place = place
    var statement = sql.trimmingWhitespace
    while statement.hasSuffix(";") { statement = String(statement.dropLast()).trimmingWhitespace }
    self.sql = statement
    // Alone first, so that an error in it is told in its own words.
    let query = try Query(statement, library, at: place)
    columns = query.columns.map(\.name)
    types = query.columns.map(\.type)
  }

  /// Reads Parquet files.
  convenience init(
    parquet paths: [String], place: Place, library: DuckDBLibrary
  ) throws(TableError) {
    let list = paths.map {
      "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    try self.init(
      sql: "SELECT * FROM read_parquet([\(list.joined(separator: ", "))])", place: place,
      library: library)
  }

  func read(into wanted: inout WantedColumns) throws(TableError) {
    let selected = wanted.indices.map { index in
      let name =
        "\""
        + columns[index].split(separator: "\"", omittingEmptySubsequences: false).joined(
          separator: "\"\"") + "\""
      return switch Int(types[index]) {
      case CDB_BOOLEAN: name
      case CDB_INT8, CDB_INT16, CDB_INT32, CDB_INT64, CDB_UINT8, CDB_UINT16, CDB_UINT32:
        "CAST(\(name) AS BIGINT)"
      case CDB_FLOAT, CDB_DOUBLE, CDB_DECIMAL: "CAST(\(name) AS DOUBLE)"
      default: "CAST(\(name) AS VARCHAR)"
      }
    }
    let query = try Query(
      "SELECT \(selected.joined(separator: ", ")) FROM (\(sql))", library, at: place)
    while true {
      let count = try query.next()
      if count == 0 { return }
      wanted.append(selected.indices.map { query.cells($0, count) }, count: count)
      if wanted.isOver { return }
    }
  }

  /// A query that runs.
  @safe
  private final class Query {
    // Safety: made once, freed once, and used by one thread at a time.
    private let handle: OpaquePointer
    private let place: Place
    private(set) var columns: [(name: String, type: Int32)] = []

    init(_ sql: String, _ library: DuckDBLibrary, at place: Place) throws(TableError) {
      var message: UnsafeMutablePointer<CChar>?
      guard let handle = unsafe cdb_query_run(library.handle, sql, &message) else {
        throw .query(place, reason: unsafe Self.take(message))
      }
      unsafe self.handle = unsafe handle
      self.place = place
      columns = (0..<(unsafe cdb_query_column_count(handle))).map { column in
        let name = unsafe cdb_query_column_name(handle, column).map { unsafe String(cString: $0) }
        return (name ?? "", unsafe cdb_query_column_type(handle, column))
      }
    }

    deinit { unsafe cdb_query_free(handle) }

    private static func take(_ message: UnsafeMutablePointer<CChar>?) -> String {
      guard let message = unsafe message else { return "the query failed" }
      defer { unsafe cdb_free(message) }
      let text = unsafe String(cString: message)
      // Behind the sentence DuckDB draws an arrow below the query, which one line cannot show.
      let sentence = text.firstRange(of: "\n\nLINE ").map { text[..<$0.lowerBound] } ?? text[...]
      return sentence.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    func next() throws(TableError) -> Int {
      var message: UnsafeMutablePointer<CChar>?
      let count = unsafe cdb_query_next(handle, &message)
      guard count >= 0 else { throw .query(place, reason: unsafe Self.take(message)) }
      return Int(count)
    }

    /// A column's cells of the rows that are there.
    func cells(_ column: Int, _ count: Int) -> TypedCells {
      guard let cells = unsafe cdb_query_cells(handle, column) else {
        return TypedCells(values: .texts([]))
      }
      var missing: [Int] = []
      if let validity = unsafe cdb_query_validity(handle, column) {
        missing = (0..<count).filter { row in
          unsafe validity[row / 64] >> UInt64(row % 64) & 1 == 0
        }
      }
      // Safety: the library keeps so many cells of the column's type until it is asked for more.
      switch Int(columns[column].type) {
      case CDB_BOOLEAN:
        let bytes = unsafe cells.assumingMemoryBound(to: UInt8.self)
        return TypedCells(
          values: .truths((0..<count).map { unsafe bytes[$0] != 0 }), missing: missing)
      case CDB_INT64:
        let values = unsafe UnsafeBufferPointer(
          start: cells.assumingMemoryBound(to: Int64.self), count: count)
        return unsafe TypedCells(values: .integers(Array(values)), missing: missing)
      case CDB_DOUBLE:
        let values = unsafe UnsafeBufferPointer(
          start: cells.assumingMemoryBound(to: Double.self), count: count)
        return unsafe TypedCells(values: .numbers(Array(values)), missing: missing)
      default:
        let absent = Set(missing)
        let texts = (0..<count).map { row in
          guard !absent.contains(row) else { return "" }
          var length = 0
          let start = unsafe cdb_query_text(handle, column, row, &length)
          return unsafe start.map { start in
            unsafe String(
              decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
          } ?? ""
        }
        return TypedCells(values: .texts(texts), missing: missing)
      }
    }
  }
}
