internal import InputReading
internal import TextSearch

/// Reads a log piece by piece, in memory that does not grow with it.
///
/// One search for many literals goes over every byte; only the lines that have one are looked at:
/// first by the job's own definitions, then by the rules for any library, then for signs of failure.
struct LogReader {
  /// What a literal is looked for.
  private enum Purpose: Sendable {
    case definition(Int)
    case metric
    case failure
    case traceback
  }

  /// What is kept of a stream of the log.
  private struct Stream {
    let name: String?
    /// For each definition its series, -1 where there is none yet.
    var series: [Int]
    var traceback: TracebackReader?
    /// The epoch that the last line with one told.
    var step: Double?
  }

  private struct Key: Hashable {
    let stream: Int
    let metric: MetricName
  }

  private let place: Place
  private let framework: Framework?
  private var definitions: [DefinitionMatcher]
  /// Definitions whose expression has no literal, which are tried on every line.
  private let unfilteredDefinitions: [Int]
  private let literals: LiteralSet
  private let purposes: [Purpose]
  // Many logs need neither.
  private lazy var styles = LogStyles()
  private lazy var rules = FailureRules(forLogs: true)

  private var streams: [Stream] = []
  private var streamNumbers: [String?: Int] = [:]
  /// The number of the stream without a name.
  private var plainStream: Int?
  private var collectors: [SeriesCollector] = []
  private var series: [Key: Int] = [:]
  private var failures: [JobFailure] = []
  private var traceback: Traceback?
  /// The lines that have ended.
  private var lineCount = 0
  private var isLineOpen = false
  private var byteCount = 0
  private var reportsSuccess = false

  /// Series of a log; beyond, values of new names are passed over, so that memory stays bounded.
  private static let mostSeries = 10_000
  private static let mostStreams = 1_000
  private static let mostFailures = 20
  /// Bytes of a line that are looked at.
  private static let longestLine = 1 << 20

  init(definitions: [MetricDefinition], framework: Framework?, place: Place) {
    self.place = place
    self.framework = framework
    self.definitions = definitions.map { DefinitionMatcher($0, framework: framework) }
    var literals: [[UInt8]] = []
    var purposes: [Purpose] = []
    var unfiltered: [Int] = []
    for (index, matcher) in self.definitions.enumerated() {
      guard matcher.isValid else { continue }
      guard !matcher.literals.isEmpty else {
        unfiltered.append(index)
        continue
      }
      literals += matcher.literals
      purposes += matcher.literals.map { _ in .definition(index) }
    }
    unfilteredDefinitions = unfiltered
    self.literals =
      literals.isEmpty ? Self.hints : LiteralSet(Self.hintTexts.map(\.text) + literals)
    self.purposes = Self.hintTexts.map(\.purpose) + purposes
  }

  /// The literals that are looked for in any log.
  private static let hintTexts: [(text: [UInt8], purpose: Purpose)] =
    (MetricName.hints + LogStyle.hints).map { (Array($0.utf8), .metric) }
    + FailureRule.hints.map { (Array($0.utf8), .failure) }
    + [(Array(TracebackReader.beginning.utf8), .traceback)]

  private static let hints = LiteralSet(hintTexts.map(\.text))

  /// The log as it was read.
  var log: LogFile {
    LogFile(
      series: collectors.map { $0.series(in: place) }, failures: failures,
      traceback: streams.lazy.compactMap { $0.traceback?.traceback }.first ?? traceback,
      lineCount: lineCount + (isLineOpen ? 1 : 0), byteCount: byteCount,
      reportsSuccess: reportsSuccess,
      definitions: definitions.map { $0.report(in: place) })
  }

  // MARK: Lines

  /// Reads whole lines of text, which are counted.
  mutating func read(_ text: Span<UInt8>, _ range: Range<Int>) {
    byteCount += range.count
    let before = lineCount
    read(text, range, lineNumber: nil, stream: nil)
    lineCount = before + ByteSearch.count(of: 0x0A, in: text, range)
    if let last = range.last { isLineOpen = text[last] != 0x0A }
  }

