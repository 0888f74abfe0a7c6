internal import InputReading
internal import Testing

@testable internal import Reports

@Suite struct FormatTests {
  @Test func workflowCommandsAreOneLineWhateverIsSaid() {
    // The values that actions/toolkit's command.ts gives: data escapes %, CR and LF; properties also : and ,.
    let annotation = Annotation(
      .error, "a,b", "100 %: one\r\ntwo\u{1B}[31m",
      at: Place("dir,a/x:y.log", .line(7)))
    #expect(
      annotation.workflowCommand
        == "::error file=dir%2Ca/x%3Ay.log,line=7,title=assay%3A a%2Cb::100 %25: one%0D%0Atwo\\u{1B}[31m"
    )
    let byte = Annotation(.notice, "c", "m", at: Place("a.tar", member: "b", .byte(3)))
    #expect(byte.workflowCommand == "::notice file=a.tar,title=assay%3A c::a.tar: b: byte 3: m")
    #expect(Annotation(.warning, "c", "m").workflowCommand == "::warning title=assay%3A c::m")
  }

  @Test func testCasesOfAGroupStandTogether() {
    let text = JUnitDocument([
      TestCase(group: "gates", name: "f1 > \"0.9\" & <x>", outcome: .holds),
      TestCase(group: "claims", name: "a\u{0}b\u{FFFF}", outcome: .notChecked("no 'rows'")),
      TestCase(group: "gates", name: "r2 > 1", outcome: .fails(code: "c", message: "1\n2 < 3")),
    ]).text
    #expect(
      text == #"""
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites>
          <testsuite name="gates" package="assay" id="0" tests="2" failures="1" errors="0" skipped="0" time="0">
            <testcase classname="assay.gates" name="f1 &gt; &quot;0.9&quot; &amp; &lt;x&gt;" time="0"/>
            <testcase classname="assay.gates" name="r2 &gt; 1" time="0">
              <failure type="c" message="1&#10;2 &lt; 3">1&#10;2 &lt; 3</failure>
            </testcase>
          </testsuite>
          <testsuite name="claims" package="assay" id="1" tests="1" failures="0" errors="0" skipped="1" time="0">
            <testcase classname="assay.claims" name="a\0b�" time="0">
              <skipped message="no 'rows'"/>
            </testcase>
          </testsuite>
        </testsuites>

        """#)
    #expect(JUnitDocument([]).text.hasSuffix("<testsuites/>\n"))
  }

  @Test func cellsOfCSVAreQuotedWhereTheyHaveTo() {
    let table = FlatTable(
      columns: ["a", "b"], rows: [["1,5", " x"], ["say \"no\"", ""], ["l\nm", "é"]])
    #expect(table.csv == "a,b\n\"1,5\",\" x\"\n\"say \"\"no\"\"\",\n\"l\nm\",é\n")
  }

  @Test func trackedNamesAreWhatMLflowTakes() {
    #expect(MLflowName.of("slice/a=b/größe é.5: x/f1") == "slice/a_b/größe é.5: x/f1")
    #expect(MLflowName.of("slice//../f1") == "slice/_/_/f1")
    #expect(MLflowName.of(String(repeating: "x", count: 300)).count == 250)
  }
}
