internal import InputReading

/// Opens tables, whatever their format.
enum TableSource {
  /// Opens a file, or standard input where `path` is `-`, and reads the columns' names.
  static func open(
    path: String, layout: TableLayout, limits: Limits
  ) throws(TableError) -> any RowSource {
    try DelimitedReader(ByteStream(path: path), layout: layout, limits: limits)
  }
}
