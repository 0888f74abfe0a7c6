internal import CArchive
internal import CSimdJSON

/// The versions of the libraries that files are read by.
public enum LibraryVersions {
  /// libarchive's, such as `3.6.2`.
  public static var archive: String {
    // The name stands before it.
    let text = unsafe archive_version_string().map { unsafe String(cString: $0) } ?? ""
    return text.split(separator: " ").last.map(String.init) ?? ""
  }

  /// simdjson's, such as `3.0.1`.
  public static var simdJSON: String {
    unsafe csj_version().map { unsafe String(cString: $0) } ?? ""
  }
}
