public import InputReading
internal import TextSearch

/// How a job's metric definition did on a log.
public struct DefinitionReport: Hashable, Sendable {
  /// Something that makes a definition give no value, or a wrong one.
  public struct Fault: Hashable, Sendable {
    /// What kind of fault it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      /// The pattern is no regular expression.
      case invalid = "invalid"
      /// It has no group that captures the value.
      case noGroup = "no_group"
      /// It matches no line.
      case matchesNothing = "matches_nothing"
      /// It matches several values of a line.
      case severalValues = "several_values"
      /// The group ends before the number does: 9.1 of 9.1e-01.
      case cutNumber = "cut_number"
      /// What the group captures is no number.
      case noNumber = "no_number"
      /// It tries too many ways, and was given up.
      case tooSlow = "too_slow"
    }

    /// What kind of fault it is.
    public let kind: Kind
    /// What is wrong, in a sentence.
    public let message: String
    /// The first line that shows it, cut where it is long.
    public let evidence: String?
    /// Where that line stands.
    public let place: Place
    /// How many lines show it.
    public let lineCount: Int
  }

  /// The definition.
  public let definition: MetricDefinition
  /// The lines that it matches.
  public let lineCount: Int
  /// What is wrong with it.
  public let faults: [Fault]

  init(definition: MetricDefinition, lineCount: Int, faults: [Fault]) {
    self.definition = definition
    self.lineCount = lineCount
    self.faults = faults
  }

  /// What one definition did in several logs: it matches where it matches in any, and each kind of
  /// fault is told of the first log that shows it.
  ///
  /// - Precondition: There is at least one report, all of one definition.
  public init(merging reports: [DefinitionReport]) {
    precondition(!reports.isEmpty, "a report is made of reports")
    let lineCount = reports.reduce(0) { $0 + $1.lineCount }
    let faults = reports.flatMap(\.faults).filter { $0.kind != .matchesNothing || lineCount == 0 }
    let kinds = Fault.Kind.allCases.filter { kind in faults.contains { $0.kind == kind } }
    self.init(
      definition: reports[0].definition, lineCount: lineCount,
      faults: kinds.compactMap { kind in
        let alike = faults.filter { $0.kind == kind }
        return alike.first { $0.evidence != nil } ?? alike.first
      })
  }
}

/// The values that a definition finds in a line; there is seldom more than one.
struct FoundValues {
  private(set) var first: PrintedNumber?
  private var others: [PrintedNumber] = []

  var isEmpty: Bool { first == nil }
  var count: Int { first == nil ? 0 : 1 + others.count }

  mutating func append(_ number: PrintedNumber) {
    if first == nil { first = number } else { others.append(number) }
  }

  func forEach(_ body: (PrintedNumber) -> Void) {
    if let first { body(first) }
    others.forEach(body)
  }
}

/// A definition's expression, and what is noticed while it is used.
final class DefinitionMatcher {
  private struct Sign {
    let line: Int
    let evidence: String
    let detail: String
    var count = 1
  }

  let definition: MetricDefinition
  let metric: MetricName
  /// Literals of which each line that matches has one; empty where there is none.
  let literals: [[UInt8]]

  private let expression: RegularExpression?
  private let error: RegularExpressionError?
  private var lineCount = 0
  private var signs: [DefinitionReport.Fault.Kind: Sign] = [:]
  private var unread: Sign?

  var isValid: Bool { expression.map { $0.groupCount > 0 } ?? false }

  init(_ definition: MetricDefinition, framework: Framework?) {
    self.definition = definition
    metric = MetricName(defined: definition.name, framework: framework)
    do throws(RegularExpressionError) {
      expression = try RegularExpression(definition.pattern)
      error = nil
    } catch {
      expression = nil
      self.error = error
    }
    let literal = RequiredLiteral.of(definition.pattern) ?? []
    // A log that did not pass through the service has the control characters themselves.
    let plain = LogLine.segments(of: literal.span, literal.indices).first ?? []
    literals =
      literal.isEmpty ? [] : plain.isEmpty || plain == literal ? [literal] : [literal, plain]
  }

