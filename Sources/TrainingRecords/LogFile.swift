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

  /// The metrics in a line: a name, then a colon, an equals sign, "is" or a blank, then a number, and
  /// a percent sign perhaps.
  ///
  /// Of a metric that a line states both for held-out data and without a word, as Keras does, the
  /// one without is the training data's, and so is any in a line that tells of progress.
  ///
  /// - Complexity: O(*n*) of the line's bytes.
  static func metrics(in line: String, at place: Place) -> [LoggedMetric] {
    var metrics: [LoggedMetric] = []
    let bytes = Array(plain(line).utf8)
    var name: [UInt8] = []
    // Behind a metric that is something else, one class's perhaps, bare names go on with that.
    var isAside = false
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if let value = StatedValue(in: bytes, at: position), value.isTied || isMetric(name) {
        position = value.end
        if let number = value.number, !isArgument(name) {
          let text = String(decoding: name.suffix(longestName), as: UTF8.self)
          if let metric = MetricName(text), !isAside || metric.split != nil {
            metrics.append(
              LoggedMetric(
                name: text.split(separator: " ").joined(separator: " "), metric: metric,
                value: number.value, resolution: number.resolution, place: place))
          } else if MetricName.endsText(text) {
            isAside = true
          }
        }
        name = []
        continue
      }
      position += 1
      switch byte {
      // What parts one name and value from the next.
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), 0x09, 0x0D:
        name = []
      // A dash between blanks parts too.
      case 0x20
      where position < bytes.count - 1 && bytes[position] == UInt8(ascii: "-")
        && bytes[position + 1] == 0x20:
        name = []
        position += 1
      // A label such as INFO: ends; validation:accuracy is one name.
      case UInt8(ascii: ":") where position < bytes.count && bytes[position] == 0x20:
        if isMetric(name) { name.append(0x20) } else { name = [] }
      case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "("), UInt8(ascii: ")"),
        UInt8(ascii: "'"), UInt8(ascii: "\""):
        name.append(0x20)
      default: name.append(byte)
      }
    }
    let isProgress = isProgress(bytes)
    let heldOut = Set(metrics.filter { ![nil, .train].contains($0.metric.split) }.map(\.metric.id))
    return metrics.map { metric in
      metric.metric.split == nil && (isProgress || heldOut.contains(metric.metric.id))
        ? metric.ofTraining : metric
    }
  }

  /// Whether a line tells how far training has come: it names an epoch, or counts batches as 3/10.
  private static func isProgress(_ bytes: [UInt8]) -> Bool {
    let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
    let counts = bytes.indices.dropFirst().dropLast().contains { index in
      bytes[index] == UInt8(ascii: "/") && isDigit(bytes[index - 1]) && isDigit(bytes[index + 1])
    }
    return counts
      || String(decoding: bytes.prefix(longestName), as: UTF8.self).lowercased()
        .split { !$0.isLetter }.contains("epoch")
  }

  /// Bytes of a name and what stands before it; more are not looked at.
  private static let longestName = 256

  private static func isMetric(_ name: [UInt8]) -> Bool {
    MetricName.endsText(String(decoding: name.suffix(longestName), as: UTF8.self))
  }

  /// The line without colours; CloudWatch shows a tab as #011, a carriage return as #015 and an
  /// escape as #033.
  private static func plain(_ line: String) -> String {
    guard line.utf8.contains(where: { $0 == UInt8(ascii: "#") || $0 == 0x1B }) else { return line }
    return line.replacing("#011", with: "\t").replacing("#015", with: "\r")
      .replacing("#033", with: "\u{1B}")
      .replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "")
  }

  /// Whether a name is an argument that is echoed: --recall.
  private static func isArgument(_ name: [UInt8]) -> Bool {
    let dash = UInt8(ascii: "-")
    return name.indices.dropLast().contains { index in
      name[index] == dash && name[index + 1] == dash && (index == 0 || name[index - 1] == 0x20)
    }
  }
}

