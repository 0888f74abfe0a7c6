internal import CFastFloat
internal import InputReading

/// How a file of delimited text is laid out.
public struct DelimitedLayout: Hashable, Sendable {
  /// Which byte parts fields.
  public enum Separator: Hashable, Sendable {
    /// A comma, semicolon or tab, whichever the first line has most of.
    case found
    /// A tab.
    case tab
  }

  /// What parts fields.
  public var separator = Separator.found
  /// Whether the first line names the columns; otherwise they are named by number from 1.
  public var hasHeader = true

  /// Creates the layout of a CSV file with a header.
  public init() {}

  /// Creates the layout that a file's name tells: tabs for `.tsv`.
  public init(path: String) {
    if path.hasSuffix(".tsv") { separator = .tab }
  }
}

/// Fields of some columns of consecutive rows.
struct RecordBatch: ~Copyable {
  /// The text of the rows; fields with doubled quotes have a copy of their own behind it.
  var bytes: [UInt8] = []
  /// For each wanted column its fields, a row each.
  var fields: [[cff_field]]
  /// For each wanted column whether each field stood in quotation marks.
  var isQuoted: [[Bool]]
  /// The number of the first row, from 1.
  var firstRow: Int
  var rowCount = 0

  func text(_ slot: Int, _ index: Int) -> String {
    let field = fields[slot][index]
    return String(decoding: bytes[Int(field.start)..<Int(field.end)], as: UTF8.self)
  }
}

/// A reader of delimited text, record by record.
///
/// The format is RFC 4180's, with LF or CRLF between records:
///
/// | part | bytes |
/// |---|---|
/// | file | an optional byte-order mark, records |
/// | record | fields parted by the separator, a line break; the last one's may be missing |
/// | quoted field | `"`, any bytes with `"` doubled, `"` |
/// | field | any bytes but the separator and line breaks |
struct DelimitedReader: ~Copyable {
  let place: Place
  /// The columns' names, trimmed.
  private(set) var columns: [String] = []

  private var stream: FileStream
  private let limits: Limits
  private var separator = UInt8(ascii: ",")
  /// Bytes that are read and belong to records not yet returned.
  private var pending: [UInt8] = []
  private var isAtEnd = false
  /// The number of the next row; the header is row 0.
  private var nextRow = 0

  private static let blockSize = 1 << 20

  /// Opens a file and reads its header.
  static func open(
    path: String, layout: DelimitedLayout, limits: Limits
  ) throws(TableError) -> DelimitedReader {
    var reader = DelimitedReader(
      stream: try stream(path), place: Place(path == "-" ? "standard input" : path),
      limits: limits)
    try reader.readBeginning(layout: layout)
    return reader
  }

  private init(stream: consuming FileStream, place: Place, limits: Limits) {
    self.stream = stream
    self.place = place
    self.limits = limits
  }

  private static func stream(_ path: String) throws(TableError) -> FileStream {
    do throws(InputError) {
      return try FileStream(path: path)
    } catch { throw .input(error) }
  }

  private mutating func readBeginning(layout: DelimitedLayout) throws(TableError) {
    // A pipe may give the first line in pieces.
    repeat {
      try fill()
    } while !isAtEnd && !pending.contains(0x0A) && pending.count <= limits.recordSize
    if pending.starts(with: [0xEF, 0xBB, 0xBF]) { pending.removeFirst(3) }
    guard !pending.isEmpty else { throw .empty(place) }
    if let kind = Self.binaryKind(of: pending) { throw .notDelimited(place, kind: kind) }
    separator = layout.separator == .tab ? UInt8(ascii: "\t") : Self.separator(in: pending)
    try readHeader(isNamed: layout.hasHeader)
  }

