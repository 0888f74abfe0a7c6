internal import Glibc

/// Paths with the shell's wildcards.
public enum FilePattern {
  /// The paths that a pattern matches, by code points; empty where there is none.
  public static func matches(_ pattern: String) -> [String] {
    var result = unsafe glob_t()
    defer { unsafe globfree(&result) }
    guard unsafe glob(pattern, GLOB_NOSORT, nil, &result) == 0 else { return [] }
    var paths: [String] = []
    for index in 0..<(unsafe Int(result.gl_pathc)) {
      if let path = unsafe result.gl_pathv[index] { paths.append(unsafe String(cString: path)) }
    }
    return paths.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  }

  /// The files that a path given by a person names: a file itself, those of a folder that are not
  /// hidden, or those that a pattern matches.
  ///
  /// - Returns: the path itself where it names neither a folder nor a pattern's matches.
  /// - Throws: ``InputError`` if a folder cannot be read.
  public static func files(_ path: String) throws(InputError) -> [String] {
    switch FileKind(path: path) {
    case .folder:
      // Programs that write folders of parts leave notes such as `_SUCCESS` beside them.
      let names = try InputFile.names(in: path).filter { !$0.hasPrefix(".") && !$0.hasPrefix("_") }
      let files = names.map { path + "/" + $0 }.filter { FileKind(path: $0) == .file }
      return files.isEmpty ? [path] : files
    case .file: return [path]
    case nil:
      guard path.contains(where: { "*?[".contains($0) }) else { return [path] }
      let found = matches(path)
      return found.isEmpty ? [path] : found
    }
  }
}
