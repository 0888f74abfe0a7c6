/// How much of anything a reader takes before it gives up: the bounds that keep hostile input from
/// exhausting the machine, all in one place.
public struct Limits: Hashable, Sendable {
  /// Bytes of a file that is held in memory as a whole: an artifact, a job description.
  public var fileSize = 4 << 30
  /// Bytes of a text file that is held in memory as a whole: a log, a settings file.
  public var textSize = 256 << 20
  /// Members of an archive.
  public var memberCount = 100_000
  /// Bytes of one unpacked member.
  public var memberSize = 2 << 30
  /// Bytes of all unpacked members of one archive together.
  public var archiveSize = 4 << 30
  /// Values and containers inside one another, in JSON and in pickles.
  public var nesting = 256
  /// Values that one pickle may build.
  public var pickleValues = 20_000_000
  /// Bytes of one record of a table.
  public var recordSize = 16 << 20
  /// Columns of a table.
  public var columnCount = 100_000
  /// Distinct class labels; the confusion matrix has this number squared of cells.
  public var classCount = 4_096
  /// Bytes of memory that the program may take, where not all there are.
  ///
  /// The program ends itself beyond them; no reader knows.
  public private(set) var memory: Int?
  /// Seconds that the program may take, where not any number.
  ///
  /// The program ends itself after them; no reader knows.
  public var seconds: Double?

  /// The limits that hold unless others are asked for.
  public static let standard = Limits()

  /// Creates the standard limits.
  public init() {}

  /// The options of the command line that set limits.
  public enum Option: String, Hashable, Sendable {
    case memberSize = "--max-member-size"
    case memory = "--max-memory"
    case seconds = "--timeout"

    /// What to do about an input that is beyond the limit.
    public var hint: String { "raise the limit with \(rawValue) if you trust what you read" }
  }

  /// Bounds the memory of the program, and with it what is held in memory as a whole.
  ///
  /// Text is bounded by a sixteenth, as the values that are read from it take several times its bytes.
  public mutating func setMemory(_ byteCount: Int) {
    memory = byteCount
    fileSize = byteCount
    archiveSize = byteCount
    textSize = byteCount / 16
  }

  /// What there is room for when another member of an archive is unpacked.
  public struct Room: Hashable, Sendable {
    /// The bytes that the member may have.
    public let byteCount: Int
    /// The limit, in words.
    public let limit: String
    /// The option that sets it.
    public let option: Option

    fileprivate init(byteCount: Int, limit: String, option: Option) {
      self.byteCount = byteCount
      self.limit = limit
      self.option = option
    }

    /// The room for so many unpacked bytes.
    public init(byteCount: Int) {
      self.init(byteCount: byteCount, limit: "\(byteCount) unpacked bytes", option: .memory)
    }
  }

  /// The room for a file that is compressed as a whole.
  public var roomForFile: Room { Room(byteCount: archiveSize) }

  /// The room for a member of an archive of which so many bytes are unpacked.
  public func room(after unpacked: Int) -> Room {
    let rest = archiveSize - unpacked
    return memberSize < rest
      ? Room(
        byteCount: memberSize, limit: "\(memberSize) bytes of a member", option: .memberSize)
      : Room(byteCount: rest, limit: "\(archiveSize) unpacked bytes", option: .memory)
  }
}
