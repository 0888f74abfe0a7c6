import InputReading
import TestSupport
import Testing

@Suite struct JSONTests {
  private static let place = Place("job.json")

  private func parse(_ text: String, limits: Limits = .standard) throws -> JSONDocument {
    try JSONDocument(Array(text.utf8), from: Self.place, limits: limits)
  }

  private func root(_ text: String) throws -> JSON { try parse(text).root }

  /// Expects an error of this file that tells the line.
  private func expectRefused(
    _ bytes: [UInt8], line: Int? = nil, limits: Limits = .standard, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: InputError.self, comment, sourceLocation: sourceLocation) {
      try JSONDocument(bytes, from: Self.place, limits: limits)
    }
    guard let error else { return }
    guard case .notJSON(let place, let reason) = error, case .line(let found) = place.position
    else {
      Issue.record("\(error)", sourceLocation: sourceLocation)
      return
    }
    #expect(place.file == "job.json", comment, sourceLocation: sourceLocation)
    #expect(!reason.isEmpty && !reason.hasSuffix("."), comment, sourceLocation: sourceLocation)
    if let line { #expect(found == line, comment, sourceLocation: sourceLocation) }
  }

  // MARK: Values

  @Test func allKindsOfValuesAreRead() throws {
    let value = try root(
      #"{"n":null,"t":true,"f":false,"i":-12,"d":1.5e3,"s":"x","a":[1,[]],"o":{}}"#)
    #expect(value["n"]?.content == .null)
    #expect(value["t"]?.content == .bool(true))
    #expect(value["f"]?.content == .bool(false))
    #expect(value["i"]?.number?.value == -12)
    #expect(value["i"]?.number?.text == "-12")
    #expect(value["d"]?.number?.value == 1500)
    #expect(value["d"]?.number?.text == "1.5e3")
    #expect(value["s"]?.string == "x")
    #expect(value["a"]?.array?.count == 2)
    #expect(value["a"]?.array?.last?.content == .array([]))
    #expect(value["o"]?.content == .object([]))
    #expect(value["missing"] == nil)
    #expect(value.object?.map(\.key) == ["n", "t", "f", "i", "d", "s", "a", "o"])
  }

  @Test func otherKindsAnswerNothing() throws {
    let list = try root("[1]")
    #expect(list.string == nil && list.number == nil && list.object == nil && list["a"] == nil)
    #expect(try root("\"a\"").array == nil)
  }

  @Test(arguments: [
    ("null", JSON.Content.null), ("true", .bool(true)), (" false\n", .bool(false)),
    ("\"a\"", .string("a")), ("\"\"", .string("")), ("[]", .array([])), ("{}", .object([])),
    (" [ ] ", .array([])), ("\r\n\t{ }\n", .object([])),
  ])
  func rootsMayBeOfAnyKind(text: String, content: JSON.Content) throws {
    #expect(try root(text).content == content)
  }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("-0.0", -0.0), ("1E5", 1e5), ("1e-7", 1e-7), ("0.1", 0.1),
    ("123456789012345678901", 123_456_789_012_345_683_968), ("18446744073709551616", 0x1p64),
    ("-9223372036854775809", -0x1p63), ("9007199254740993", 9_007_199_254_740_992),
    ("5e-324", .leastNonzeroMagnitude), ("1e-400", 0),
    ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ("0.30000000000000004", 0.1 + 0.2),
  ])
  func numbersAreTheNearestDoubleAndKeepTheirDigits(text: String, value: Double) throws {
    for wrapped in [text, " \(text) ", "[\(text)]", "{\"a\": \(text) }", "[0,\(text) ,1]"] {
      let root = try root(wrapped)
      let number = try #require(
        root.number ?? root["a"]?.number
          ?? root.array?.first {
            $0.number?.text == text
          }?.number)
      #expect(number.value == value && number.value.sign == value.sign, "\(wrapped)")
      #expect(number.text == text)
    }
  }

  @Test(arguments: ["NaN", "Infinity", "-Infinity"])
  func pythonsNumbersAreRead(text: String) throws {
    let value = ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity][text] ?? 0
    func isRight(_ json: JSON?) -> Bool {
      guard let number = json?.number, number.text == text else { return false }
      return number.value == value || number.value.isNaN && value.isNaN
    }
    #expect(isRight(try root(text)))
    #expect(isRight(try root(" \(text)\n")))
    #expect(isRight(try root("[\(text)]").array?[0]))
    #expect(isRight(try root("[1, \(text) , 2]").array?[1]))
    #expect(try root("[1, \(text) , 2]").array?[2].number?.value == 2)
    #expect(isRight(try root("{\"a\": \(text), \"b\": 1}")["a"]))
    #expect(try root("{\"a\": \(text), \"b\": 1}")["b"]?.number?.value == 1)
    #expect(isRight(try root("{\"a\": [[\(text)\n]]}")["a"]?.array?[0].array?[0]))
  }

  @Test(arguments: [
    "nan", "infinity", "inf", "NaNs", "+Infinity", "- Infinity", "[NaN NaN]", "[NaN", "NaN]",
    "NaN 1", "NaN NaN",
    "{\"a\":NaN", "Infinity,", "NaN\"\"", "NaN[]", "-Infinity -Infinity", "{NaN: 1}", "-NaN",
  ])
  func whatPythonDoesNotWriteIsRefused(text: String) {
    expectRefused(Array(text.utf8))
  }

  @Test func escapesAreRead() throws {
    let value = try root(#"["\"\\\/\b\f\n\r\t","\u00e9\u65e5","\ud83d\ude00","a\u0000b","é日😀"]"#)
    let texts = value.array?.map(\.string)
    #expect(texts == ["\"\\/\u{8}\u{C}\n\r\t", "é日", "😀", "a\0b", "é日😀"])
  }

  @Test func keysAreUnescaped() throws {
    let value = try root(#"{"a\"b":1,"\u0061":2,"":3}"#)
    #expect(value.object?.map(\.key) == ["a\"b", "a", ""])
    #expect(value["a"]?.number?.value == 2)
    #expect(value[""]?.number?.value == 3)
  }

  @Test func theLastMemberOfANameCounts() throws {
    let value = try root(#"{"a":1,"b":2,"a":3}"#)
    #expect(value["a"]?.number?.value == 3)
    #expect(value.object?.count == 3)
  }

  // MARK: Places

  @Test func valuesKnowWhereTheyBegin() throws {
    let text = "\n{\n  \"a\" : [10,\n \"b\"],\n  \"c\": {\"d\":\n   null}}\n"
    let document = try parse(text)
    let root = document.root
    let a = try #require(root["a"])
    let values = [root, a] + (a.array ?? []) + [root["c"], root["c"]?["d"]].compactMap(\.self)
    let bytes = Array(text.utf8)
    #expect(
      values.map { Character(Unicode.Scalar(bytes[$0.offset])) } == ["{", "[", "1", "\"", "{", "n"])
    #expect(values.map { document.line(of: $0) } == [2, 3, 3, 4, 5, 6])
    #expect(document.place(of: a) == Place("job.json", .line(3)))
  }

  @Test func byteOrderMarksArePassedOver() throws {
    let document = try parse("\u{FEFF}\n[1]")
    #expect(document.root.array?.first?.number?.value == 1)
    #expect(document.root.offset == 4)
    #expect(document.line(of: document.root) == 2)
    expectRefused(Array("\u{FEFF}".utf8))
    expectRefused(Array("\u{FEFF}\u{FEFF}1".utf8))
    expectRefused(Array("[1,\n\u{FEFF}2]".utf8))
  }

  @Test func errorsTellTheLine() {
    expectRefused(Array("{\"a\": 1,\n \"b\": tru}".utf8), line: 2)
    expectRefused(Array("[1,\n2,\n\"\\x\"]".utf8), line: 3)
    expectRefused(Array("[1]\n\n[2]".utf8), line: 1)
  }

  // MARK: What is not JSON

  @Test(arguments: [
    "", " ", "\n", "{", "}", "[", "]", "\"", "\"a", "[1", "[1,", "[1,]", "[,1]", "{\"a\"",
    "{\"a\":",
    "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{'a':1}", "'a'", "{\"a\" 1}", "[1 2]", "[1;2]",
    "tru",
    "truex", "nul", "nullx", "falsey", "TRUE", "01", "-01", "1.", ".5", "1e", "1e+", "+1", "-",
    "--1", "0x10",
    "1_000", "1,5", "1a", "[1]]", "[1}", "{\"a\":1]", "{]", "[01]", "[1.]", "[.5]", "[+1]", "[-]",
    "[truex]", "[nullx]",
    "[tru]", "[nul]", "[falsex]", "{\"a\":nulL}", "// a\n1", "[1, /* b */ 2]", "\u{A0}1", "\0",
    "1\0", "[1]\0",
    "{1:2}", "{null:2}", "{\"a\":}", "{:1}", "{,}", "[,]",
  ])
  func malformedTextIsRefused(text: String) {
    expectRefused(Array(text.utf8), "\(text)")
  }

  @Test(arguments: [
    "1 2", "1 x", "null null", "nullnull", "true false", "\"a\" \"b\"", "\"a\"b", "[1] 2", "[] []",
    "{} {}", "{}x", "[],",
    "1,", "1]", "null}", "{}\n{}", "1\n2\n",
  ])
  func trailingContentIsRefused(text: String) {
    expectRefused(Array(text.utf8), "\(text)")
  }

  @Test(arguments: [
    #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\ud800\u0061""#, #""\""#, "\"a\nb\"",
    "\"\u{1}\"", "\"a\tb\"",
  ])
  func malformedStringsAreRefused(text: String) {
    expectRefused(Array(text.utf8), "\(text)")
    expectRefused(Array("[\(text)]".utf8), "\(text)")
    expectRefused(Array("{\(text):1}".utf8), "\(text)")
  }

  @Test(
    arguments: [
      [0xFF], [0xC3], [0xC3, 0x28], [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80],
    ]
      as [[UInt8]])
  func invalidUTF8IsRefused(bytes: [UInt8]) {
    expectRefused([0x22] + bytes + [0x22])
    expectRefused(Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8))
    expectRefused(Array("[1]".utf8) + bytes)
  }

  @Test(arguments: ["1e400", "-1e400", "[1e309]", "{\"a\":-1e999}"])
  func numbersTooLargeForADoubleAreRefused(text: String) {
    expectRefused(Array(text.utf8))
  }

  // MARK: Limits

  @Test func nestingStopsAtTheLimit() throws {
    var limits = Limits.standard
    limits.nesting = 3
    #expect(try parse("[[1]]", limits: limits).root.array?.count == 1)
    #expect(try parse("[[[]]]", limits: limits).root.array?.count == 1)
    expectRefused(Array("[[[1]]]".utf8), limits: limits)
    expectRefused(Array("[[[[]]]]".utf8), limits: limits)
    expectRefused(Array("{\"a\":\n{\"a\":\n{\"a\":\n1}}}".utf8), line: 4, limits: limits)
  }

  @Test(arguments: [255, 256])
  func theStandardLimitAllowsRealDepths(depth: Int) throws {
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    _ = try parse(text)
  }

  @Test(arguments: [257, 1023, 1024, 1025, 100_000])
  func hostileDepthsAreRefused(depth: Int) {
    let open = [UInt8](repeating: UInt8(ascii: "["), count: depth)
    let close = [UInt8](repeating: UInt8(ascii: "]"), count: depth)
    expectRefused(open + close)
    expectRefused(open)
    expectRefused(Array(repeatElement(Array("{\"a\":".utf8), count: depth).joined()))
  }

  // MARK: Real files

  @Test(arguments: ["breast-cancer/training-job.json", "breast-cancer/logs/get-log-events.json"])
  func everyTruncationOfARealFileIsRefused(path: String) throws {
    let bytes = try datasetBytes(path)
    #expect(try JSONDocument(bytes, from: Self.place).root.object != nil)
    let end = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for count in 0...end { expectRefused(Array(bytes[..<count]), "\(count) bytes") }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func damagedFilesAreReadOrRefused(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var bytes = try datasetBytes("breast-cancer/training-job.json")
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let index = Int.random(in: 0..<bytes.count, using: &random)
      bytes[index] = UInt8.random(in: 0...255, using: &random)
    }
    // Damage inside a string leaves a value; what matters is that nothing traps.
    do throws(InputError) {
      let document = try JSONDocument(bytes, from: Self.place)
      #expect(document.line(of: document.root) >= 1)
    } catch {
      guard case .notJSON = error else {
        Issue.record("seed \(seed): \(error)")
        return
      }
    }
  }

  @Test func filesAreReadByPath() throws {
    let document = try JSONDocument(path: dataset("breast-cancer/training-job.json"))
    #expect(document.root["TrainingJobName"]?.string == "breast-cancer")
    #expect(document.line(of: try #require(document.root["TrainingJobName"])) == 2)
    #expect(throws: InputError.self) { try JSONDocument(path: dataset("missing.json")) }
  }
}
