internal import InputReading
internal import Testing

@testable internal import Reports

@Suite struct JSONTextTests {
  @Test(
    arguments: [
      (0.0, "0"), (1, "1"), (-2, "-2"), (0.1, "0.1"), (1e22, "1e+22"),
      (.leastNonzeroMagnitude, "5e-324"),
      (0.986013986013986, "0.986013986013986"), (1e-05, "1e-05"), (123456789012, "123456789012"),
    ] as [(Double, String)])
  func numbersAreTheShortestThatReadBack(number: Double, text: String) throws {
    #expect(number.shortest == text)
    let document = try JSONDocument(Array(JSONText.number(number).text.utf8), from: Place("x"))
    #expect(document.root.number?.value == number)
  }

  @Test func whatIsNotFiniteIsNull() {
    #expect(JSONText.number(.nan).text == "null\n")
    #expect(JSONText.number(.infinity).text == "null\n")
  }

  @Test func textsReadBack() throws {
    let text = "quote \" slash \\ line\nreturn\r tab\t bell\u{7} escape\u{1B} c1\u{9B} ü 💡"
    let document = try JSONDocument(Array(JSONText.string(text).text.utf8), from: Place("x"))
    #expect(document.root.string == text)
    #expect(!JSONText.string(text).text.unicodeScalars.dropLast().contains { $0.value < 0x20 })
  }

  @Test func membersKeepTheirOrder() throws {
    let value = JSONText.object([
      ("z", .array([.integer(1), .null])), ("a", .object([])), ("m", .array([.array([])])),
      ("b", .bool(true)),
    ])
    #expect(
      value.text == """
        {
          "z": [1, null],
          "a": {},
          "m": [
            []
          ],
          "b": true
        }

        """)
  }

  @Test(
    arguments: [
      (0.5, "0.5"), (0.9860139, "0.986014"), (1, "1"), (123456, "123456"),
      (0.00001234, "1.234e-05"),
      (-0.125, "-0.125"), (-0.33333333, "-0.333333"), (2.0 / 3, "0.666667"),
      (0.9999999, "1.000000"),
      (1e300, "1e+300"), (12345.6789012, "12345.678901"), (0, "0"),
    ] as [(Double, String)])
  func tablesShowSixDigits(number: Double, text: String) {
    #expect(number.rounded6 == text)
  }
}
