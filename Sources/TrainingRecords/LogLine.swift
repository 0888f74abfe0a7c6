internal import InputReading

/// A metric's name and value as a line states them.
struct StatedMetric: Hashable {
  var name: String
  var metric: MetricName
  var number: PrintedNumber
  /// Whether the name says that it is the final value.
  var isFinal = false
}

/// The metrics that a line states, by rules that hold for any library.
///
/// A name, then a colon, an equals sign, "is" or a blank, then a number, and a percent sign perhaps.
enum LogLine {
  /// The metrics in a line without colours.
  ///
  /// Of a metric that a line states both for held-out data and without a word, as Keras does, the
  /// one without is the training data's, and so is any in a line that tells of progress.
  ///
  /// - Complexity: O(*n*) of the line's bytes.
  static func metrics(
    in bytes: [UInt8], framework: Framework?, names: MetricNameMemory
  ) -> [StatedMetric] {
    func reading(_ name: [UInt8]) -> MetricNameMemory.Reading {
      names.reading(of: name.suffix(longestName), framework: framework)
    }
    var metrics: [StatedMetric] = []
    var name: [UInt8] = []
    // Behind a metric that is something else, one class's perhaps, bare names go on with that.
    var isAside = false
    var context: Split?
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x20 || byte == colon || byte == UInt8(ascii: "="),
        let value = StatedValue(in: bytes, at: position),
        value.isTied || reading(name).endsInName
      {
        position = value.end
        if let number = value.number, !isArgument(name) {
          let reading = reading(name)
          if let metric = reading.metric, !isAside || metric.split != nil {
            metrics.append(
              StatedMetric(
                name: reading.name, metric: metric.split == nil ? metric.of(context) : metric,
                number: number, isFinal: reading.isFinal))
          } else if reading.endsInName {
            isAside = true
          }
        }
        name.removeAll(keepingCapacity: true)
        continue
      }
      position += 1
      switch byte {
      // What parts one name and value from the next.
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), 0x09:
        name.removeAll(keepingCapacity: true)
      // A dash between blanks parts too.
      case 0x20
      where position < bytes.count - 1 && bytes[position] == UInt8(ascii: "-")
        && bytes[position + 1] == 0x20:
        name.removeAll(keepingCapacity: true)
        position += 1
      // A label such as INFO: ends; validation:accuracy is one name.
      case colon where position < bytes.count && bytes[position] == 0x20:
        if reading(name).endsInName {
          name.append(0x20)
        } else {
          // Test set: loss 0.5, accuracy 0.9 are both the test set's.
          context =
            MetricName.split(of: String(decoding: name.suffix(longestName), as: UTF8.self))
            ?? context
          name.removeAll(keepingCapacity: true)
        }
      case colon, UInt8(ascii: "="), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "'"),
        UInt8(ascii: "\""):
        name.append(0x20)
      default: name.append(byte)
      }
    }
    guard metrics.contains(where: { $0.metric.split == nil }) else { return metrics }
    let isProgress = isProgress(bytes)
    // A line has few kinds of metrics, however many values it has.
    var heldOut: [String] = []
    for stated in metrics where stated.metric.split == .validation || stated.metric.split == .test {
      if !heldOut.contains(stated.metric.id) { heldOut.append(stated.metric.id) }
    }
    for index in metrics.indices where metrics[index].metric.split == nil {
      if isProgress || heldOut.contains(metrics[index].metric.id) {
        metrics[index].metric = metrics[index].metric.ofTraining
      }
    }
    return metrics
  }

  private static let colon = UInt8(ascii: ":")

  /// Whether a line tells how far training has come: it names an epoch, or counts batches as 3/10.
  private static func isProgress(_ bytes: [UInt8]) -> Bool {
    let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
    let counts = bytes.indices.dropFirst().dropLast().contains { index in
      bytes[index] == UInt8(ascii: "/") && isDigit(bytes[index - 1]) && isDigit(bytes[index + 1])
    }
    guard !counts else { return true }
    let words = bytes.prefix(longestName).split { ($0 & 0xDF) &- 0x41 >= 26 }
    return words.contains { $0.map { $0 | 0x20 }.elementsEqual("epoch".utf8) }
  }

  /// Bytes of a name and what stands before it; more are not looked at.
  private static let longestName = 256

  /// Whether a name is an argument that is echoed: --recall.
  private static func isArgument(_ name: [UInt8]) -> Bool {
    let dash = UInt8(ascii: "-")
    return name.indices.dropLast().contains { index in
      name[index] == dash && name[index + 1] == dash && (index == 0 || name[index - 1] == 0x20)
    }
  }
}

// MARK: Control characters