  /// Reads an event's message, all of whose lines stand on one line of the file.
  mutating func read(message: [UInt8], line: Int, stream: String?) {
    let span = message.span
    read(span, 0..<message.count, lineNumber: line, stream: streamNumber(stream))
  }

  /// Sets how much an export has, of which only the messages are read.
  mutating func note(lineCount: Int, byteCount: Int) {
    self.lineCount = lineCount
    self.byteCount = byteCount
  }

  private mutating func streamNumber(_ name: String?) -> Int {
    if name == nil, let plainStream { return plainStream }
    if let number = streamNumbers[name] { return number }
    guard streams.count < Self.mostStreams else { return 0 }
    streams.append(
      Stream(name: name, series: [Int](repeating: -1, count: definitions.count)))
    streamNumbers[name] = streams.count - 1
    if name == nil { plainStream = streams.count - 1 }
    return streams.count - 1
  }

  private mutating func read(
    _ text: Span<UInt8>, _ range: Range<Int>, lineNumber fixed: Int?, stream: Int?
  ) {
    var position = range.lowerBound
    var counted = range.lowerBound
    var number = lineCount + 1
    var found = FoundLiterals(definitionCount: definitions.count)
    while position < range.upperBound {
      var state = 0
      var start = position
      found.clear()
      for index in unfilteredDefinitions { found.add(definition: index) }
      if unfilteredDefinitions.isEmpty && !isInTraceback {
        guard let hit = literals.next(in: text, position..<range.upperBound, state: &state) else {
          return
        }
        start = ByteSearch.lastIndex(of: 0x0A, in: text, position..<hit.end).map { $0 + 1 } ?? start
        note(hit, &found)
        position = hit.end
      }
      let end =
        ByteSearch.firstIndex(of: 0x0A, in: text, position..<range.upperBound) ?? range.upperBound
      while let hit = literals.next(in: text, position..<end, state: &state) {
        note(hit, &found)
        position = hit.end
      }
      if fixed == nil {
        number += ByteSearch.count(of: 0x0A, in: text, counted..<start)
        counted = start
      }
      look(
        at: text, start..<min(end, start + Self.longestLine), line: fixed ?? number, stream: stream,
        found)
      position = end + 1
    }
  }

  private var isInTraceback: Bool { openTracebacks > 0 }
  private var openTracebacks = 0

  private func note(_ hit: LiteralSet.Hit, _ found: inout FoundLiterals) {
    for literal in literals.literals(of: hit) {
      switch purposes[literal] {
      case .definition(let index): found.add(definition: index)
      case .metric: found.hasMetric = true
      case .failure: found.hasFailure = true
      case .traceback: found.hasTraceback = true
      }
    }
  }

  // MARK: A line

  private mutating func look(
    at text: Span<UInt8>, _ line: Range<Int>, line number: Int, stream given: Int?,
    _ found: borrowing FoundLiterals
  ) {
    var body = line
    if body.count > 0, text[body.upperBound - 1] == 0x0D {
      body = body.lowerBound..<body.upperBound - 1
    }
    let stream: Int
    if let given {
      stream = given
    } else {
      let prefix = TailPrefix(text, body)
      body = prefix.end..<body.upperBound
      stream = streamNumber(prefix.stream)
    }
    if streams[stream].traceback != nil {
      continueTraceback(text, body, line: number, stream: stream)
      return
    }
    var isRead = false
    for index in found.definitions {
      isRead = read(definition: index, text, line, body, number: number, stream: stream) || isRead
    }
    if found.hasTraceback, !isRead {
      streams[stream].traceback = TracebackReader(at: place.at(.line(number)))
      openTracebacks += 1
      return
    }
    if !isRead, found.hasMetric {
      isRead = readAnyMetric(text, body, line: number, stream: stream)
    }
    if !isRead, found.hasFailure { readFailure(text, body, line: number) }
  }

