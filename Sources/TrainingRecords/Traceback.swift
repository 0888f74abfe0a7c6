public import InputReading

/// The end of a Python traceback: what was raised, and where.
public struct Traceback: Hashable, Sendable {
  /// The exception's type and message; `nil` where the text ends before it.
  public let exception: String?
  /// The innermost frame that is no library's, as `train.py, line 12, in main`.
  public let frame: String?
  /// Where the traceback begins.
  public let place: Place

  /// The traceback in a sentence.
  public var sentence: String {
    let raised = exception ?? "the traceback is cut off before it says what was raised"
    return raised + (frame.map { " (\($0))" } ?? "")
  }

  /// Finds the last traceback of a text.
  init?(in text: String, at place: Place) {
    // The service keeps line breaks, and some tools write them as \n.
    var last: Traceback?
    var reader: TracebackReader?
    for line in text.replacing("\\n", with: "\n").split(whereSeparator: \.isNewline) {
      if var open = reader {
        let isOpen = open.read(line)
        reader = isOpen ? open : nil
        if !isOpen { last = open.traceback }
      }
      if reader == nil, TracebackReader.begins(line) { reader = TracebackReader(at: place) }
    }
    guard let found = reader?.traceback ?? last else { return nil }
    self = found
  }

  fileprivate init(exception: String?, frame: String?, place: Place) {
    self.exception = exception
    self.frame = frame
    self.place = place
  }
}

/// Reads a traceback line by line.
struct TracebackReader {
  private let place: Place
  private var exception: String?
  private var frame: String?
  private var lineCount = 0

  /// Lines of a traceback; deep recursion has more, and its end is the same.
  private static let longest = 2_000

  /// The words that a traceback begins with.
  static let beginning = "Traceback (most recent call last)"

  /// Whether a line begins a traceback.
  static func begins(_ line: some StringProtocol) -> Bool { line.contains(beginning) }

  init(at place: Place) {
    self.place = place
  }

  /// What has been read.
  var traceback: Traceback { Traceback(exception: exception, frame: frame, place: place) }

  /// Takes the next line; `false` where the traceback ends with it.
  mutating func read(_ line: some StringProtocol) -> Bool {
    lineCount += 1
    guard lineCount < Self.longest else { return false }
    let text = line.trimmingWhitespace
    guard !text.isEmpty else { return true }
    guard line.first?.isWhitespace == false else {
      if text.hasPrefix("File \"") { note(frame: text) }
      return true
    }
    exception = String(text.prefix(JobFailure.longestEvidence))
    return false
  }

  /// Keeps a frame: the last of the user's own, or where there is none the last of all.
  private mutating func note(frame text: String) {
    // File "/opt/ml/code/train.py", line 12, in main
    let parts = text.dropFirst(6).split(separator: "\"", maxSplits: 1)
    guard parts.count == 2 else { return }
    let isLibrary = ["site-packages", "dist-packages", "/lib/python", "<frozen"].contains {
      parts[0].contains($0)
    }
    let name = parts[0].split(separator: "/").last ?? parts[0]
    if !isLibrary || frame == nil { frame = "\(name)\(parts[1])" }
  }
}