  /// The next rows' fields of the columns of those indices; `nil` behind the last row.
  mutating func nextBatch(_ wanted: [Int]) throws(TableError) -> RecordBatch? {
    var slots = [Int](repeating: -1, count: columns.count)
    for (slot, column) in wanted.enumerated() { slots[column] = slot }
    while true {
      var batch = RecordBatch(
        fields: wanted.map { _ in [] }, isQuoted: wanted.map { _ in [] }, firstRow: nextRow)
      var position = 0
      while let next = try parseRecord(at: position, slots: slots, into: &batch) {
        position = next
        nextRow += 1
        batch.rowCount += 1
      }
      if position > 0 {
        try check(0..<position, firstRow: batch.firstRow)
        let copies = batch.bytes
        batch.bytes = Array(pending[..<position])
        batch.append(copies: copies)
        pending.removeFirst(position)
        return batch
      }
      guard !isAtEnd else { return nil }
      guard pending.count <= limits.recordSize else {
        throw .rowTooLong(rowPlace, limit: limits.recordSize)
      }
      try fill()
    }
  }

  private mutating func fill() throws(TableError) {
    do throws(InputError) {
      isAtEnd = try stream.read(Self.blockSize, into: &pending) == 0
    } catch { throw .input(error) }
  }

  private mutating func readHeader(isNamed: Bool) throws(TableError) {
    nextRow = isNamed ? 0 : 1
    defer { nextRow = 1 }
    var header: (columns: [String], end: Int)?
    repeat {
      header = try parseHeader()
      if header == nil {
        guard pending.count <= limits.recordSize else {
          throw .rowTooLong(rowPlace, limit: limits.recordSize)
        }
        try fill()
      }
    } while header == nil
    guard let header else { return }
    guard header.columns.count <= limits.columnCount else {
      throw .tooManyColumns(place, limit: limits.columnCount)
    }
    if isNamed {
      try check(0..<header.end, firstRow: nil)
      columns = header.columns.map(\.trimmingWhitespace)
      pending.removeFirst(header.end)
    } else {
      columns = header.columns.indices.map { "\($0 + 1)" }
    }
  }

  private func parseHeader() throws(TableError) -> (columns: [String], end: Int)? {
    var names: [String] = []
    var position = 0
    while true {
      guard let field = try parseField(at: position) else { return nil }
      let bytes = pending[field.start..<field.end]
      names.append(
        String(
          decoding: field.hasDoubledQuotes ? Self.unescaped(bytes)[...] : bytes, as: UTF8.self))
      position = field.next
      if field.isLast { return (names, position) }
    }
  }

  /// A field in the pending bytes.
  private struct Field {
    var start: Int
    var end: Int
    var isQuoted = false
    var hasDoubledQuotes = false
    /// Where the next field or record begins.
    var next = 0
    var isLast = false

    var range: Range<Int> { start..<end }
  }

  /// Parses one field; `nil` where more bytes are needed to tell its end.
  @inline(__always)
  private func parseField(at start: Int) throws(TableError) -> Field? {
    let quote = UInt8(ascii: "\"")
    let count = pending.count
    var field = Field(start: start, end: start)
    var position = start
    if position < count && pending[position] == quote {
      field.isQuoted = true
      field.start += 1
      position += 1
      while true {
        while position < count && pending[position] != quote { position += 1 }
        guard position < count else {
          guard isAtEnd else { return nil }
          throw .unterminatedQuote(rowPlace)
        }
        guard position + 1 < count || isAtEnd else { return nil }
        guard position + 1 < count && pending[position + 1] == quote else { break }
        field.hasDoubledQuotes = true
        position += 2
      }
      field.end = position
      position += 1
    } else {
      while position < count {
        let byte = pending[position]
        if byte == separator || byte == 0x0A { break }
        position += 1
      }
      field.end = position
      // A carriage return at the very end is a line break that was cut short.
      if position > start && pending[position - 1] == 0x0D
        && (position == count ? isAtEnd : pending[position] == 0x0A)
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
    switch pending[position] {
    case separator: field.next = position + 1
    case 0x0A:
      field.next = position + 1
      field.isLast = true
    case 0x0D where position + 1 < count && pending[position + 1] == 0x0A:
      field.next = position + 2
      field.isLast = true
    case 0x0D where position + 1 == count:
      guard isAtEnd else { return nil }
      field.next = count
      field.isLast = true
    default: throw .textAfterQuote(rowPlace)
    }
    return field
  }

  /// Parses one record into the batch; `nil` where none is whole, and then the batch is as before.
  private func parseRecord(
    at start: Int, slots: [Int], into batch: inout RecordBatch
  ) throws(TableError) -> Int? {
    guard start < pending.count else { return nil }
    var position = start
    var column = 0
    while true {
      guard let field = try parseField(at: position) else {
        batch.removePartial(columns: slots.prefix(column))
        return nil
      }
      if column < slots.count, slots[column] >= 0 {
        batch.append(field.range, slots[column], isQuoted: field.isQuoted)
        if field.hasDoubledQuotes {
          batch.replaceLast(slots[column], with: Self.unescaped(pending[field.start..<field.end]))
        }
      }
      column += 1
      position = field.next
      if field.isLast { break }
    }
    guard column == slots.count else {
      throw .raggedRow(rowPlace, found: column, expected: slots.count)
    }
    return position
  }

  private var rowPlace: Place {
    place.at(nextRow == 0 ? .line(1) : .row(nextRow, column: nil))
  }

  /// Refuses bytes that are not text, and names the row.
  private mutating func check(_ range: Range<Int>, firstRow: Int?) throws(TableError) {
    func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
      let bytes = Array(bytes)
      return !bytes.contains(0) && UTF8Check.isValid(bytes.span)
    }
    guard !isText(pending[range]) else { return }
    var place = place.at(.line(1))
    var faulty = pending[range]
    if let firstRow {
      nextRow = firstRow
      var position = range.lowerBound
      var scratch = RecordBatch(fields: [], isQuoted: [], firstRow: firstRow)
      let slots = [Int](repeating: -1, count: columns.count)
      while let next = try parseRecord(at: position, slots: slots, into: &scratch) {
        faulty = pending[position..<next]
        if !isText(faulty) { break }
        position = next
        nextRow += 1
      }
      place = rowPlace
    }
    throw faulty.contains(0) ? .nulByte(place) : .notUTF8(place)
  }

