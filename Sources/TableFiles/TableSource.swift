internal import Foundation
internal import InputReading

/// Opens tables, whatever their format.
enum TableSource {
  /// Opens a table.
  ///
  /// - Throws: ``TableError`` also if files of one table have different columns.
  static func open(_ input: TableInput, limits: Limits) throws(TableError) -> any RowSource {
    switch input {
    case .files(let paths, let layout):
      try open(paths: paths, layout: layout, limits: limits)
    case .query(let sql):
      try DuckDBSource(sql: sql, place: Place(input.name), library: duckDB())
    }
  }

  private static func open(
    paths: [String], layout: TableLayout, limits: Limits
  ) throws(TableError) -> any RowSource {
    var files: [String] = []
    do throws(InputError) {
      for path in paths { files += path == "-" ? [path] : try FilePattern.files(path) }
    } catch { throw .input(error) }
    guard files.count > 1 else {
      return try open(path: files.first ?? "", layout: layout, limits: limits)
    }
    return try FileSequence(files) { path throws(TableError) in
      try open(path: path, layout: layout, limits: limits)
    }
  }

  /// Opens a file and reads the columns' names.
  private static func open(
    path: String, layout: TableLayout, limits: Limits
  ) throws(TableError) -> any RowSource {
    let stream = try ByteStream(path: path)
    let format: TableFormat
    if let named = layout.format { format = named } else { format = try Self.format(of: stream) }
    switch format {
    case .csv: return try DelimitedReader(stream, layout: layout, limits: limits)
    case .tsv:
      var layout = layout
      layout.separator = .tab
      return try DelimitedReader(stream, layout: layout, limits: limits)
    case .jsonl: return try JSONSource(stream, isLines: true, limits: limits)
    case .json: return try JSONSource(stream, isLines: false, limits: limits)
    case .npy: return try NumPySource(array: stream, limits: limits)
    case .npz: return try NumPySource(archive: stream, limits: limits)
    case .parquet:
      guard path != "-" else {
        throw .notDelimited(stream.place, kind: "a Parquet file, which is read by its name")
      }
      return try DuckDBSource(parquet: [path], place: stream.place, library: duckDB())
    }
  }

  private static func duckDB() throws(TableError) -> DuckDBLibrary {
    try DuckDBLibrary.open(environment: ProcessInfo.processInfo.environment)
  }

  /// The format that a file's first bytes tell: delimited text where they tell no other.
  private static func format(of stream: ByteStream) throws(TableError) -> TableFormat {
    let bytes = try stream.peek(64)
    let magics: [(magic: [UInt8], format: TableFormat)] = [
      (Array("PAR1".utf8), .parquet), (NumPyArray.magic, .npy), (Array("PK\u{3}\u{4}".utf8), .npz),
      (Array("PK\u{5}\u{6}".utf8), .npz),
    ]
    if let found = magics.first(where: { bytes.starts(with: $0.magic) }) { return found.format }
    // No header begins with a bracket.
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    let first = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .json : .csv
  }
}

/// Files of the same columns, one after the other.
private final class FileSequence: RowSource {
  let place: Place
  let columns: [String]
  private let first: any RowSource
  private let paths: [String]
  private let open: (String) throws(TableError) -> any RowSource
  /// The files read and the rows that are read when each begins.
  private var read: [(source: any RowSource, rowsBefore: Int)] = []

  init(
    _ paths: [String], open: @escaping (String) throws(TableError) -> any RowSource
  ) throws(TableError) {
    first = try open(paths[0])
    self.paths = paths
    self.open = open
    place = Place("\(paths[0]) and \(String(paths.count - 1, of: "other file"))")
    columns = first.columns
  }

  var unnamed: UnnamedContent? { first.unnamed }

  var isHeldWhole: Bool { first.isHeldWhole }

  func read(into wanted: inout WantedColumns) throws(TableError) {
    let names = wanted.indices.map { columns[$0] }
    for (number, path) in paths.enumerated() {
      let source = number == 0 ? first : try open(path)
      guard Set(source.columns) == Set(columns) else {
        throw .otherColumns(source.place, first: paths[0], columns: source.columns)
      }
      read.append((source, wanted.rowCount))
      let indices = names.map { name in source.columns.firstIndex(of: name) ?? 0 }
      let whole = wanted.indices
      wanted.take(from: indices)
      defer { wanted.take(from: whole) }
      try source.read(into: &wanted)
    }
  }

  func place(ofRow row: Int, column: String?) -> Place {
    guard let file = read.last(where: { $0.rowsBefore < row }) else { return place }
    return file.source.place(ofRow: row - file.rowsBefore, column: column)
  }
}
