internal import InputReading
internal import ModelArtifacts
internal import NumericKernels
internal import TableFiles
internal import TextSearch

/// The libraries in use, with their versions.
enum Libraries {
  /// Those that the program is linked with.
  static var linked: [(name: String, version: String)] {
    [
      ("OpenBLAS", BLAS.libraryVersion), ("libarchive", LibraryVersions.archive),
      ("simdjson", LibraryVersions.simdJSON), ("PCRE2", RegularExpression.libraryVersion),
    ]
  }

  /// Those that are looked for when they are needed; `nil` where one is not found.
  static var looked: [(name: String, version: String?)] {
    [("DuckDB", DuckDBVersion.found), ("ONNX Runtime", ONNXRuntimeVersion.found)]
  }

  /// A line for each.
  static var lines: String {
    linked.map { "\($0.name) \($0.version)\n" }.joined()
      + looked.map { "\($0.name) \($0.version ?? "not found")\n" }.joined()
  }
}
