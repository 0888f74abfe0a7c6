internal import CFastFloat
internal import InputReading

/// What is wrong with a record, and which row it is, from 1; the header is row 0.
struct RecordFault: Error, Hashable {
  enum Kind: Hashable {
    case ragged(found: Int, expected: Int)
    case textAfterQuote
    case unterminatedQuote
    case nulByte
    case notUTF8
    case tooLong(limit: Int)
    case notJSON(reason: String)
  }

  let row: Int
  let kind: Kind

  func error(at place: Place) -> TableError {
    switch kind {
    case .ragged(let found, let expected): .raggedRow(place, found: found, expected: expected)
    case .textAfterQuote: .textAfterQuote(place)
    case .unterminatedQuote: .unterminatedQuote(place)
    case .nulByte: .nulByte(place)
    case .notUTF8: .notUTF8(place)
    case .tooLong(let limit): .rowTooLong(place, limit: limit)
    case .notJSON(let reason): .input(.notJSON(place, reason: reason))
    }
  }
}

/// The grammar of delimited text, over bytes in memory.
///
/// The format is RFC 4180's, with LF or CRLF between records:
///
/// | part | bytes |
/// |---|---|
/// | file | an optional byte-order mark, records |
/// | record | fields parted by the separator, a line break; the last one's may be missing |
/// | quoted field | `"`, any bytes with `"` doubled, `"` |
/// | field | any bytes but the separator and line breaks |
struct RecordParser {
  var separator = UInt8(ascii: ",")
  /// The bytes; those behind `count` are no part of the text.
  var bytes: [UInt8] = []
  var count = 0
  /// Whether the text ends with these bytes.
  var isAtEnd = false
  /// The row that is being parsed.
  var row = 1

  /// A field in the bytes.
  struct Field {
    var start: Int
    var end: Int
    var isQuoted = false
    var hasDoubledQuotes = false
    /// Where the next field or record begins.
    var next = 0
    var isLast = false

    var range: Range<Int> { start..<end }
  }

  private func fault(_ kind: RecordFault.Kind) -> RecordFault { RecordFault(row: row, kind: kind) }

  /// Parses one field; `nil` where more bytes are needed to tell its end.
  @inline(__always)
  func field(at start: Int) throws(RecordFault) -> Field? {
    let quote = UInt8(ascii: "\"")
    var field = Field(start: start, end: start)
    var position = start
    if position < count && bytes[position] == quote {
      field.isQuoted = true
      field.start += 1
      position += 1
      while true {
        while position < count && bytes[position] != quote { position += 1 }
        guard position < count else {
          guard isAtEnd else { return nil }
          throw fault(.unterminatedQuote)
        }
        guard position + 1 < count || isAtEnd else { return nil }
        guard position + 1 < count && bytes[position + 1] == quote else { break }
        field.hasDoubledQuotes = true
        position += 2
      }
      field.end = position
      position += 1
    } else {
      while position < count {
        let byte = bytes[position]
        if byte == separator || byte == 0x0A { break }
        position += 1
      }
      field.end = position
      // A carriage return at the very end is a line break that was cut short.
      if position > start && bytes[position - 1] == 0x0D
        && (position == count ? isAtEnd : bytes[position] == 0x0A)
      {
        field.end -= 1
      }
    }
    guard position < count else {
      guard isAtEnd else { return nil }
      field.next = position
      field.isLast = true
      return field
    }
    switch bytes[position] {
    case separator: field.next = position + 1
    case 0x0A:
      field.next = position + 1
      field.isLast = true
    case 0x0D where position + 1 < count && bytes[position + 1] == 0x0A:
      field.next = position + 2
      field.isLast = true
    case 0x0D where position + 1 == count:
      guard isAtEnd else { return nil }
      field.next = count
      field.isLast = true
    default: throw fault(.textAfterQuote)
    }
    return field
  }

  /// Parses a header; `nil` where more bytes are needed.
  func header(at start: Int) throws(RecordFault) -> (columns: [String], end: Int)? {
    var names: [String] = []
    var position = start
    while true {
      guard let field = try field(at: position) else { return nil }
      names.append(String(decoding: text(of: field), as: UTF8.self))
      position = field.next
      if field.isLast { return (names, position) }
    }
  }

