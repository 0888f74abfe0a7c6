/// Something that an artifact's reader should know, and where it stands.
public struct Finding: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable, Comparable {
    /// For information.
    case info
    /// Unusual, and no hindrance.
    case warning
    /// Keeps the artifact from being used.
    case error
    /// Would run code, or write outside its folder, in the hands of another program.
    case critical

    /// Whether the first is less bad.
    public static func < (first: Severity, second: Severity) -> Bool {
      first.rank < second.rank
    }

    private var rank: Int {
      switch self {
      case .info: 0
      case .warning: 1
      case .error: 2
      case .critical: 3
      }
    }
  }

  /// How bad it is.
  public let severity: Severity
  /// What it is, as a dotted word that programs can rely on.
  public let code: String
  /// What it is, for a person.
  public let message: String
  /// The member of the archive that it is in.
  public internal(set) var member: String?
  /// The byte of the member, unpacked, from 0.
  public let offset: Int?

  init(
    _ severity: Severity, _ code: String, _ message: String, member: String? = nil,
    offset: Int? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.member = member
    self.offset = offset
  }

  /// The code of what is said of a model that is described and not run.
  static let notRunHere = "model.unsupported_inference"

  /// The same, and no hindrance.
  var asWarning: Finding {
    Finding(.warning, code, message, member: member, offset: offset)
  }
}
