internal import CFastFloat

/// Fields of some columns of consecutive rows, as text.
struct RecordBatch: ~Copyable {
  /// The text that fields are ranges of.
  var bytes: [UInt8] = []
  /// For each wanted column its fields, a row each.
  var fields: [[cff_field]]
  /// For each wanted column whether each field stood in quotation marks.
  var isQuoted: [[Bool]]
  /// The number of the first row, from 1.
  var firstRow: Int
  var rowCount = 0

  /// Creates a batch of no rows for some wanted columns.
  init(slotCount: Int, firstRow: Int) {
    fields = Array(repeating: [], count: slotCount)
    isQuoted = Array(repeating: [], count: slotCount)
    self.firstRow = firstRow
  }

  /// Creates the batch of a single cell.
  init(_ cell: String) {
    self.init(slotCount: 1, firstRow: 1)
    bytes = Array(cell.utf8)
    append(0..<bytes.count, 0, isQuoted: false)
    rowCount = 1
  }

  func text(_ slot: Int, _ index: Int) -> String {
    String(decoding: bytes[range(slot, index)], as: UTF8.self)
  }

  func range(_ slot: Int, _ index: Int) -> Range<Int> {
    Int(fields[slot][index].start)..<Int(fields[slot][index].end)
  }

  mutating func append(_ range: Range<Int>, _ slot: Int, isQuoted quoted: Bool) {
    fields[slot].append(cff_field(start: UInt32(range.lowerBound), end: UInt32(range.upperBound)))
    isQuoted[slot].append(quoted)
  }

  mutating func removeLast(_ slot: Int) {
    fields[slot].removeLast()
    isQuoted[slot].removeLast()
  }
}
