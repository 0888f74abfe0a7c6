import DataTables
import Testing

@Suite struct LabelTests {
  @Test(arguments: [
    "1", "1.0", "+1", "1e0", " 1", "1\t", "1.", "01", "0001.000", "10e-1", "+1.0E+0", "0.1e1",
    "true",
    "TRUE", "True", " tRuE ",
  ])
  func spellingsOfOneAreOneLabel(field: String) throws {
    #expect(try Label(field) == .integer(1))
  }

  @Test(arguments: [
    "0", "-0", "+0", "0.0", "-0.0", "0e5", ".0", "0e-999", "false", "FALSE", "False", "\tfalse",
  ])
  func spellingsOfZeroAreOneLabel(field: String) throws {
    #expect(try Label(field) == .integer(0))
  }

  @Test func wholeNumbersAreNumbers() throws {
    #expect(try Label("-1") == .integer(-1))
    #expect(try Label("-1.0") == .integer(-1))
    #expect(try Label("1e3") == .integer(1000))
    #expect(try Label("1", isQuoted: true) == .integer(1))
    #expect(try Label("True", isQuoted: true) == .integer(1))
  }

  @Test(arguments: [
    "yes", "no", "1a", "0x10", "1_000", "1,5", "1 2", "--1", "+-1", "1e", "e1", "-", "+", ".", "e",
    "inf",
    "-inf", "infinity", "-nan", "١", "１", "truе", "50%", "2024-01-02",
  ])
  func everythingElseIsText(field: String) throws {
    #expect(try Label(field) == .text(field))
  }

  @Test func unquotedFieldsLoseBlanksAndQuotedOnesKeepThem() throws {
    #expect(try Label("  red apple\t") == .text("red apple"))
    #expect(try Label("  red ", isQuoted: true) == .text("  red "))
    #expect(try Label(" 1", isQuoted: true) == .text(" 1"))
    #expect(try Label(" true", isQuoted: true) == .text(" true"))
    #expect(try Label(" ", isQuoted: true) == .text(" "))
    #expect(try Label("a\u{A0}") == .text("a\u{A0}"), "a no-break space is no blank")
  }

  @Test(arguments: ["", " ", "\t  "])
  func emptyFieldsAreRefused(field: String) {
    #expect(throws: Label.Fault.empty) { try Label(field) }
  }

  @Test func emptyQuotedFieldsAreRefused() {
    #expect(throws: Label.Fault.empty) { try Label("", isQuoted: true) }
  }

  @Test(arguments: ["nan", "NaN", "NAN", " nan "])
  func missingValuesAreRefused(field: String) {
    #expect(throws: Label.Fault.notANumber) { try Label(field) }
  }

  @Test(arguments: ["0.5", "-1.5", "1e-3", ".5", "1.0000001", "2251799813685248.5"])
  func fractionsAreRefused(field: String) {
    #expect(throws: Label.Fault.fractional) { try Label(field) }
  }

  @Test func wholeNumbersStayApartBeyondTheDoublesPrecision() throws {
    #expect(try Label("9007199254740991.0") == .integer(9_007_199_254_740_991))
    #expect(try Label("9007199254740992") == .integer(9_007_199_254_740_992))
    #expect(try Label("9007199254740993") == .integer(9_007_199_254_740_993))
    #expect(try Label("9223372036854775807") == .integer(.max))
    #expect(try Label("-9223372036854775808") == .integer(.min))
  }

  @Test(arguments: [
    "9223372036854775808", "123456789012345678901", "1e19", "1e400", "-1e400",
    // As doubles these would be one number with a neighbour.
    "9007199254740993.0", "9007199254740992.0", "1e16", "-9007199254740993.0",
  ])
  func numbersThatNeedRoundingAreRefused(field: String) {
    #expect(throws: Label.Fault.overflow) { try Label(field) }
  }

  @Test func numbersComeFirstAndTextGoesByCodePoints() throws {
    let sorted: [Label] = [
      .integer(-10), .integer(-2), .integer(0), .integer(9), .integer(10), .text(""), .text("1a"),
      .text("Zebra"), .text("apple"), .text("zoo"), .text("Ärger"), .text("éclair"), .text("日本"),
      // UTF-16 would order these two the other way round.
      .text("\u{FF5E}"), .text("😀"),
    ]
    #expect(sorted.reversed().sorted() == sorted)
  }

  @Test func textIsComparedByCodePoints() {
    let composed = Label.text("\u{E9}")
    let decomposed = Label.text("e\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(decomposed < composed && !(composed < decomposed))
  }

  @Test func numbersAndTextDiffer() {
    #expect(Label.integer(1) != Label.text("1"))
    #expect(Label.integer(1) == Label.integer(1))
    #expect(Label.text("a") == Label.text("a"))
  }

  @Test func labelsAreDescribedAsPrinted() {
    #expect("\(Label.integer(-7)) \(Label.text("a b"))" == "-7 a b")
  }
}
