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

  /// The limits that hold unless others are asked for.
  public static let standard = Limits()

  /// Creates the standard limits.
  public init() {}
}