  /// Reads the values that a definition finds in a line.
  private mutating func read(
    definition index: Int, _ text: Span<UInt8>, _ line: Range<Int>, _ body: Range<Int>,
    number: Int, stream: Int
  ) -> Bool {
    // The service sees a line without what the CLI puts before it, and tabs as #011.
    var values = definitions[index].values(in: text, body, line: number)
    var step = values.isEmpty ? nil : Self.bracketedStep(text, body)
    if values.isEmpty, ByteSearch.firstIndex(of: 0x09, in: text, body) != nil {
      let escaped = LogLine.escaped(body.map { text[$0] })
      let span = escaped.span
      values = definitions[index].values(in: span, 0..<escaped.count, line: number)
      step = values.isEmpty ? nil : Self.bracketedStep(span, 0..<escaped.count)
    }
    if values.isEmpty, body != line {
      values = definitions[index].values(in: text, line, line: number)
    }
    guard let first = values.first else { return false }
    if step == nil {
      step =
        styles.read(body.map { text[$0] }, framework: framework).step ?? streams[stream].step
    }
    var collector = streams[stream].series[index]
    if collector < 0 {
      guard collectors.count < Self.mostSeries else { return true }
      let matcher = definitions[index]
      collector = collectors.count
      collectors.append(
        SeriesCollector(
          name: matcher.definition.name, metric: matcher.metric, stream: streams[stream].name,
          framework: framework, first: SeriesPoint(number: first, step: step, line: number)))
      streams[stream].series[index] = collector
    }
    values.forEach { value in
      collectors[collector].add(
        SeriesPoint(number: value, step: step, line: number), isFinal: false)
    }
    return true
  }

  /// The number in [12] at a line's beginning.
  private static func bracketedStep(_ text: Span<UInt8>, _ line: Range<Int>) -> Double? {
    guard let first = line.first, text[first] == UInt8(ascii: "[") else { return nil }
    var step = 0
    var index = first + 1
    while index < line.upperBound, index < first + 16, text[index] &- 0x30 < 10 {
      step = 10 * step + Int(text[index] &- 0x30)
      index += 1
    }
    guard index > first + 1, index < line.upperBound, text[index] == UInt8(ascii: "]") else {
      return nil
    }
    return Double(step)
  }

  /// Reads the metrics of a line by the rules for any library.
  private mutating func readAnyMetric(
    _ text: Span<UInt8>, _ line: Range<Int>, line number: Int, stream: Int
  ) -> Bool {
    var isRead = false
    for segment in LogLine.segments(of: text, line) {
      let stated = styles.read(segment, framework: framework)
      if let step = stated.step, stated.metrics.isEmpty { streams[stream].step = step }
      for metric in stated.metrics {
        isRead = true
        let step = stated.step ?? (stated.followsStep ? streams[stream].step : nil)
        let point = SeriesPoint(number: metric.number, step: step, line: number)
        let key = Key(stream: stream, metric: metric.metric)
        if let collector = series[key] {
          collectors[collector].add(point, isFinal: metric.isFinal)
          continue
        }
        guard collectors.count < Self.mostSeries else { continue }
        var collector = SeriesCollector(
          name: metric.name, metric: metric.metric, stream: streams[stream].name,
          framework: stated.framework, first: point)
        collector.add(point, isFinal: metric.isFinal)
        series[key] = collectors.count
        collectors.append(collector)
        for index in definitions.indices {
          definitions[index].noteUnread(metric, line: number)
        }
      }
    }
    return isRead
  }

  // MARK: Failures

  private mutating func readFailure(_ text: Span<UInt8>, _ line: Range<Int>, line number: Int) {
    let bytes = line.map { text[$0] }
    if bytes.contains(UInt8(ascii: "R")),
      String(decoding: bytes, as: UTF8.self).contains("Reporting training SUCCESS")
    {
      reportsSuccess = true
      return
    }
    guard let rule = rules.first(in: text, line) else { return }
    note(rule, String(decoding: bytes, as: UTF8.self), line: number)
  }