  /// The values in a line.
  func values(in text: Span<UInt8>, _ line: Range<Int>, line lineNumber: Int) -> FoundValues {
    var values = FoundValues()
    guard let expression, expression.matches(text, in: line) else { return values }
    var hasNumber = false
    repeat {
      guard let whole = expression.range(ofGroup: 0) else { break }
      if let group = expression.range(ofGroup: 1), !group.isEmpty {
        let end = Self.numberEnd(text, group, line)
        if let number = PrintedNumber(text, in: group.lowerBound..<end)?.asStated() {
          hasNumber = true
          values.append(number)
          if end > group.upperBound {
            note(
              .cutNumber, text, line, lineNumber,
              "'\(Self.word(text, group))' of '\(Self.word(text, group.lowerBound..<end))'")
          }
        } else if let number = Self.notFinite(Self.word(text, group)) {
          hasNumber = true
          values.append(number)
        } else {
          note(.noNumber, text, line, lineNumber, "'\(Self.word(text, group))'")
        }
      }
      let next = max(whole.upperBound, whole.lowerBound + 1)
      guard next < line.upperBound, expression.matches(text, in: line, from: next) else { break }
    } while values.count < Self.mostValues
    if values.count > 1 {
      note(.severalValues, text, line, lineNumber, "\(values.count) values")
    }
    if hasNumber { lineCount += 1 }
    return values
  }

  /// Values of one line.
  private static let mostValues = 1_000
  private static let longestEvidence = 160

  /// Where a number ends whose beginning was captured: a group may leave its exponent out.
  private static func numberEnd(
    _ text: Span<UInt8>, _ group: Range<Int>, _ line: Range<Int>
  ) -> Int {
    func isDigit(_ index: Int) -> Bool { index < line.upperBound && text[index] &- 0x30 < 10 }
    // Only a number can be cut.
    guard isDigit(group.upperBound - 1) || text[group.upperBound - 1] == UInt8(ascii: ".") else {
      return group.upperBound
    }
    var end = group.upperBound
    while isDigit(end) { end += 1 }
    let hasPoint = (group.lowerBound..<end).contains { text[$0] == UInt8(ascii: ".") }
    if !hasPoint, end < line.upperBound, text[end] == UInt8(ascii: "."), isDigit(end + 1) {
      end += 1
      while isDigit(end) { end += 1 }
    }
    let hasExponent = (group.lowerBound..<end).contains { text[$0] | 0x20 == UInt8(ascii: "e") }
    if !hasExponent, end < line.upperBound, text[end] | 0x20 == UInt8(ascii: "e") {
      var digits = end + 1
      if digits < line.upperBound, text[digits] == 0x2B || text[digits] == 0x2D { digits += 1 }
      if isDigit(digits) {
        end = digits
        while isDigit(end) { end += 1 }
      }
    }
    return end
  }

  private static func word(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: range.prefix(longestEvidence).map { text[$0] }, as: UTF8.self)
  }

  private static func notFinite(_ word: String) -> PrintedNumber? {
    let word = word.lowercased()
    return ["nan", "inf", "infinity"].contains(word) ? PrintedNumber(notFinite: word) : nil
  }

  private func note(
    _ kind: DefinitionReport.Fault.Kind, _ text: Span<UInt8>, _ line: Range<Int>, _ number: Int,
    _ detail: @autoclosure () -> String
  ) {
    if signs[kind] != nil {
      signs[kind]?.count += 1
    } else {
      signs[kind] = Sign(line: number, evidence: Self.word(text, line), detail: detail())
    }
  }

  /// Keeps a line that states the definition's metric and that it did not match.
  func noteUnread(_ metric: StatedMetric, line: Int) {
    guard lineCount == 0, unread == nil, metric.metric.id == self.metric.id,
      metric.metric.split == self.metric.split || self.metric.split == nil
    else { return }
    unread = Sign(line: line, evidence: metric.name, detail: "")
  }

  /// What was noticed.
  func report(in place: Place) -> DefinitionReport {
    typealias Fault = DefinitionReport.Fault
    var faults: [Fault] = []
    func add(_ kind: Fault.Kind, _ message: String, _ sign: Sign? = nil) {
      faults.append(
        Fault(
          kind: kind, message: message, evidence: sign?.evidence,
          place: sign.map { place.at(.line($0.line)) } ?? place, lineCount: sign?.count ?? 0))
    }
    if let error {
      add(.invalid, "is no regular expression: \(error.message) at byte \(error.offset)")
    } else if !isValid {
      add(.noGroup, "has no group in parentheses that captures the value")
    } else {
      if lineCount == 0, signs[.noNumber] == nil {
        let hint = unread.map { "; line \($0.line) states it as '\($0.evidence)'" } ?? ""
        add(.matchesNothing, "matches no line\(hint)", unread)
      }
      let sentences: [(Fault.Kind, (String) -> String)] = [
        (.noNumber, { "captures \($0), which is no number" }),
        (.cutNumber, { "captures \($0), and so states another value" }),
        (.severalValues, { "finds \($0) in one line, and does not say which is meant" }),
      ]
      for (kind, sentence) in sentences {
        if let sign = signs[kind] { add(kind, sentence(sign.detail), sign) }
      }
      if expression?.exceededLimit == true {
        add(.tooSlow, "tries too many ways on some lines, and was given up there")
      }
    }
    return DefinitionReport(definition: definition, lineCount: lineCount, faults: faults)
  }
}
