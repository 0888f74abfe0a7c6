import Testing

@testable import TextSearch

@Suite struct RegularExpressionTests {
  @Test func groupsAreThoseOfTheFirstMatch() throws {
    let expression = try RegularExpression(#"(\w+)=(\d+)?"#)
    #expect(expression.groupCount == 2)
    #expect(expression.groups(in: " a=12 b=3") == ["a=12", "a", "12"])
    #expect(expression.groups(in: "a=x") == ["a=", "a", nil])
    #expect(expression.groups(in: "") == nil)
  }

  @Test func aPartOfATextIsATextOfItsOwn() throws {
    let bytes = Array("xx\nab\nyy".utf8)
    let span = bytes.span
    let expression = try RegularExpression("^a(b)$")
    let isFound = expression.matches(span, in: 3..<5)
    #expect(isFound)
    #expect(expression.range(ofGroup: 0) == 3..<5)
    #expect(expression.range(ofGroup: 1) == 4..<5)
    #expect(expression.range(ofGroup: 2) == nil)
    let isFoundElsewhere =
      expression.matches(span, in: 2..<5) || expression.matches(span, in: 3..<3)
    #expect(!isFoundElsewhere)
  }

  @Test func faultsTellTheirPlace() {
    let fault = #expect(throws: RegularExpressionError.self) { try RegularExpression("a(b") }
    #expect(fault?.offset == 3)
    #expect(fault?.message == "missing closing parenthesis")
  }

  @Test func letterCaseIsIgnoredWhereWanted() throws {
    #expect(
      try RegularExpression("OutOfMemory", ignoresCase: true).groups(in: "outofmemory") != nil)
    #expect(try RegularExpression("é+").groups(in: "aéé") == ["éé"])
  }

  /// An expression that doubles its ways with each byte ends, and finds nothing.
  @Test func hopelessSearchesAreGivenUp() throws {
    let expression = try RegularExpression("(a+)+$", matchLimit: 1_000)
    #expect(expression.groups(in: String(repeating: "a", count: 40) + "b") == nil)
    #expect(expression.exceededLimit)
  }

  @Test func bytesThatAreNotUTF8AreSearched() throws {
    let bytes: [UInt8] = [0xFF, 0xC3, 0x61, 0x3D, 0x31]
    let span = bytes.span
    for pattern in ["a=(.)", "é*a=(.)"] {
      let expression = try RegularExpression(pattern)
      let isFound = expression.matches(span, in: 0..<5)
      #expect(isFound, "\(pattern)")
      #expect(expression.range(ofGroup: 1) == 4..<5)
    }
  }
}
