internal import Testing

@testable internal import SageMakerJobs

@Suite struct LogEventTests {
  /// Times as Python 3.11's datetime.fromtimestamp(…, timezone.utc).isoformat() tells them.
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_795_500_560_040, "2026-11-24T06:09:20.040Z"),
    (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_825_600_000, "2000-02-29T12:00:00.000Z"),
    (1_709_208_000_000, "2024-02-29T12:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
  ])
  func timesAreISO8601(time: Int, text: String) {
    #expect(LogEvent(time: time, message: "x").text == "\(text) x\n")
  }

  @Test func messagesKeepTheirLines() {
    let text = LogEvent(time: 0, message: "a\n  b\r\n\n").text
    #expect(text == "1970-01-01T00:00:00.000Z a\n  b\n")
  }

  @Test(arguments: [Int.min, Int.max, 1 << 53])
  func noTimeTraps(time: Int) {
    #expect(LogEvent(time: time, message: "").text.count >= 26)
  }
}
