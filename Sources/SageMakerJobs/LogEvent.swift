internal import InputReading

/// An event of a log stream.
struct LogEvent: Equatable {
  /// Milliseconds since 1970.
  let time: Int
  /// What was printed; it may have several lines.
  let message: String

  /// Reads one of the events of `get-log-events`; `nil` for anything else.
  init?(_ event: JSON) {
    guard let message = event["message"]?.string else { return nil }
    self.message = message
    time = (event["timestamp"]?.number?.value).flatMap { Int(exactly: $0) } ?? 0
  }

  init(time: Int, message: String) {
    self.time = time
    self.message = message
  }

  /// The event as an export of CloudWatch has it: the time in UTC, a blank, the message, a line break.
  var text: String {
    var text = message
    while text.last?.isNewline == true { text.removeLast() }
    return "\(timestamp) \(text)\n"
  }

  /// The time by ISO 8601, to the millisecond.
  ///
  /// Source: Hinnant 2013, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
  private var timestamp: String {
    // Within the years 0 to 9999, which four digits tell.
    let time = min(max(self.time, -62_167_219_200_000), 253_402_300_799_999)
    let days = Self.floorDivision(time, 86_400_000)
    let rest = time - days * 86_400_000
    let shifted = days + 719_468
    let era = Self.floorDivision(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func digits(_ number: Int, _ count: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T"
      + "\(digits(rest / 3_600_000, 2)):\(digits(rest / 60_000 % 60, 2))"
      + ":\(digits(rest / 1_000 % 60, 2)).\(digits(rest % 1_000, 3))Z"
  }

  private static func floorDivision(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
  }
}
