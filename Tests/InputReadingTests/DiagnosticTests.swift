import InputReading
import Testing

@Suite struct DiagnosticTests {
  @Test func partsMakeOneLine() {
    #expect(Diagnostic("is empty").description == "is empty")
    #expect(
      Diagnostic("is empty", at: Place("a.csv"), hint: "give rows").description
        == "a.csv: is empty; give rows")
    #expect(Diagnostic("is empty", hint: "give rows").description == "is empty; give rows")
  }

  @Test func textOfFilesCannotSteerTheTerminal() {
    let diagnostic = Diagnostic(
      "no class '\u{1B}[31m'", at: Place("a\nb.csv", member: "\u{202E}c"), hint: "say\u{7}")
    #expect(
      diagnostic.description
        == #"a\nb.csv: \u{202E}c: no class '\u{1B}[31m'; say\u{07}"#)
  }

  @Test func placesAreToldAsCompilersTellThem() {
    let file = Place("job/train.log")
    #expect("\(file)" == "job/train.log")
    #expect("\(file.at(.line(41)))" == "job/train.log:41")
    #expect("\(Place("p.csv", .row(3, column: nil)))" == "p.csv: row 3")
    #expect("\(Place("p.csv", .row(3, column: "score")))" == "p.csv: row 3, column 'score'")
    #expect(
      "\(Place("m.tar.gz", member: "model.pkl", .byte(17)))" == "m.tar.gz: model.pkl: byte 17")
    #expect("\(Place("assay.yaml", .key("gates")))" == "assay.yaml: gates")
  }

  @Test func anotherPositionKeepsTheMember() {
    let place = Place("a.tar", member: "b", .byte(1)).at(.line(2))
    #expect(place == Place("a.tar", member: "b", .line(2)))
  }

  @Test(arguments: [
    ("plain text, 日本 😀 é\u{301}", "plain text, 日本 😀 é\u{301}"),
    ("", ""),
    ("a\tb\r\nc\0", #"a\tb\r\nc\0"#),
    ("\u{1B}]0;title\u{7}", #"\u{1B}]0;title\u{07}"#),
    ("\u{7F}\u{9B}31m", #"\u{7F}\u{009B}31m"#),
    ("line\u{2028}paragraph\u{2029}", #"line\u{2028}paragraph\u{2029}"#),
    ("\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}", #"\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}"#),
    ("\u{2066}\u{2067}\u{2068}\u{2069}", #"\u{2066}\u{2067}\u{2068}\u{2069}"#),
  ])
  func printableTextEscapesWhatSteers(text: String, printable: String) {
    #expect(text.printable == printable)
  }

  @Test func everyControlCharacterIsEscaped() {
    for value in Array(0...0x1F) + Array(0x7F...0x9F) as [UInt32] {
      let scalar = Unicode.Scalar(value).map(String.init) ?? ""
      let printable = "a\(scalar)b".printable
      #expect(printable.hasPrefix(#"a\"#) && printable.hasSuffix("b"), "U+\(value)")
      #expect(printable.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) })
    }
  }

  @Test func countsHaveTheirNoun() {
    #expect(String(0, of: "row") == "0 rows")
    #expect(String(1, of: "row") == "1 row")
    #expect(String(2, of: "entry", plural: "entries") == "2 entries")
    #expect(String(1, of: "entry", plural: "entries") == "1 entry")
  }
}