extension LogLine {
  /// The parts of a line that a terminal shows one over the other, without colours.
  ///
  /// A carriage return or a backspace begins anew, as progress bars do. CloudWatch shows control
  /// characters as a number sign and three octal digits: #011 is a tab.
  static func segments(of text: Span<UInt8>, _ line: Range<Int>) -> [[UInt8]] {
    let bytes = line.map { text[$0] }
    guard bytes.contains(where: { $0 == UInt8(ascii: "#") || ($0 < 0x20 && $0 != 0x09) }) else {
      return [bytes]
    }
    var segments: [[UInt8]] = []
    var segment: [UInt8] = []
    let plain = unescaped(bytes)
    var index = 0
    while index < plain.count {
      let byte = plain[index]
      index += 1
      switch byte {
      case 0x0D, 0x08:
        if !segment.isEmpty { segments.append(segment) }
        segment = []
      case 0x1B where index < plain.count && plain[index] == UInt8(ascii: "["):
        // ESC [ parameters, a letter.
        var end = index + 1
        while end < plain.count, (0x30...0x3F).contains(plain[end]) { end += 1 }
        if end < plain.count, (0x41...0x5A).contains(plain[end] & 0xDF) { index = end + 1 }
      default: segment.append(byte)
      }
    }
    if !segment.isEmpty { segments.append(segment) }
    return segments
  }

  /// The bytes with #011 and its kind as the control characters that they stand for.
  private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "#"), let control = escapes[Array(bytes[index...].prefix(3))] {
        result.append(control)
        index += 3
      } else {
        result.append(byte)
      }
    }
    return result
  }

  /// Control characters by their three octal digits; a line feed would end the line.
  private static let escapes: [[UInt8]: UInt8] = Dictionary(
    uniqueKeysWithValues: [
      ("010", 0x08), ("011", 0x09), ("015", 0x0D), ("033", 0x1B),
    ].map { (Array($0.0.utf8), $0.1) })

  /// The bytes with tabs and their kind shown as CloudWatch shows them.
  static func escaped(_ bytes: some Collection<UInt8>) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      guard byte < 0x20 else { return [byte] }
      let octal = String(byte, radix: 8)
      return Array("#".utf8) + Array(repeating: 0x30, count: 3 - octal.utf8.count)
        + Array(octal.utf8)
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
    isTied = bytes[start] != 0x20
    let limit = min(bytes.count, start + Self.longestTie)
    func skip(_ isSkipped: (UInt8) -> Bool) {
      while position < limit && isSkipped(bytes[position]) { position += 1 }
    }
    if isTied { position += 1 } else { skip { $0 == 0x20 } }
    // "is" and "was" stand for the sign, and so does nothing.
    if !isTied {
      for word in Self.verbs where Self.has(word, in: bytes, at: position) {
        position += word.count
      }
    }
    skip { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
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
    let isPercentage =
      Self.has([0x25], in: bytes, at: position) || Self.has([0x20, 0x25], in: bytes, at: position)
    // Without a sign a number counts as a value only where it looks like one.
    guard isTied || isPercentage || digits.contains(UInt8(ascii: ".")) else { return nil }
    // 71 of 71/71, 3 of 3rd, 0 of 0,986 and 0.95 of 0.95 -> 0.99 are no values.
    var next = position
    while next < bytes.count, next < position + Self.longestTie, bytes[next] == 0x20 { next += 1 }
    let isChange = Self.arrows.contains { Self.has($0, in: bytes, at: next) }
    let isPart =
      behind.first.map { Self.isLetter($0) || "/:_".utf8.contains($0) } ?? false
      || behind.first == UInt8(ascii: ",") && behind.dropFirst().first.map(Self.isDigit) ?? false
    guard !isPart, !isChange else {
      // 555Z is one word.
      end = position + behind.prefix { Self.isLetter($0) }.count
      number = nil
      return
    }
    end = position
    // A full stop may end the sentence.
    let text = digits.last == UInt8(ascii: ".") ? digits.dropLast() : digits
    let span = bytes.span
    number = PrintedNumber(span, in: text.indices, isPercentage: isPercentage)?
      .asStated(isPercentage: isPercentage)
  }

  /// Bytes of signs, blanks and quotes before a number.
  private static let longestTie = 64
  /// Digits of a number with its sign and exponent.
  private static let longestNumber = 64

  private static let verbs = ["is ", "was "].map { Array($0.utf8) }
  private static let arrows = ["->", "→"].map { Array($0.utf8) }

  /// Whether a word stands at a place.
  private static func has(_ word: [UInt8], in bytes: [UInt8], at place: Int) -> Bool {
    guard bytes.count - place >= word.count else { return false }
    for index in word.indices where bytes[place + index] != word[index] { return false }
    return true
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte & 0xDF) &- 0x41 < 26 }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+") || byte | 0x20 == UInt8(ascii: "e")
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
  func asStated(isPercentage: Bool = false) -> PrintedNumber {
    let isExact = !isPercentage && resolution > 0.05 && value == value.rounded()
    return isExact ? PrintedNumber(value: value, resolution: 0) : self
  }
}