  private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var isSecondQuote = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") {
        isSecondQuote.toggle()
        if !isSecondQuote { continue }
      }
      result.append(byte)
    }
    return result
  }

  /// The separator that the first line has most of, outside quotes; a comma where there is none.
  private static func separator(in bytes: [UInt8]) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isInQuotes = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
      guard !isInQuotes else { continue }
      if byte == 0x0A { break }
      counts[byte, default: 0] += 1
    }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")]
    return candidates.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? candidates[0]
  }

  /// What a file is that begins with bytes that no table begins with.
  private static func binaryKind(of bytes: [UInt8]) -> String? {
    let kinds: [(magic: [UInt8], name: String)] = [
      ([0x1F, 0x8B], "gzip-compressed"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd-compressed"),
      (Array("PK\u{3}\u{4}".utf8), "a zip archive"), (Array("PAR1".utf8), "a Parquet file"),
      ([0x93] + Array("NUMPY".utf8), "a NumPy file"), ([0xFF, 0xFE], "UTF-16 text"),
      ([0xFE, 0xFF], "UTF-16 text"),
    ]
    // No header begins with a bracket.
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return "JSON" }
    return kinds.first { bytes.starts(with: $0.magic) }?.name
  }
}

extension RecordBatch {
  /// The batch of a single cell.
  init(_ cell: String) {
    bytes = Array(cell.utf8)
    fields = [[cff_field(start: 0, end: UInt32(bytes.count))]]
    isQuoted = [[false]]
    firstRow = 1
    rowCount = 1
  }

  /// Marks a field that lies in the copies rather than in the rows' text.
  private static var copyBit: UInt32 { 1 << 31 }

  fileprivate mutating func append(_ range: Range<Int>, _ slot: Int, isQuoted quoted: Bool) {
    fields[slot].append(cff_field(start: UInt32(range.lowerBound), end: UInt32(range.upperBound)))
    isQuoted[slot].append(quoted)
  }

  fileprivate mutating func replaceLast(_ slot: Int, with copy: [UInt8]) {
    let last = fields[slot].count - 1
    fields[slot][last] = cff_field(
      start: UInt32(bytes.count) | Self.copyBit,
      end: UInt32(bytes.count + copy.count) | Self.copyBit)
    bytes += copy
  }

  fileprivate mutating func removePartial(columns slots: ArraySlice<Int>) {
    for slot in slots where slot >= 0 {
      fields[slot].removeLast()
      isQuoted[slot].removeLast()
    }
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
