/// What keeps a file from being read, whatever its format.
public enum InputError: DiagnosedError, Hashable {
  /// There is no such file.
  case notFound(String)
  /// The path names a folder where a file is wanted.
  case isFolder(String)
  /// The operating system refuses the file; `reason` is its own word.
  case unreadable(String, reason: String)
  /// The file is larger than the limit, both in bytes.
  case tooLarge(String, limit: Int)
  /// What is in the file goes beyond a limit, which an option may raise.
  case beyondLimit(Place, String, raisedBy: Limits.Option?)
  /// The compressed file is damaged or cut off; `reason` is the unpacking library's word.
  case damaged(String, reason: String)
  /// The file is not JSON.
  case notJSON(Place, reason: String)
  /// The file is not text in UTF-8.
  case notText(Place)

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    switch self {
    case .notFound(let file):
      Diagnostic("no such file", at: Place(file), hint: "check the path")
    case .isFolder(let file):
      Diagnostic("is a folder, not a file", at: Place(file), hint: "name a file in it")
    case .unreadable(let file, let reason):
      Diagnostic("cannot be read: \(reason)", at: Place(file))
    case .tooLarge(let file, let limit):
      Diagnostic(
        "is larger than the limit of \(limit) bytes", at: Place(file),
        hint: Limits.Option.memory.hint)
    case .beyondLimit(let place, let limit, let option):
      Diagnostic("is beyond the limit of \(limit)", at: place, hint: option?.hint)
    case .damaged(let file, let reason):
      Diagnostic(
        "cannot be unpacked: \(reason)", at: Place(file), hint: "fetch or compress the file anew")
    case .notJSON(let place, let reason):
      Diagnostic("is not JSON: \(reason)", at: place, hint: "write the file anew")
    case .notText(let place):
      Diagnostic("is not UTF-8 text", at: place, hint: "save the file as UTF-8")
    }
  }
}
