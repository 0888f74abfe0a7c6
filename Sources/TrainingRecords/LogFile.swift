public import InputReading

/// What a training log states: metrics, and signs of failure.
public struct LogFile: Sendable {
  /// Each metric's values, in the order in which they begin.
  public let series: [MetricSeries]
  /// Signs of failure, each kind once, in the order of the log.
  public let failures: [JobFailure]
  /// The last Python traceback.
  public let traceback: Traceback?
  /// The lines of the file.
  public let lineCount: Int
  /// The bytes of the file.
  public let byteCount: Int
  /// Whether the training toolkit says that the script ended well.
  public let reportsSuccess: Bool
  /// How the job's own definitions did.
  public let definitions: [DefinitionReport]

  /// What the job ends with: of each metric the final value, in the order of the log.
  public var metrics: [LoggedMetric] {
    series.map(\.result).sorted { ($0.line ?? 0) < ($1.line ?? 0) }
  }

  /// Reads a log, in memory that does not grow with it.
  ///
  /// Plain text, compressed or not, what `aws logs tail`, `get-log-events`, `filter-log-events` and `get-query-results`
  /// print, and the console's exports. Bytes that are not UTF-8 are read as the sign for what cannot
  /// be read.
  ///
  /// - Parameters:
  ///   - path: The file; `-` is standard input.
  ///   - definitions: The job's own metric definitions; lines that none of them matches are read by
  ///     the rules for any library.
  ///   - framework: The library that the job trains with, where that is known.
  ///   - limits: `textSize` bounds the exports that are held in memory.
  /// - Throws: `InputError` if the file cannot be read, or its compressed data is damaged.
  /// - Complexity: O(*n*) of the bytes.
  public init(
    path: String, definitions: [MetricDefinition] = [], framework: Framework? = nil,
    limits: Limits = .standard
  ) throws(InputError) {
    let stream = try ContentStream(path: path)
    let place = Place(path == "-" ? "standard input" : path)
    var reader = LogReader(definitions: definitions, framework: framework, place: place)
    var buffer: [UInt8] = []
    while buffer.count < Self.blockSize, try stream.read(Self.blockSize, into: &buffer) > 0 {}
    if LogExport(bytes: buffer) != nil {
      while try stream.read(Self.blockSize, into: &buffer) > 0 {
        guard buffer.count <= limits.textSize else {
          throw .tooLarge(path, limit: limits.textSize)
        }
      }
      LogExport(bytes: buffer)?.read(buffer, into: &reader)
      self = reader.log
      return
    }
    repeat {
      // A line that does not end within a block is read in pieces of one.
      let end = buffer.lastIndex(of: 0x0A).map { $0 + 1 } ?? buffer.count
      Self.read(buffer, upTo: end, into: &reader)
      buffer.removeFirst(end)
    } while try stream.read(Self.blockSize, into: &buffer) > 0
    Self.read(buffer, upTo: buffer.count, into: &reader)
    self = reader.log
  }

  private static func read(_ bytes: [UInt8], upTo end: Int, into reader: inout LogReader) {
    let span = bytes.span
    reader.read(span, 0..<end)
  }

  /// Bytes that are read at once.
  private static let blockSize = 1 << 20

  /// Reads the bytes of a log.
  public init(
    _ bytes: [UInt8], from place: Place, definitions: [MetricDefinition] = [],
    framework: Framework? = nil
  ) {
    var reader = LogReader(definitions: definitions, framework: framework, place: place)
    if let export = LogExport(bytes: bytes) {
      export.read(bytes, into: &reader)
    } else {
      Self.read(bytes, upTo: bytes.count, into: &reader)
    }
    self = reader.log
  }

  init(
    series: [MetricSeries], failures: [JobFailure], traceback: Traceback?, lineCount: Int,
    byteCount: Int, reportsSuccess: Bool, definitions: [DefinitionReport]
  ) {
    self.series = series
    self.failures = failures
    self.traceback = traceback
    self.lineCount = lineCount
    self.byteCount = byteCount
    self.reportsSuccess = reportsSuccess
    self.definitions = definitions
  }
}
