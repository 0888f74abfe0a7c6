internal import InputReading

/// A form in which CloudWatch's tools write a log's events, other than as lines of text.
enum LogExport {
  /// Objects with messages, in whatever lists: get-log-events, filter-log-events, get-query-results
  /// and the console's downloads.
  case json
  /// A header and a message in each record.
  case csv
  /// `--output yaml`.
  case yaml
  /// `--output text`: `EVENTS`, then columns parted by tabs.
  case text

  /// One event.
  struct Event {
    var message: [UInt8]
    var line: Int
    var stream: String?
    /// As far as it is told, in whatever unit: only its order counts.
    var time: String?
  }

  /// Recognizes a form by a file's beginning; `nil` where it is lines of text.
  init?(bytes: [UInt8]) {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let head = String(decoding: bytes[start...].prefix(64 << 10), as: UTF8.self)
    let words = head.filter { !$0.isWhitespace }.prefix(8 << 10)
    let firstLine = head.prefix { !$0.isNewline }
    if words.hasPrefix("{") || words.hasPrefix("["),
      words.contains("\"events\":[") || words.contains("\"results\":[[")
        || words.hasPrefix("[{\"@") || words.hasPrefix("[[{\"field\"")
        || (firstLine.contains("\"message\":") && firstLine.contains("\"timestamp\":"))
        || (words.hasPrefix("[{\"") && words.contains("\"message\":")
          && words.contains("\"timestamp\":"))
    {
      self = .json
    } else if Self.header(of: Self.names(in: firstLine)) != nil {
      self = .csv
    } else if firstLine == "events:" {
      self = .yaml
    } else if firstLine.hasPrefix("EVENTS\t")
      || (firstLine.contains("\t") && head.contains("\nEVENTS\t"))
    {
      self = .text
    } else {
      return nil
    }
  }

  /// Reads the events, in the order of their time.
  func read(_ bytes: [UInt8], into reader: inout LogReader) {
    var events: [Event]
    switch self {
    case .json: events = Self.jsonEvents(in: bytes)
    case .csv: events = Self.csvEvents(in: bytes)
    case .yaml: events = Self.yamlEvents(in: bytes)
    case .text: events = Self.textEvents(in: bytes)
    }
    // Logs Insights tells the newest first.
    if let first = events.first?.time, let last = events.last?.time,
      (first.utf8.count, first) > (last.utf8.count, last)
    {
      events.reverse()
    }
    for event in events {
      reader.read(message: event.message, line: event.line, stream: event.stream)
    }
    reader.note(
      lineCount: bytes.count { $0 == 0x0A } + (bytes.last.map { $0 != 0x0A } == true ? 1 : 0),
      byteCount: bytes.count)
  }
}

// MARK: JSON

extension LogExport {
  /// The events of objects, wherever they stand; what is cut off behind them does not matter.
  ///
  /// A scan and not a parser: a file that ends early still tells what it has.
  private static func jsonEvents(in bytes: [UInt8]) -> [Event] {
    var events: [Event] = []
    var scanner = JSONTexts(bytes)
    var event = Event(message: [], line: 0)
    var hasMessage = false
    var field = ""
    func close() {
      if hasMessage { events.append(event) }
      event = Event(message: [], line: 0)
      hasMessage = false
    }
    while let token = scanner.next() {
      switch token {
      case .member(let key, let value, let line):
        // get-query-results has the key as a value, and the value beside it.
        var key = key
        if key == "field" {
          field = String(decoding: value, as: UTF8.self)
          continue
        }
        if key == "value" {
          key = field
          field = ""
        }
        switch key {
        case "message", "@message":
          event.message = value
          event.line = line
          hasMessage = true
        case "logStreamName", "@logStream":
          event.stream = String(decoding: value, as: UTF8.self)
        case "timestamp", "@timestamp": event.time = String(decoding: value, as: UTF8.self)
        default: break
        }
      case .objectEnd: if field.isEmpty, !scanner.isInFieldList { close() }
      case .arrayEnd: close()
      }
    }
    return events
  }
}

