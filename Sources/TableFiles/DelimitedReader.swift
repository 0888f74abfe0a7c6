internal import CFastFloat
internal import InputReading

/// Delimited text: its header is read when it is opened, its rows once afterwards, on all cores.
final class DelimitedReader: RowSource {
  let place: Place
  /// The columns' names, trimmed.
  private(set) var columns: [String] = []

  /// What the first rows of a file without a header hold.
  private(set) var unnamed: UnnamedContent?

  private let stream: ByteStream
  private let limits: Limits
  /// What is read and not yet passed on.
  private var parser = RecordParser()

  private let blockSize: Int

  /// Reads the header of a stream of bytes.
  ///
  /// - Parameters:
  ///   - stream: The file.
  ///   - layout: What parts fields, and whether there is a header.
  ///   - limits: The longest record and the most columns.
  ///   - blockSize: Bytes that are read at a time.
  /// - Throws: ``TableError``.
  init(
    _ stream: ByteStream, layout: TableLayout, limits: Limits,
    blockSize: Int = RecordStream.blockSize
  ) throws(TableError) {
    place = stream.place
    self.stream = stream
    self.limits = limits
    self.blockSize = blockSize
    try readBeginning(layout: layout)
  }

  private func readBeginning(layout: TableLayout) throws(TableError) {
    // A pipe may give the first line in pieces.
    repeat {
      try fill()
    } while !parser.isAtEnd && !parser.bytes.contains(0x0A)
      && parser.count <= limits.recordSize
    if parser.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.removeFirst(3) }
    guard parser.count > 0 else { throw .empty(place) }
    if let kind = Self.binaryKind(of: parser.bytes) { throw .notDelimited(place, kind: kind) }
    parser.separator =
      if case .byte(let byte) = layout.separator {
        byte
      } else {
        Self.separator(in: parser.bytes)
      }
    try readHeader(isNamed: layout.hasHeader)
  }

  private func fill() throws(TableError) {
    parser.isAtEnd = try stream.read(blockSize, into: &parser.bytes) == 0
    parser.count = parser.bytes.count
  }

  private func readHeader(isNamed: Bool) throws(TableError) {
    parser.row = isNamed ? 0 : 1
    var header: (columns: [String], end: Int)?
    while true {
      do throws(RecordFault) {
        header = try parser.header(at: 0)
      } catch { throw self.error(error) }
      if header != nil { break }
      guard parser.count <= limits.recordSize else { throw error(tooLong) }
      try fill()
    }
    parser.row = 1
    guard let header else { return }
    guard header.columns.count <= limits.columnCount else {
      throw .tooManyColumns(place, limit: limits.columnCount)
    }
    guard isNamed else {
      columns = header.columns.indices.map { "\($0 + 1)" }
      unnamed = firstContent
      return
    }
    if let fault = parser.faultyHeader(0..<header.end) { throw error(fault) }
    columns = header.columns.map(\.trimmingWhitespace)
    parser.removeFirst(header.end)
  }

  /// What the rows that are read already hold; `nil` where that is more than numbers.
  private var firstContent: UnnamedContent? {
    var parser = parser
    let all = Array(columns.indices)
    let records = parser.records(at: 0, atMost: 1_000, slots: all, slotCount: all.count)
    var numbers: [Double] = []
    for slot in all {
      var column = NumberColumn()
      column.append(records.batch, slot: slot, after: 0)
      guard column.isFaultless else { return nil }
      numbers += column.values
    }
    return UnnamedContent(numbers)
  }

  private var tooLong: RecordFault {
    RecordFault(row: parser.row, kind: .tooLong(limit: limits.recordSize))
  }

  private func error(_ fault: RecordFault) -> TableError {
    fault.error(at: place.at(fault.row == 0 ? .line(1) : .row(fault.row, column: nil)))
  }

  func read(into wanted: inout WantedColumns) throws(TableError) {
    let separator = parser.separator
    let records = RecordStream(
      stream, beginning: parser.bytes, blockSize: blockSize, limits: limits
    ) { bytes, count in
      // Safety: the function looks at that number of bytes and keeps none.
      unsafe bytes.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return 0 }
        return unsafe cff_last_record_end(start, count, separator)
      }
    }
    let columnCount = columns.count
    let fault = try records.read(into: &wanted) { part in
      DelimitedBlockReader(columnCount: columnCount, separator: separator, for: part)
    }
    if let fault { throw error(fault) }
  }

  /// The next rows' fields of the columns of those indices; `nil` behind the last row.
  ///
  /// This is the plain way to read, one record after the other, which ``read(into:)`` is held
  /// against.
  func nextBatch(_ wanted: [Int]) throws(TableError) -> RecordBatch? {
    var slots = [Int](repeating: -1, count: columns.count)
    for (slot, column) in wanted.enumerated() { slots[column] = slot }
    while true {
      let records = parser.records(at: 0, atMost: .max, slots: slots, slotCount: wanted.count)
      if let fault = records.fault { throw error(fault) }
      if records.next > 0 {
        parser.removeFirst(records.next)
        return records.batch
      }
      guard !parser.isAtEnd else { return nil }
      guard parser.count <= limits.recordSize else { throw error(tooLong) }
      try fill()
    }
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

extension RecordParser {
  /// Leaves out the first bytes.
  fileprivate mutating func removeFirst(_ number: Int) {
    bytes.removeFirst(number)
    count = bytes.count
  }
}

/// Reads blocks of delimited text: plain records by the scanner, others by the grammar.
struct DelimitedBlockReader: BlockReader {
  private var parser = RecordParser()
  private let scanner: RecordScanner
  private let slots: [Int]
  private let slotCount: Int

  init(columnCount: Int, separator: UInt8, for wanted: WantedColumns) {
    parser.separator = separator
    parser.isAtEnd = true
    slots = wanted.slots(of: columnCount)
    slotCount = wanted.indices.count
    scanner = RecordScanner(columnCount: columnCount, separator: separator, for: wanted)
  }

  mutating func read(_ block: inout Block, into part: inout WantedColumns) -> RecordFault? {
    swap(&parser.bytes, &block.bytes)
    defer { swap(&parser.bytes, &block.bytes) }
    parser.count = block.count
    var position = 0
    var slowRows = 1
    while position < parser.count {
      scanner.setForms(part)
      let rows = scanner.scan(parser.bytes, from: position, to: parser.count)
      if rows.count > 0 {
        part.append(rows)
        position = rows.end
        slowRows = 1
        continue
      }
      parser.row = part.rowCount + 1
      let records = parser.records(
        at: position, atMost: slowRows, slots: slots, slotCount: slotCount)
      if let fault = records.fault { return first(fault, orIn: 0..<position) }
      part.append(records.batch)
      scanner.learn(records.batch, part)
      position = records.next
      // Where nothing is plain, the scanner is asked less often.
      slowRows = min(2 * slowRows, 512)
    }
    return first(nil, orIn: 0..<position)
  }

  private func first(_ fault: RecordFault?, orIn range: Range<Int>) -> RecordFault? {
    parser.faultyText(range, slots: slots, firstRow: 1) ?? fault
  }

  mutating func text(of block: inout Block) -> RecordBatch {
    swap(&parser.bytes, &block.bytes)
    defer { swap(&parser.bytes, &block.bytes) }
    parser.count = block.count
    parser.row = 1
    let records = parser.records(at: 0, atMost: .max, slots: slots, slotCount: slotCount)
    return records.batch
  }

  mutating func forget(slot: Int) { scanner.forget(slot: slot) }
}
