internal import InputReading

/// A condition that a metric must meet: `accuracy > 0.90`.
///
/// It may hold for a slice of the rows (`recall > 0.8 where region = eu`), be required of the
/// metric's interval (`accuracy > 0.90 at 95%`), and be relative to an earlier model
/// (`roc_auc >= baseline - 0.01`).
public struct Gate: Hashable, Sendable, CustomStringConvertible {
  /// How a value is compared with the threshold.
  public enum Comparison: String, Hashable, Sendable, CaseIterable {
    /// The value is above it.
    case greater = ">"
    /// The value is above it or equal.
    case greaterOrEqual = ">="
    /// The value is below it.
    case less = "<"
    /// The value is below it or equal.
    case lessOrEqual = "<="

    /// Whether a value meets the threshold.
    ///
    /// Both are doubles. A quotient of counts is rounded once and keeps its order with a threshold
    /// of up to 15 digits, so that 9 of 10 is not above 0.90.
    func holds(_ value: Double, _ threshold: Double) -> Bool {
      switch self {
      case .greater: value > threshold
      case .greaterOrEqual: value >= threshold
      case .less: value < threshold
      case .lessOrEqual: value <= threshold
      }
    }

    /// Whether values must be above the threshold, so that an interval's lower end decides.
    var isLowerBound: Bool { self == .greater || self == .greaterOrEqual }
  }

  /// What a value is compared with.
  public enum Bound: Hashable, Sendable {
    /// A number.
    case number(Double)
    /// The metric's value of an earlier model, and so much more.
    case baseline(offset: Double)
  }

  /// What a column must hold in the rows that count.
  public struct Condition: Hashable, Sendable {
    /// The column's name.
    public let column: String
    /// The cell's text.
    public let value: String
  }

  /// The metric's name.
  public let metric: String
  /// How it is compared.
  public let comparison: Comparison
  /// What it is compared with.
  public let bound: Bound
  /// The level of the interval that must lie on the right side; `nil` where the value alone counts.
  public let level: Double?
  /// What rows must hold to count; empty where all rows do.
  public let slice: [Condition]

  /// The number that the value is compared with; `nil` where only a baseline tells it.
  public var threshold: Double? {
    if case .number(let number) = bound { number } else { nil }
  }

  /// Whether an earlier model's metrics are needed.
  public var needsBaseline: Bool { threshold == nil }

  /// Reads a condition: *metric* *comparison* *bound* [`at` *level*] [`where` *column* = *value*
  /// [`and` …]].
  ///
  /// The bound is a number, `baseline`, or `baseline` plus or minus a number; the level a percentage
  /// or a fraction. Columns and values with blanks stand in quotation marks of either kind.
  ///
  /// - Throws: ``GateError`` if the text is something else.
  public init(_ text: String) throws(GateError) {
    guard let start = text.firstIndex(where: { "<>=".contains($0) }) else {
      throw .noComparison(text)
    }
    let end = text[start...].firstIndex { !"<>=".contains($0) } ?? text.endIndex
    guard let comparison = Comparison(rawValue: String(text[start..<end])) else {
      throw .noComparison(text)
    }
    let name = text[..<start].trimmingWhitespace.lowercased()
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "_-.:".contains($0) })
    else { throw .noMetric(text) }
    metric = name
    self.comparison = comparison
    let (required, conditions) = text[end...].parted(by: "where")
    let (threshold, level) = required.parted(by: "at")
    guard let bound = Bound(threshold) else { throw .noThreshold(text) }
    self.bound = bound
    self.level = level.flatMap(Self.level)
    guard level == nil || self.level != nil else { throw .noLevel(text) }
    let slice = conditions.map(Self.conditions) ?? []
    guard let slice else { throw .noSlice(text) }
    self.slice = slice
  }

  private static func level(_ text: Substring) -> Double? {
    let text = text.trimmingWhitespace
    let isPercentage = text.hasSuffix("%")
    let digits = isPercentage ? String(text.dropLast()).trimmingWhitespace : text
    let hasExponent = digits.contains { "eE".contains($0) }
    // A percentage is shifted before it is rounded: 99.9 % is 0.999.
    guard !(isPercentage && hasExponent),
      let level = Double(decimal: isPercentage ? digits + "e-2" : digits)
    else { return nil }
    return level > 0 && level < 1 ? level : nil
  }

  private static func conditions(_ text: Substring) -> [Condition]? {
    var rest = text
    var conditions: [Condition] = []
    repeat {
      guard let column = rest.removeName(before: "="), rest.removePrefix("="),
        let value = rest.removeName(before: nil)
      else { return nil }
      conditions.append(Condition(column: column, value: value))
    } while rest.removePrefix("and")
    return rest.isEmpty ? conditions : nil
  }

  /// The condition as it is read.
  public var description: String {
    var text = "\(metric) \(comparison.rawValue) "
    switch bound {
    case .number(let number): text += "\(number)"
    case .baseline(0): text += "baseline"
    case .baseline(let offset): text += "baseline \(offset < 0 ? "-" : "+") \(abs(offset))"
    }
    if let level { text += " at \(Self.percentage(level))" }
    if !slice.isEmpty { text += " where \(Self.written(slice))" }
    return text
  }

  /// A level as a percentage, with no more digits than it was given with.
  public static func percentage(_ level: Double) -> String {
    let digits = (level * 1e12).rounded() / 1e10
    return digits == digits.rounded() ? "\(Int(digits))%" : "\(digits)%"
  }

  /// Conditions as they are read.
  public static func written(_ slice: [Condition]) -> String {
    slice.map { "\(quoted($0.column)) = \(quoted($0.value))" }.joined(separator: " and ")
  }

  private static func quoted(_ name: String) -> String {
    let isPlain =
      !name.isEmpty && name.allSatisfy { !$0.isWhitespace && !"='\"".contains($0) }
    guard !isPlain else { return name }
    return name.contains("'") ? "\"\(name)\"" : "'\(name)'"
  }
}

