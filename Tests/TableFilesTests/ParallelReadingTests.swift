import DataTables
import InputReading
import TestSupport
import Testing

@testable import TableFiles

/// Rows read in blocks on all cores are what the plain reader makes of them, one after the other.
@Suite struct ParallelReadingTests {
  /// What was read, or what was wrong.
  private enum Outcome: Equatable {
    case columns([String])
    case error(TableError)
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func wanted() -> WantedColumns {
    WantedColumns([
      (0, TargetColumn(.either, limits: limits)), (1, NumberColumn()), (2, TextColumn()),
      (3, NumberColumn(allowsMissing: true)), (0, TextColumn()),
      (4, LabelColumn(limits: limits)),
    ])
  }

  private var limits: Limits {
    var limits = Limits.standard
    limits.classCount = 40
    return limits
  }

  private func outcome(
    _ path: String, blockSize: Int,
    _ read: (DelimitedReader, inout WantedColumns) throws(TableError) -> Void
  ) -> Outcome {
    do throws(TableError) {
      let reader = try DelimitedReader(
        ByteStream(path: path), layout: TableLayout(), limits: limits, blockSize: blockSize)
      var columns = wanted()
      try read(reader, &columns)
      return .columns(columns.entries.map { describe($0.column) })
    } catch { return .error(error) }
  }

  /// All that a column holds, bit by bit, and what is wrong with it.
  private func describe(_ column: any Column) -> String {
    let content =
      switch column {
      case let column as TargetColumn:
        column.numbers.map(describe) ?? describe(column.labels)
      case let column as NumberColumn: "\(column.values.map(\.bitPattern))"
      case let column as LabelColumn:
        "\(column.rowCodes.map { $0 < 0 ? nil : column.table.labels[Int($0)] })"
      case let column as TextColumn: "\(column.values)"
      default: "another column"
      }
    do throws(TableError) {
      try column.check { Place("", .row($0, column: nil)) }
      return content
    } catch { return "\(content) \(error)" }
  }

  private func plain(_ reader: DelimitedReader, _ columns: inout WantedColumns) throws(TableError) {
    while let batch = try reader.nextBatch(columns.indices) { columns.append(batch) }
  }

  /// Rows of five columns with everything that such files have in them.
  private func table(_ random: inout SplitMix64) -> [UInt8] {
    let labelStyles: [[String]] = [
      ["0", "1"], ["0", "1", "\"1\"", "1.0"], ["yes", "no"], ["\"yes\"", "no", " no"],
      ["a label that is long", "b\"c", "\"d\"\"e\"", "\"f,\ng\""], (0..<60).map { "\($0)" },
      ["0", "1", "2", "2.5"], ["", "x"], ["1", "0.5", "x"], ["é", "e\u{301}", "\"é\""],
    ]
    let labels = labelStyles.randomElement(using: &random) ?? []
    let others = labelStyles.randomElement(using: &random) ?? []
    let oddity = Int.random(in: 0..<8, using: &random)
    func number() -> String {
      let value = Double.random(in: -1...1, using: &random)
      switch Int.random(in: 0..<(oddity < 4 ? 40 : 4_000), using: &random) {
      case 0: return " \(value)\t"
      case 1: return "\"\(value)\""
      case 2: return "+\(abs(value))"
      case 3:
        return ["", "nan", "x", "1e999", "inf", "0x1", "1_0", "-"].randomElement(using: &random)
          ?? ""
      case 4: return "\(value)e-310"
      case 5: return "\(Int.random(in: -5...5, using: &random))"
      default: return "\(value)"
      }
    }
    let lineBreak = Bool.random(using: &random) ? "\n" : "\r\n"
    var text = Array("label,score,id,feature,class\(lineBreak)".utf8)
    for row in 0..<Int.random(in: 1...400, using: &random) {
      let cells = [
        labels.randomElement(using: &random) ?? "", number(), "id\(row)", number(),
        others.randomElement(using: &random) ?? "",
      ]
      var line = Array(cells.joined(separator: ",").utf8)
      if oddity == 0 && Int.random(in: 0..<300, using: &random) == 0 {
        let faults: [[UInt8]] = [[0], [0xFF], Array(",".utf8), Array("\"".utf8), Array("\n".utf8)]
        line += faults.randomElement(using: &random) ?? []
      }
      text += line + Array(lineBreak.utf8)
    }
    if Bool.random(using: &random) { text.removeLast() }
    return text
  }

  @Test(arguments: 0..<120 as Range<UInt64>)
  func blocksGiveWhatRecordsGive(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let path = try folder.write(table(&random), to: "table.csv")
    let expected = outcome(path, blockSize: 1 << 20, plain)
    for blockSize in [1, 50, 700, 1 << 18] {
      let found = outcome(path, blockSize: blockSize) { reader, columns throws(TableError) in
        try reader.read(into: &columns)
      }
      // A difference is too long to be printed.
      let isEqual = found == expected
      #expect(isEqual, "seed \(seed), blocks of \(blockSize) bytes")
    }
  }

  /// Blocks that are long enough for all cores, and labels that the first block does not have.
  @Test func longFilesAreReadInOrder() throws {
    var text = "label,score\n"
    for row in 0..<60_000 { text += "\(row < 40_000 ? "a" : "b"),\(row)\n" }
    let table = try #require(try PredictionFile(path: folder.write(text)).rows.classTable)
    #expect(table.scores == (0..<60_000).map(Double.init))
    #expect(table.labels == (0..<60_000).map { $0 < 40_000 ? 0 : 1 })
  }

  @Test func recordsLongerThanABlockAreRead() throws {
    let long = String(repeating: "x\n", count: 300_000)
    let path = try folder.write("label,score,note\n1,0.5,\"\(long)\"\n0,0.25,b\n")
    #expect(try PredictionFile(path: path).rows.classTable?.scores == [0.5, 0.25])
  }
}
