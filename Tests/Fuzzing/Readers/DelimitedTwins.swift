import DataTables
import InputReading

@testable import TableFiles

/// Delimited text by its fast path, which scans blocks on all cores, and by its slow one, which takes
/// records one after the other.
enum DelimitedTwins {
  /// Reads bytes both ways, and with another size of blocks; ends the program where they differ.
  static func read(_ bytes: [UInt8], limits: Limits) {
    MemoryFile.with(bytes) { path in
      let slow = outcome(path, limits, blockSize: 1 << 20) { reader, wanted throws(TableError) in
        while let batch = try reader.nextBatch(wanted.indices) { wanted.append(batch) }
      }
      for blockSize in [7, 1 << 18] {
        let fast = outcome(path, limits, blockSize: blockSize) {
          reader, wanted throws(TableError) in
          try reader.read(into: &wanted)
        }
        precondition(fast == slow, "blocks of \(blockSize) bytes:\n\(fast)\nrecords:\n\(slow)")
      }
    }
  }

  private static func outcome(
    _ path: String, _ limits: Limits, blockSize: Int,
    _ read: (DelimitedReader, inout WantedColumns) throws(TableError) -> Void
  ) -> String {
    do throws(TableError) {
      let reader = try DelimitedReader(
        ByteStream(path: path), layout: TableLayout(), limits: limits, blockSize: blockSize)
      // Each column as whatever a column may be.
      var wanted = WantedColumns(
        (0..<min(reader.columns.count, 8)).flatMap { index -> [(Int, any Column)] in
          [
            (index, TargetColumn(.either, limits: limits)),
            (index, NumberColumn(allowsMissing: true)), (index, TextColumn()),
          ]
        })
      try read(reader, &wanted)
      return wanted.entries.map { content(of: $0.column) }.joined(separator: "\n")
    } catch { return "\(error)" }
  }

  /// All that a column holds, bit by bit, and what is wrong with it.
  private static func content(of column: any Column) -> String {
    var text =
      switch column {
      case let column as TargetColumn:
        column.numbers.map { "\($0.values.map(\.bitPattern))" }
          ?? "\(column.labels.rowCodes.map { $0 < 0 ? nil : column.labels.table.labels[Int($0)] })"
      case let column as NumberColumn: "\(column.values.map(\.bitPattern))"
      case let column as TextColumn: "\(column.values)"
      default: ""
      }
    do throws(TableError) {
      try column.check { Place("", .row($0, column: nil)) }
    } catch { text += " \(error)" }
    return text
  }
}
