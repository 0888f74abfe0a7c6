internal import CFastFloat

/// The scanner of plain records, which are all but a few in most files.
@safe
final class RecordScanner {
  // Safety: made once, freed once, and used by one thread at a time.
  private let handle: OpaquePointer
  /// For each slot the column of the table.
  private let indices: [Int]
  /// For each slot what its cells become.
  private var forms: [CellForm?]

  /// Rows that are scanned at a time: what they become stays in the cache until it is taken.
  private static let rowsPerCall = 2_048

  init(columnCount: Int, separator: UInt8, for wanted: WantedColumns) {
    guard let handle = unsafe cff_scanner_create(columnCount, separator) else {
      preconditionFailure("not enough memory for a scanner")
    }
    unsafe self.handle = unsafe handle
    indices = wanted.indices
    forms = indices.map { _ in nil }
  }

  deinit { unsafe cff_scanner_free(handle) }

  /// Says what the columns make of their cells.
  func setForms(_ wanted: WantedColumns) {
    for (slot, form) in wanted.forms.enumerated() where form != forms[slot] {
      forms[slot] = form
      let code =
        switch form {
        case .numbers: CFF_NUMBERS
        case .codes: CFF_CODES
        case .text: CFF_FIELDS
        }
      unsafe cff_scanner_set_form(handle, indices[slot], Int32(code))
    }
  }

  /// Scans the records from `start` until one is not plain or there are enough.
  ///
  /// - Precondition: Behind `end` the bytes go on for `CFF_PADDING`.
  func scan(_ bytes: [UInt8], from start: Int, to end: Int) -> ScannedRows {
    precondition(start <= end && end + Int(CFF_PADDING) <= bytes.count, "padded bytes")
    var count = 0
    let next = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe cff_scan(handle, bytes.baseAddress, start, end, Self.rowsPerCall, &count)
    }
    return ScannedRows(
      scanner: self, forms: forms.map { $0 ?? .text }, bytes: bytes, count: count, end: next)
  }

  /// Teaches the labels that records had which were not plain.
  func learn(_ batch: borrowing RecordBatch, _ part: WantedColumns) {
    for (slot, column) in part.entries where forms[slot] == .codes {
      guard let codes = column.codes?.suffix(batch.rowCount) else { continue }
      for (index, code) in codes.enumerated() where code >= 0 {
        let range = batch.range(slot, index)
        unsafe batch.bytes.withUnsafeBufferPointer { bytes in
          guard let start = bytes.baseAddress else { return }
          unsafe cff_scanner_learn(
            handle, indices[slot], start + range.lowerBound, range.count,
            batch.isQuoted[slot][index], code)
        }
      }
    }
  }

  func forget(slot: Int) { unsafe cff_scanner_forget(handle, indices[slot]) }

  fileprivate func withNumbers(_ slot: Int, _ count: Int, _ body: (Span<Double>) -> Void) {
    // Safety: the scanner holds as many numbers of the column as it has read rows.
    guard let start = unsafe cff_scanner_numbers(handle, indices[slot]) else { return }
    unsafe body(Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)))
  }

  fileprivate func withCodes(_ slot: Int, _ count: Int, _ body: (Span<Int32>) -> Void) {
    // Safety: as above.
    guard let start = unsafe cff_scanner_codes(handle, indices[slot]) else { return }
    unsafe body(Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)))
  }

  fileprivate func fields(_ slot: Int, _ count: Int) -> (fields: [cff_field], isQuoted: [Bool]) {
    guard let fields = unsafe cff_scanner_fields(handle, indices[slot]),
      let quoted = unsafe cff_scanner_quoted(handle, indices[slot])
    else { return ([], []) }
    // Safety: as above.
    return unsafe (
      Array(UnsafeBufferPointer(start: fields, count: count)),
      Array(UnsafeBufferPointer(start: quoted, count: count))
    )
  }
}

/// Rows that a scanner has read; they are there until it is asked for the next ones.
struct ScannedRows: ~Copyable {
  fileprivate let scanner: RecordScanner
  /// For each slot what its cells have become.
  let forms: [CellForm]
  fileprivate let bytes: [UInt8]
  let count: Int
  /// Where the next record begins.
  let end: Int

  /// Calls `body` with a slot's numbers.
  func withNumbers(_ slot: Int, _ body: (Span<Double>) -> Void) {
    scanner.withNumbers(slot, count, body)
  }

  /// Calls `body` with a slot's codes.
  func withCodes(_ slot: Int, _ body: (Span<Int32>) -> Void) {
    scanner.withCodes(slot, count, body)
  }

  /// A slot's cells as text.
  func text(_ slot: Int) -> RecordBatch {
    var batch = RecordBatch(slotCount: 1, firstRow: 1)
    batch.bytes = bytes
    (batch.fields[0], batch.isQuoted[0]) = scanner.fields(slot, count)
    batch.rowCount = count
    return batch
  }
}
