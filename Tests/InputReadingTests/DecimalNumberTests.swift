import InputReading
import Testing

@Suite struct DecimalNumberTests {
  @Test(arguments: [
    ("1", 1.0), ("+1.5", 1.5), ("-.5", -0.5), ("5.", 5.0), ("1e-3", 0.001), ("0", 0.0),
  ])
  func decimalNumbersAreRead(text: String, value: Double) {
    #expect(Double(decimal: text) == value)
  }

  @Test(arguments: ["", " 1", "1 ", "0x10", "nan", "inf", "1e999", "1_000", "1,5", "e", "--1", "٣"])
  func everythingElseIsNone(text: String) {
    #expect(Double(decimal: text) == nil)
  }
}