  private mutating func note(_ rule: FailureRule, _ evidence: String, line: Int) {
    guard failures.count < Self.mostFailures, !failures.contains(where: { $0.code == rule.code })
    else { return }
    failures.append(
      JobFailure(
        rule, evidence: String(evidence.trimmingWhitespace.prefix(JobFailure.longestEvidence)),
        place: place.at(.line(line))))
  }

  private mutating func continueTraceback(
    _ text: Span<UInt8>, _ line: Range<Int>, line number: Int, stream: Int
  ) {
    let words = String(decoding: line.map { text[$0] }, as: UTF8.self)
    guard streams[stream].traceback?.read(words) == false else { return }
    traceback = streams[stream].traceback?.traceback
    streams[stream].traceback = nil
    openTracebacks -= 1
    let bytes = Array(words.utf8)
    let span = bytes.span
    let script = FailureRule.all.first { $0.code == "script_error" }
    if let rule = rules.first(in: span, 0..<bytes.count) ?? script {
      note(rule, words, line: number)
    }
  }
}

/// The literals that a line has.
private struct FoundLiterals: ~Copyable {
  private(set) var definitions: [Int] = []
  private var isFound: [Bool]
  var hasMetric = false
  var hasFailure = false
  var hasTraceback = false

  init(definitionCount: Int) {
    isFound = [Bool](repeating: false, count: definitionCount)
  }

  mutating func add(definition index: Int) {
    guard !isFound[index] else { return }
    isFound[index] = true
    // In the job's order, whatever the order in the line.
    let place = definitions.lastIndex { $0 < index }.map { $0 + 1 } ?? 0
    definitions.insert(index, at: place)
  }

  mutating func clear() {
    for index in definitions { isFound[index] = false }
    definitions.removeAll(keepingCapacity: true)
    hasMetric = false
    hasFailure = false
    hasTraceback = false
  }
}

/// What `aws logs tail` and exports put before a message: a time, and a stream perhaps.
private struct TailPrefix {
  /// Where the message begins.
  let end: Int
  /// The stream's name.
  let stream: String?

  /// `2026-11-24T06:09:20`, then a fraction and a zone perhaps, then a stream's name where there is a
  /// zone; colours may be around both.
  init(_ text: Span<UInt8>, _ line: Range<Int>) {
    var index = line.lowerBound
    func skipColor() {
      guard index < line.upperBound, text[index] == 0x1B else { return }
      while index < line.upperBound, text[index] != UInt8(ascii: "m") { index += 1 }
      index = min(index + 1, line.upperBound)
    }
    func skipDigits() {
      while index < line.upperBound, text[index] &- 0x30 < 10 { index += 1 }
    }
    skipColor()
    for form in "0000-00-00T00:00:00".utf8 {
      guard index < line.upperBound,
        form == UInt8(ascii: "0") ? text[index] &- 0x30 < 10 : text[index] == form
      else {
        (end, stream) = (line.lowerBound, nil)
        return
      }
      index += 1
    }
    if index < line.upperBound, text[index] == UInt8(ascii: ".") {
      index += 1
      skipDigits()
    }
    var hasZone = false
    if index < line.upperBound, text[index] == UInt8(ascii: "Z") {
      index += 1
    } else if index < line.upperBound, text[index] == UInt8(ascii: "+") {
      hasZone = true
      index += 1
      skipDigits()
      if index < line.upperBound, text[index] == UInt8(ascii: ":") { index += 1 }
      skipDigits()
    }
    skipColor()
    guard index < line.upperBound, text[index] == 0x20 else {
      (end, stream) = (line.lowerBound, nil)
      return
    }
    index += 1
    let start = index
    guard hasZone else {
      (end, stream) = (start, nil)
      return
    }
    skipColor()
    let name = index
    while index < line.upperBound, text[index] > 0x20 { index += 1 }
    let bytes = (name..<index).map { text[$0] }
    skipColor()
    guard bytes.contains(UInt8(ascii: "/")), index < line.upperBound, text[index] == 0x20 else {
      (end, stream) = (start, nil)
      return
    }
    (end, stream) = (index + 1, String(decoding: bytes, as: UTF8.self))
  }
}