/// A number and what ties it to the name before it.
private struct StatedValue {
  /// The number; `nil` where what stands there is none that a metric has.
  let number: PrintedNumber?
  /// Whether a sign ties it; otherwise only a metric's name before it does.
  let isTied: Bool
  /// Where the text goes on.
  let end: Int

  /// Reads a tie and a number; `nil` where there is none.
  init?(in bytes: [UInt8], at start: Int) {
    var position = start
    isTied = bytes[start] == UInt8(ascii: ":") || bytes[start] == UInt8(ascii: "=")
    guard isTied || bytes[start] == 0x20 else { return nil }
    let limit = min(bytes.count, start + Self.longestTie)
    func skip(_ skipped: Set<UInt8>) {
      while position < limit && skipped.contains(bytes[position]) { position += 1 }
    }
    if isTied { position += 1 } else { skip([0x20]) }
    // "is" and "was" stand for the sign, and so does nothing.
    if !isTied {
      for word in ["is ", "was "] where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
      }
    }
    skip([0x20, 0x09, UInt8(ascii: "\""), UInt8(ascii: "'")])
    let first = position
    while position < bytes.count, position - first < Self.longestNumber,
      Self.isOfNumber(bytes[position])
    { position += 1 }
    let digits = bytes[first..<position]
    guard digits.contains(where: Self.isDigit) else {
      guard isTied, let word = Self.notFinite(bytes[first...]) else { return nil }
      number = PrintedNumber(notFinite: word)
      end = first + word.utf8.count
      return
    }
    let behind = bytes[position...]
    let isPercentage = behind.starts(with: "%".utf8) || behind.starts(with: " %".utf8)
    // Without a sign a number counts as a value only where it looks like one.
    guard isTied || isPercentage || digits.contains(UInt8(ascii: ".")) else { return nil }
    // 71 of 71/71, 3 of 3rd, 0 of 0,986 and 0.95 of 0.95 -> 0.99 are no values.
    let goesOn = behind.prefix(Self.longestTie).drop { $0 == 0x20 }
    let isPart =
      behind.first.map { Self.isLetter($0) || "/:_".utf8.contains($0) } ?? false
      || behind.first == UInt8(ascii: ",") && behind.dropFirst().first.map(Self.isDigit) ?? false
    guard !isPart, !goesOn.starts(with: "->".utf8), !goesOn.starts(with: "→".utf8) else {
      // 555Z is one word.
      end = position + behind.prefix { Self.isLetter($0) }.count
      number = nil
      return
    }
    end = position
    // A full stop may end the sentence.
    let text = String(
      decoding: digits.last == UInt8(ascii: ".") ? digits.dropLast() : digits, as: UTF8.self)
    number = PrintedNumber(text, isPercentage: isPercentage)?.asStated(isPercentage: isPercentage)
  }

  /// Bytes of signs, blanks and quotes before a number.
  private static let longestTie = 64
  /// Digits of a number with its sign and exponent.
  private static let longestNumber = 64

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte & 0xDF)
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    isDigit(byte) || "+-.eE".utf8.contains(byte)
  }

  /// What Python prints for a number that is none, where it stands by itself.
  private static func notFinite(_ bytes: ArraySlice<UInt8>) -> String? {
    let word = String(decoding: bytes.prefix(9).prefix(while: isLetter), as: UTF8.self).lowercased()
    return ["nan", "inf", "infinity"].contains(word) ? word : nil
  }
}

extension PrintedNumber {
  /// A whole number without a percent sign is taken as printed in full: few jobs round a metric to
  /// one digit.
  fileprivate func asStated(isPercentage: Bool) -> PrintedNumber {
    let isExact = !isPercentage && resolution > 0.05 && value == value.rounded()
    return isExact ? PrintedNumber(value: value, resolution: 0) : self
  }
}