/// Walks over JSON text and tells the members whose values are no containers.
private struct JSONTexts {
  enum Token {
    case member(key: String, value: [UInt8], line: Int)
    case objectEnd
    case arrayEnd
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var key: String?
  private var depthOfLists = 0
  /// Whether the objects of the list are fields of one event.
  private(set) var isInFieldList = false

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func next() -> Token? {
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case 0x0A:
        line += 1
        position += 1
      case UInt8(ascii: "\""):
        let start = line
        guard let text = string() else { return nil }
        if let key {
          self.key = nil
          return .member(key: key, value: text, line: start)
        }
        var index = position
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { continue }
        let name = String(decoding: text, as: UTF8.self)
        if name == "field" { isInFieldList = true }
        key = name
      case UInt8(ascii: "}"):
        position += 1
        key = nil
        return .objectEnd
      case UInt8(ascii: "]"):
        position += 1
        key = nil
        isInFieldList = false
        return .arrayEnd
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        position += 1
        key = nil
      case UInt8(ascii: "-"), 0x30...0x39:
        let start = position
        while position < bytes.count, bytes[position] > 0x20,
          !",]}".utf8.contains(bytes[position])
        { position += 1 }
        guard let key else { continue }
        self.key = nil
        return .member(key: key, value: Array(bytes[start..<position]), line: line)
      default: position += 1
      }
    }
    return nil
  }

  /// Reads the text at the position; `nil` where it does not end.
  private mutating func string() -> [UInt8]? {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return text
      case UInt8(ascii: "\\"):
        guard position < bytes.count else { return nil }
        let escaped = bytes[position]
        position += 1
        switch escaped {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"): text += String(character()).utf8
        default: text.append(escaped)
        }
      case 0x0A:
        line += 1
        text.append(byte)
      default: text.append(byte)
      }
    }
    return nil
  }

  /// Reads the four digits behind \u, and a second half where there is one.
  private mutating func character() -> Character {
    let first = unit()
    if (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      let second = unit()
      if (0xDC00..<0xE000).contains(second) {
        let value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        return Unicode.Scalar(value).map(Character.init) ?? "\u{FFFD}"
      }
    }
    return Unicode.Scalar(first).map(Character.init) ?? "\u{FFFD}"
  }

  private mutating func unit() -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
      return 0xFFFD
    }
    position += digits.count
    return value
  }
}

// MARK: CSV

extension LogExport {
  private struct Header {
    var message: Int
    var stream: Int?
    var time: Int?
  }

  private static func names(in line: some StringProtocol) -> [String] {
    var records = DelimitedRecords(Array(line.utf8), separator: UInt8(ascii: ","))
    return records.next()?.texts ?? []
  }

  /// The columns of the console's exports.
  private static func header(of names: [String]) -> Header? {
    guard let message = names.firstIndex(where: { $0 == "message" || $0 == "@message" }) else {
      return nil
    }
    return Header(
      message: message,
      stream: names.firstIndex { $0 == "@logStream" || $0 == "logStreamName" },
      time: names.firstIndex { $0 == "timestamp" || $0 == "@timestamp" })
  }

  /// The records of RFC 4180; a message may have many lines.
  private static func csvEvents(in bytes: [UInt8]) -> [Event] {
    var records = DelimitedRecords(bytes, separator: UInt8(ascii: ","))
    guard let first = records.next(), let header = Self.header(of: first.texts) else { return [] }
    var events: [Event] = []
    while let record = records.next() {
      guard header.message < record.fields.count else { continue }
      func text(_ column: Int?) -> String? {
        column.flatMap { $0 < record.fields.count ? record.texts[$0] : nil }
      }
      events.append(
        Event(
          message: record.fields[header.message], line: record.line, stream: text(header.stream),
          time: text(header.time)))
    }
    return events
  }
}

// MARK: Texts of the CLI

extension LogExport {
  /// `EVENTS`, then in the columns' alphabetical order the id, the time taken in, the stream, the
  /// message and its time; get-log-events has neither id nor stream.
  private static func textEvents(in bytes: [UInt8]) -> [Event] {
    var events: [Event] = []
    var number = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
      guard fields.count >= 4, fields[0].elementsEqual("EVENTS".utf8) else {
        // A message of several lines goes on.
        if let last = events.indices.last, !fields[0].elementsEqual("SEARCHEDLOGSTREAMS".utf8) {
          events[last].message += [0x0A] + line
        }
        continue
      }
      func isNumber(_ index: Int) -> Bool {
        index < fields.count && !fields[index].isEmpty
          && fields[index].allSatisfy { $0 &- 0x30 < 10 }
      }
      let hasStream = fields.count >= 6 && isNumber(1) && isNumber(2)
      let first = hasStream ? 4 : 2
      let hasTime = isNumber(fields.count - 1)
      let end = hasTime ? fields.count - 1 : fields.count
      guard first < end else { continue }
      events.append(
        Event(
          message: Array(fields[first..<end].joined(separator: [0x09])), line: number,
          stream: hasStream ? String(decoding: fields[3], as: UTF8.self) : nil,
          time: hasTime ? String(decoding: fields[fields.count - 1], as: UTF8.self) : nil))
    }
    return events
  }

  /// A list of mappings under `events`, whose scalars are plain or quoted.
  private static func yamlEvents(in bytes: [UInt8]) -> [Event] {
    let root = try? RecordNode(yaml: String(decoding: bytes, as: UTF8.self), at: Place(""))
    return (root?["events"]?.elements ?? []).compactMap { entry in
      guard let message = entry["message"], let words = message.text else { return nil }
      return Event(
        message: Array(words.utf8), line: message.line, stream: entry["logStreamName"]?.text,
        time: entry["timestamp"]?.text)
    }
  }
}
