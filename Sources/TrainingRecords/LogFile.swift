public import InputReading

/// The metrics that a training log states.
public struct LogFile: Sendable {
  /// Every metric found, in the order of the log.
  public let metrics: [LoggedMetric]

  /// Reads a log: plain text, or what `aws logs get-log-events` prints.
  ///
  /// - Throws: ``InputError`` if the file cannot be read.
  public init(path: String, limits: Limits = .standard) throws(InputError) {
    let bytes = try InputFile.bytes(of: path, limit: limits.textSize)
    self.init(bytes, from: Place(path), limits: limits)
  }

  /// Reads the bytes of a log.
  ///
  /// Bytes that are not UTF-8 are read as the sign for what cannot be read.
  public init(_ bytes: [UInt8], from place: Place, limits: Limits = .standard) {
    var metrics: [LoggedMetric] = []
    if let events = Self.events(in: bytes, from: place, limits: limits) {
      for event in events {
        for line in event.message.split(whereSeparator: \.isNewline) {
          metrics += Self.metrics(in: String(line), at: place.at(.line(event.line)))
        }
      }
    } else {
      var number = 0
      for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
        number += 1
        metrics += Self.metrics(
          in: String(decoding: line, as: UTF8.self), at: place.at(.line(number)))
      }
    }
    self.metrics = metrics
  }

  /// The messages of a log in JSON, with the lines they stand on; `nil` where it is none.
  private static func events(
    in bytes: [UInt8], from place: Place, limits: Limits
  ) -> [(message: String, line: Int)]? {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    guard bytes.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{"),
      let document = try? JSONDocument(bytes, from: place, limits: limits),
      let events = document.root["events"]?.array
    else { return nil }
    return events.compactMap { event in
      guard let message = event["message"], let text = message.string else { return nil }
      return (text, document.line(of: message))
    }
  }

  /// The metrics in a line: a name, a colon or equals sign, a number, and a percent sign perhaps.
  static func metrics(in line: String, at place: Place) -> [LoggedMetric] {
    var metrics: [LoggedMetric] = []
    var name: [Character] = []
    // CloudWatch shows a tab as #011 and a carriage return as #015.
    var rest = line.replacing("#011", with: "\t").replacing("#015", with: "\r")[...]
    while let character = rest.popFirst() {
      guard character == ":" || character == "=" else {
        // What parts one name and value from the next.
        if ",;|[]{}()\t\r\"'".contains(character) { name = [] } else { name.append(character) }
        continue
      }
      let digits = rest.drop { $0 == " " || $0 == "\t" }
      let text = digits.prefix { $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }
      let behind = digits[text.endIndex...].first
      let isPercentage = behind == "%" || digits[text.endIndex...].hasPrefix(" %")
      // 71 of 71/71 is no value, and neither is 3 of 3rd.
      let isWhole = behind.map { !$0.isLetter && !$0.isNumber && !"/:_".contains($0) } ?? true
      if isWhole, let number = PrintedNumber(trimmed(text), isPercentage: isPercentage),
        let metric = MetricName(String(name))
      {
        // A whole number is printed in full: few jobs round a metric to one digit.
        let isExact =
          !isPercentage && number.resolution > 0.05 && number.value == number.value.rounded()
        metrics.append(
          LoggedMetric(
            name: clean(name), metric: metric, value: number.value,
            resolution: isExact ? 0 : number.resolution, place: place))
        rest = digits[text.endIndex...]
        name = []
      } else {
        // In validation:accuracy=0.9 the first sign parts words.
        name.append(" ")
      }
    }
    return metrics
  }

  /// The digits without the full stop that ends a sentence.
  private static func trimmed<Text: StringProtocol>(_ text: Text) -> Text.SubSequence {
    text.hasSuffix(".") ? text.dropLast() : text[...]
  }

  private static func clean(_ name: [Character]) -> String {
    String(name).split(separator: " ").joined(separator: " ")
  }
}
