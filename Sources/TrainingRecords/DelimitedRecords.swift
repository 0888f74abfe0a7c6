internal import InputReading

/// The records of a small table of delimited text, as RFC 4180 has it; a field may have many lines.
///
/// Nothing is refused: what does not fit the grammar is read as the field's text.
struct DelimitedRecords {
  struct Record {
    let fields: [[UInt8]]
    /// The line on which it begins, from 1.
    let line: Int

    /// The fields as trimmed texts.
    var texts: [String] { fields.map { String(decoding: $0, as: UTF8.self).trimmingWhitespace } }
  }

  private let bytes: [UInt8]
  private let separator: UInt8
  private var index: Int
  private var line = 1

  init(_ bytes: [UInt8], separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
    index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The next record; `nil` behind the last.
  mutating func next() -> Record? {
    guard index < bytes.count else { return nil }
    let start = line
    var fields: [[UInt8]] = []
    var field: [UInt8] = []
    var isQuoted = false
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 0x0A { line += 1 }
      switch byte {
      case UInt8(ascii: "\"") where isQuoted:
        if index < bytes.count, bytes[index] == byte {
          field.append(byte)
          index += 1
        } else {
          isQuoted = false
        }
      case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
      case separator where !isQuoted:
        fields.append(field)
        field = []
      case 0x0A where !isQuoted:
        if field.last == 0x0D { field.removeLast() }
        return Record(fields: fields + [field], line: start)
      default: field.append(byte)
      }
    }
    return Record(fields: fields + [field], line: start)
  }
}
