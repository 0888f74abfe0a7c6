internal import InputReading

extension ReportFormat {
  /// JUnit's XML.
  static let junit = ReportFormat(
    "junit", "XML, a test case for each condition", of: { $0 is any JudgedReport.Type }
  ) { report, _ in (report as? any JudgedReport).map { JUnitDocument($0.testCases).text } }
}

/// Conditions as the XML that JUnit's tools read.
///
/// | element | stands for |
/// |---|---|
/// | `testsuite` | a group of conditions |
/// | `testcase` | a condition that holds, where it is empty |
/// | `failure` | it does not; `type` is a word for programs |
/// | `skipped` | it was not checked |
///
/// Source: the schema junit-10.xsd of Jenkins' xUnit plugin.
struct JUnitDocument {
  private let suites: [(name: String, cases: [TestCase])]

  /// Groups conditions.
  init(_ cases: [TestCase]) {
    var suites: [(name: String, cases: [TestCase])] = []
    for test in cases {
      if let index = suites.firstIndex(where: { $0.name == test.group }) {
        suites[index].cases.append(test)
      } else {
        suites.append((test.group, [test]))
      }
    }
    self.suites = suites
  }

  /// The document.
  var text: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    guard !suites.isEmpty else { return text + "<testsuites/>\n" }
    text += "<testsuites>\n"
    for (index, suite) in suites.enumerated() {
      let failed = suite.cases.count { if case .fails = $0.outcome { true } else { false } }
      let skipped = suite.cases.count { if case .notChecked = $0.outcome { true } else { false } }
      // Readers want times, and a comparison of numbers takes none.
      text += Self.tag(
        "  <testsuite",
        [
          ("name", suite.name), ("package", "assay"), ("id", "\(index)"),
          ("tests", "\(suite.cases.count)"), ("failures", "\(failed)"), ("errors", "0"),
          ("skipped", "\(skipped)"), ("time", "0"),
        ])
      text += ">\n" + suite.cases.map(Self.element).joined() + "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func element(_ test: TestCase) -> String {
    let head = tag(
      "    <testcase",
      [("classname", "assay.\(test.group)"), ("name", test.name), ("time", "0")])
    let child: String
    switch test.outcome {
    case .holds: return head + "/>\n"
    case .fails(let code, let message):
      child =
        tag("<failure", [("type", code), ("message", message)])
        + ">\(message.xmlEscaped)</failure>"
    case .notChecked(let reason): child = tag("<skipped", [("message", reason)]) + "/>"
    }
    return head + ">\n      \(child)\n    </testcase>\n"
  }

  private static func tag(_ name: String, _ attributes: [(String, String)]) -> String {
    name + attributes.map { " \($0)=\"\($1.xmlEscaped)\"" }.joined()
  }
}