  /// Parses up to that many records.
  ///
  /// - Parameters:
  ///   - start: Where the first one begins.
  ///   - limit: The most records.
  ///   - slots: For each column of the table the slot that it is wanted in, or -1.
  ///   - slotCount: The number of slots.
  /// - Returns: the records; ``RecordBatch/rowCount`` is 0 where none is whole.
  mutating func records(
    at start: Int, atMost limit: Int, slots: [Int], slotCount: Int
  ) -> ParsedRecords {
    var batch = RecordBatch(slotCount: slotCount, firstRow: row)
    var copies: [UInt8] = []
    var position = start
    var fault: RecordFault?
    do throws(RecordFault) {
      while batch.rowCount < limit,
        let next = try record(at: position, from: start, slots, into: &batch, &copies)
      {
        position = next
        row += 1
        batch.rowCount += 1
      }
    } catch { fault = error }
    // The first faulty row is told of, whatever is wrong with later ones.
    if let earlier = faultyText(start..<position, slots: slots, firstRow: batch.firstRow) {
      fault = earlier
    }
    batch.bytes = Array(bytes[start..<position])
    batch.append(copies: copies)
    return ParsedRecords(batch: batch, next: position, fault: fault)
  }

  /// Parses one record into the batch; `nil` where none is whole, and then the batch is as before.
  private func record(
    at start: Int, from origin: Int, _ slots: [Int], into batch: inout RecordBatch,
    _ copies: inout [UInt8]
  ) throws(RecordFault) -> Int? {
    guard start < count else { return nil }
    var position = start
    var column = 0
    func removePartial() {
      for slot in slots.prefix(column) where slot >= 0 { batch.removeLast(slot) }
    }
    while true {
      let found: Field?
      do throws(RecordFault) {
        found = try field(at: position)
      } catch {
        removePartial()
        throw error
      }
      guard let field = found else {
        removePartial()
        return nil
      }
      if column < slots.count, slots[column] >= 0 {
        if field.hasDoubledQuotes {
          batch.append(copyOf: text(of: field), slots[column], into: &copies)
        } else {
          batch.append(
            field.start - origin..<field.end - origin, slots[column], isQuoted: field.isQuoted)
        }
      }
      column += 1
      position = field.next
      if field.isLast { break }
    }
    guard column == slots.count else {
      removePartial()
      throw fault(.ragged(found: column, expected: slots.count))
    }
    return position
  }

  /// What is not text in a range of whole records.
  func faultyText(_ range: Range<Int>, slots: [Int], firstRow: Int) -> RecordFault? {
    guard !isText(range) else { return nil }
    var parser = self
    parser.row = firstRow
    var position = range.lowerBound
    var scratch = RecordBatch(slotCount: 0, firstRow: firstRow)
    var copies: [UInt8] = []
    let none = [Int](repeating: -1, count: slots.count)
    var faulty = range
    while position < range.upperBound,
      let next = try? parser.record(at: position, from: position, none, into: &scratch, &copies)
    {
      faulty = position..<next
      if !isText(faulty) { break }
      position = next
      parser.row += 1
    }
    return parser.fault(bytes[faulty].contains(0) ? .nulByte : .notUTF8)
  }

  /// What a header is, if no text.
  func faultyHeader(_ range: Range<Int>) -> RecordFault? {
    guard !isText(range) else { return nil }
    return RecordFault(row: 0, kind: bytes[range].contains(0) ? .nulByte : .notUTF8)
  }

  private func isText(_ range: Range<Int>) -> Bool {
    let span = bytes.span
    return UTF8Check.isText(span.extracting(range))
  }

  private func text(of field: Field) -> ArraySlice<UInt8> {
    let text = bytes[field.range]
    guard field.hasDoubledQuotes else { return text }
    var result: [UInt8] = []
    var isSecondQuote = false
    for byte in text {
      if byte == UInt8(ascii: "\"") {
        isSecondQuote.toggle()
        if !isSecondQuote { continue }
      }
      result.append(byte)
    }
    return result[...]
  }
}

/// Consecutive records and what follows them.
struct ParsedRecords: ~Copyable {
  let batch: RecordBatch
  /// Where the next record begins.
  let next: Int
  /// What is wrong with the next record, or with the text of one of these.
  let fault: RecordFault?
}

extension RecordBatch {
  /// Marks a field that lies in the copies rather than in the rows' text.
  private static var copyBit: UInt32 { 1 << 31 }

  fileprivate mutating func append(
    copyOf text: ArraySlice<UInt8>, _ slot: Int, into copies: inout [UInt8]
  ) {
    let start = copies.count | Int(Self.copyBit)
    append(start..<start + text.count, slot, isQuoted: true)
    copies += text
  }

  /// Puts the copies behind the rows' text and lets their fields point there.
  fileprivate mutating func append(copies: [UInt8]) {
    guard !copies.isEmpty else { return }
    let start = UInt32(bytes.count)
    bytes += copies
    for slot in fields.indices {
      for index in fields[slot].indices where fields[slot][index].start & Self.copyBit != 0 {
        fields[slot][index].start = fields[slot][index].start & ~Self.copyBit + start
        fields[slot][index].end = fields[slot][index].end & ~Self.copyBit + start
      }
    }
  }
}
