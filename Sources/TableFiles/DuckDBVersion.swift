internal import CDuckDB
internal import Foundation

/// DuckDB, by which Parquet files are read and statements are answered.
public enum DuckDBVersion {
  /// The version of the library that is found, such as `1.4.0`; `nil` where there is none.
  ///
  /// - Complexity: The library is opened, which takes about a tenth of a second.
  public static var found: String? {
    let library = try? DuckDBLibrary.open(environment: ProcessInfo.processInfo.environment)
    return library.map { library in
      let version = library.version
      return version.hasPrefix("v") ? String(version.dropFirst()) : version
    }
  }
}