extension Gate.Bound {
  /// Reads a number, `baseline`, or `baseline` plus or minus a number.
  fileprivate init?(_ text: Substring) {
    let text = text.trimmingWhitespace
    guard text.lowercased().hasPrefix("baseline") else {
      guard let number = Double(decimal: text) else { return nil }
      self = .number(number)
      return
    }
    let rest = String(text.dropFirst("baseline".count)).trimmingWhitespace
    guard let sign = rest.first else {
      self = .baseline(offset: 0)
      return
    }
    let digits = String(rest.dropFirst()).trimmingWhitespace
    guard "+-".contains(sign), digits.first?.isNumber == true || digits.first == ".",
      let number = Double(decimal: digits)
    else { return nil }
    self = .baseline(offset: sign == "-" ? -number : number)
  }
}

// MARK: Reading

extension Substring {
  /// What stands before a word between blanks, and what behind it where it is there.
  fileprivate func parted(by word: String) -> (Substring, Substring?) {
    var index = startIndex
    while let blank = self[index...].firstIndex(where: \.isWhitespace) {
      let next = self[blank...].firstIndex { !$0.isWhitespace } ?? endIndex
      let end = self[next...].firstIndex(where: \.isWhitespace) ?? endIndex
      if self[next..<end].lowercased() == word { return (self[..<blank], self[end...]) }
      index = next
      guard index < endIndex else { break }
    }
    return (self, nil)
  }

  /// Takes a word, or a text in quotation marks, off the beginning; `nil` where there is none.
  fileprivate mutating func removeName(before end: Character?) -> String? {
    self = drop(while: \.isWhitespace)
    guard let first else { return nil }
    if first == "'" || first == "\"" {
      let inner = dropFirst()
      guard let close = inner.firstIndex(of: first) else { return nil }
      self = inner[inner.index(after: close)...]
      return String(inner[..<close])
    }
    let name = prefix { !$0.isWhitespace && $0 != end }
    self = dropFirst(name.count)
    return name.isEmpty ? nil : String(name)
  }

  /// Takes a word or sign off the beginning, and the blanks before it; `false` where it is not there.
  fileprivate mutating func removePrefix(_ word: String) -> Bool {
    self = drop(while: \.isWhitespace)
    guard prefix(word.count).lowercased() == word else { return false }
    let rest = dropFirst(word.count)
    guard word == "=" || rest.first?.isWhitespace == true else { return false }
    self = rest
    return true
  }
}

/// What is wrong with a gate's text.
public enum GateError: Error, Hashable, Sendable {
  /// There is none of `>`, `>=`, `<`, `<=` in it.
  case noComparison(String)
  /// There is no metric's name before the comparison.
  case noMetric(String)
  /// There is neither a number nor a baseline behind the comparison.
  case noThreshold(String)
  /// There is no level behind `at`.
  case noLevel(String)
  /// There is no column and value behind `where`.
  case noSlice(String)

  /// What is wrong.
  public var message: String {
    switch self {
    case .noComparison(let text): "the gate '\(text)' has no comparison: >, >=, < or <="
    case .noMetric(let text): "the gate '\(text)' names no metric before its comparison"
    case .noThreshold(let text): "the gate '\(text)' has no number behind its comparison"
    case .noLevel(let text): "the gate '\(text)' has no level between 0 and 100 % behind 'at'"
    case .noSlice(let text): "the gate '\(text)' has no column and value behind 'where'"
    }
  }

  /// What a gate looks like.
  public var hint: String {
    switch self {
    case .noComparison, .noMetric: "write it as 'accuracy > 0.90'"
    case .noThreshold: "write it as 'accuracy > 0.90' or 'accuracy >= baseline - 0.01'"
    case .noLevel: "write it as 'accuracy > 0.90 at 95%'"
    case .noSlice: "write it as 'accuracy > 0.90 where region = eu and age = \"under 30\"'"
    }
  }
}
