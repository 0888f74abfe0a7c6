internal import InputReading

extension ReportFormat {
  /// Workflow commands, which GitHub Actions shows as annotations.
  static let github = ReportFormat(
    "github", "annotations for GitHub Actions", of: { $0 is any AnnotatedReport.Type }
  ) { report, _ in
    (report as? any AnnotatedReport)?.annotations.map { $0.workflowCommand + "\n" }.joined()
  }
}

extension Annotation {
  /// The annotation as a workflow command: `::error file=train.log,line=3,title=assay::…`.
  ///
  /// Source: "Workflow commands for GitHub Actions" in GitHub's documentation, and the escapes of
  /// actions/toolkit's packages/core/src/command.ts.
  var workflowCommand: String {
    var properties: [(String, String)] = []
    if let place {
      properties.append(("file", place.file))
      if let line = place.line { properties.append(("line", "\(line)")) }
    }
    properties.append(("title", "assay: \(code)"))
    let described = properties.map { "\($0)=\(Self.escaped($1, "%\r\n:,"))" }
    // A line is told by the property; every other place in words.
    let position = place.flatMap {
      $0.line == nil && ($0.position != nil || $0.member != nil) ? $0 : nil
    }
    let sentence = (position.map { "\($0): " } ?? "") + message
    return
      "::\(level.rawValue) \(described.joined(separator: ","))::\(Self.escaped(sentence, "%\r\n"))"
  }

  /// The text with some characters written as their bytes in hexadecimal digits, and with other
  /// control characters as they are shown on a terminal.
  private static func escaped(_ text: String, _ special: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      if special.unicodeScalars.contains(scalar) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        escaped += "%" + (digits.count < 2 ? "0" : "") + digits
      } else {
        escaped += String(scalar).printable
      }
    }
    return escaped
  }
}
