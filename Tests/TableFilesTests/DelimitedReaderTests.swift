import InputReading
import TestSupport
import Testing

@testable import TableFiles

@Suite struct DelimitedReaderTests {
  private struct Table: Equatable {
    var columns: [String]
    var rows: [[String]]
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let tabs = {
    var layout = TableLayout()
    layout.separator = .tab
    return layout
  }()

  private static let headless = {
    var layout = TableLayout()
    layout.hasHeader = false
    return layout
  }()

  private func read(
    _ bytes: some Sequence<UInt8>, layout: TableLayout = TableLayout(),
    limits: Limits = .standard
  ) throws -> Table {
    let path = try folder.write(bytes, to: "table")
    let reader = try DelimitedReader(ByteStream(path: path), layout: layout, limits: limits)
    let columns = Array(reader.columns.indices)
    var table = Table(columns: reader.columns, rows: [])
    while let batch = try reader.nextBatch(columns) {
      #expect(batch.firstRow == table.rows.count + 1)
      for row in 0..<batch.rowCount { table.rows.append(columns.map { batch.text($0, row) }) }
    }
    return table
  }

  private func read(
    _ text: String, layout: TableLayout = TableLayout(), limits: Limits = .standard
  ) throws -> Table {
    try read(text.utf8, layout: layout, limits: limits)
  }

  private var place: Place { Place(folder.path + "/table") }

  private func row(_ row: Int) -> Place { place.at(.row(row, column: nil)) }

  // MARK: The format

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r\n1,2\r\n3,4",
    "a,b\n1,2\r\n3,4\n",
    "\u{FEFF}a,b\n1,2\n3,4\n", "a;b\n1;2\n3;4\n", "a\tb\n1\t2\n3\t4\n",
    "\"a\",\"b\"\n\"1\",\"2\"\r\n\"3\",\"4\"",
    " a\t, b \n1,2\n3,4\n", "\u{FEFF}\"a\";b\r\n\"1\";2\r\n3;4\r", "a,b\n1,2\n3,4\r",
  ])
  func oneTableIsWrittenInManyWays(text: String) throws {
    #expect(try read(text) == Table(columns: ["a", "b"], rows: [["1", "2"], ["3", "4"]]))
  }

  @Test func quotedFieldsHoldAnything() throws {
    let table = try read("a,b\n\"1,2\",\"x\ny\"\n\"say \"\"hi\"\"\",\"\"\n\"\r\n\",\"\"\"\"\n")
    #expect(table.rows == [["1,2", "x\ny"], ["say \"hi\"", ""], ["\r\n", "\""]])
  }

  @Test func headersMayBeQuoted() throws {
    let table = try read("\"a,\nb\",\"c\"\"d\", \"e\"\n1,2,3\n")
    #expect(table.columns == ["a,\nb", "c\"d", "\"e\""])
  }

  @Test func fieldsKeepTheirBlanks() throws {
    #expect(try read("a,b\n 1 ,\t\n").rows == [[" 1 ", "\t"]])
  }

  @Test func quotesInsideAFieldAreText() throws {
    #expect(try read("a,b\nx\"y\"z, \"q\"\n").rows == [["x\"y\"z", " \"q\""]])
  }

  @Test func emptyFieldsAreFields() throws {
    #expect(
      try read("a,b,c\n,,\n1,,\n,,3").rows == [["", "", ""], ["1", "", ""], ["", "", "3"]])
    #expect(try read("a\n1\n\n2\n").rows == [["1"], [""], ["2"]], "a blank line of one column")
  }

  @Test func separatorsAreFoundInTheHeader() throws {
    #expect(try read("a;b,c;d\n1;2;3\n").columns == ["a", "b,c", "d"])
    #expect(try read("a,b;c,d\n1,2,3\n").columns == ["a", "b;c", "d"])
    #expect(try read("\"a;b;c\",d\n1,2\n").columns == ["a;b;c", "d"])
    #expect(try read("a\tb,c\td\n1\t2\t3\n").columns == ["a", "b,c", "d"])
    #expect(try read("a b\n1;2\n").rows == [["1;2"]])
  }

  @Test func tabsPartFieldsWhereThatIsAsked() throws {
    let table = try read("a,b\tc\n1,2\t3\n", layout: Self.tabs)
    #expect(table == Table(columns: ["a,b", "c"], rows: [["1,2", "3"]]))
  }

  @Test func columnsWithoutAHeaderAreNamedByNumber() throws {
    let table = try read("5,x\n6,y\n", layout: Self.headless)
    #expect(table == Table(columns: ["1", "2"], rows: [["5", "x"], ["6", "y"]]))
    #expect(try read("\u{FEFF}5", layout: Self.headless).rows == [["5"]])
  }

  @Test func bareCarriageReturnsAreText() throws {
    #expect(try read("a,b\n1\r2,3\n").rows == [["1\r2", "3"]])
  }

  // MARK: Refusals

  @Test func filesWithoutATableAreRefused() throws {
    #expect(throws: TableError.empty(place)) { try read("") }
    #expect(throws: TableError.empty(place)) { try read("\u{FEFF}") }
    #expect(try read("a,b\n").rows == [])
    #expect(throws: TableError.input(.notFound("/nowhere"))) {
      _ = try DelimitedReader(
        ByteStream(path: "/nowhere"), layout: TableLayout(), limits: .standard)
    }
    #expect(throws: TableError.input(.isFolder(folder.path))) {
      _ = try DelimitedReader(
        ByteStream(path: folder.path), layout: TableLayout(), limits: .standard)
    }
  }

  @Test func raggedRowsAreRefused() {
    #expect(throws: TableError.raggedRow(row(2), found: 3, expected: 2)) {
      try read("a,b\n1,2\n1,2,3\n")
    }
    #expect(throws: TableError.raggedRow(row(1), found: 1, expected: 2)) {
      try read("a,b\n1\n1,2\n")
    }
    #expect(throws: TableError.raggedRow(row(2), found: 1, expected: 2)) {
      try read("a,b\n1,2\n\n3,4\n")
    }
    #expect(throws: TableError.raggedRow(row(2), found: 1, expected: 2)) {
      try read("a,b\n1,2\n\n")
    }
    #expect(throws: TableError.raggedRow(row(3), found: 1, expected: 2)) {
      try read("1,2\r\n3,4\r\n\r\n", layout: Self.headless)
    }
  }

  @Test func textBehindAQuoteIsRefused() {
    #expect(throws: TableError.textAfterQuote(row(1))) { try read("a,b\n\"1\"x,2\n") }
    #expect(throws: TableError.textAfterQuote(row(2))) { try read("a,b\n1,2\n\"1\" ,2\n") }
    #expect(throws: TableError.textAfterQuote(row(1))) { try read("a,b\n1,\"2\"\rx\n") }
  }

  @Test func unterminatedQuotesAreRefused() {
    #expect(throws: TableError.unterminatedQuote(row(2))) { try read("a,b\n1,2\n3,\"4\n5,6\n") }
    #expect(throws: TableError.unterminatedQuote(row(1))) { try read("a,b\n\"") }
    #expect(throws: TableError.unterminatedQuote(row(1))) { try read("a,b\n1,\"x\"\"") }
  }

  @Test func faultsOfTheHeaderAreOnTheFirstLine() {
    let header = place.at(.line(1))
    #expect(throws: TableError.textAfterQuote(header)) { try read("\"a\"x,b\n1,2\n") }
    #expect(throws: TableError.unterminatedQuote(header)) { try read("a,\"b\n1,2\n") }
    #expect(throws: TableError.textAfterQuote(row(1))) {
      try read("\"a\"x,b\n1,2\n", layout: Self.headless)
    }
  }

  @Test func bytesThatAreNotTextAreRefused() {
    #expect(throws: TableError.nulByte(row(2))) { try read("a,b\n1,2\n3,\0\n") }
    #expect(throws: TableError.nulByte(place.at(.line(1)))) { try read("a\0,b\n1,2\n") }
    #expect(throws: TableError.nulByte(row(1))) { try read("1,\0\n", layout: Self.headless) }
    let invalid: [[UInt8]] = [
      [0xFF], [0xC3], [0x80], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xE2, 0x82],
    ]
    for bytes in invalid {
      #expect(throws: TableError.notUTF8(row(3))) {
        try read(Array("a,b\n1,é\n2,日\n3,".utf8) + bytes + Array("\n4,4\n".utf8))
      }
      #expect(throws: TableError.notUTF8(place.at(.line(1)))) {
        try read(Array("a,b".utf8) + bytes + Array("\n4,4\n".utf8))
      }
    }
    #expect(throws: TableError.notUTF8(row(2)), "the first faulty row is named") {
      try read(Array("a\n1\n".utf8) + [0xFF] + Array("\n\0\n".utf8))
    }
  }

  @Test(
    arguments: [
      ([0x50, 0x4B, 3, 4, 20], "a zip archive"),
      (Array("PAR1".utf8) + [0x15, 4], "a Parquet file"),
      ([0x93] + Array("NUMPY\u{1}".utf8), "a NumPy file"), ([0xFF, 0xFE, 0x61, 0], "UTF-16 text"),
      ([0xFE, 0xFF, 0, 0x61], "UTF-16 text"),
    ] as [([UInt8], String)])
  func otherFormatsAreRefusedByName(bytes: [UInt8], kind: String) {
    #expect(throws: TableError.notDelimited(place, kind: kind)) { try read(bytes) }
    #expect(throws: TableError.notDelimited(place, kind: kind)) {
      try read(bytes + Array("\na,b\n".utf8), layout: Self.headless)
    }
  }

  @Test func utf16WithoutAMarkIsRefused() {
    let bytes = "a,b\n1,2\n".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    #expect(throws: TableError.nulByte(place.at(.line(1)))) { try read(bytes) }
  }

  @Test func limitsHold() {
    var limits = Limits.standard
    limits.columnCount = 2
    #expect(throws: TableError.tooManyColumns(place, limit: 2)) {
      try read("a,b,c\n1,2,3\n", limits: limits)
    }
    limits.recordSize = 1 << 20
    let long = "a,b\n1,\"" + String(repeating: "x", count: 3 << 20) + "\"\n"
    #expect(throws: TableError.rowTooLong(row(1), limit: 1 << 20)) {
      try read(long, limits: limits)
    }
    let header = "a,\"" + String(repeating: "x", count: 3 << 20)
    #expect(throws: TableError.rowTooLong(place.at(.line(1)), limit: 1 << 20)) {
      try read(header, limits: limits)
    }
    #expect(throws: TableError.rowTooLong(row(1), limit: 1 << 20)) {
      try read(header, layout: Self.headless, limits: limits)
    }
  }

  // MARK: Against a plain parser

  /// Splits a whole file into records byte by byte; `nil` where it is malformed.
  private func plainRecords(_ bytes: [UInt8], separator: UInt8) -> [[[UInt8]]]? {
    var records: [[[UInt8]]] = []
    var record: [[UInt8]] = []
    var rest = bytes[...]
    var isOpen = false
    while isOpen || !rest.isEmpty {
      isOpen = false
      var field: [UInt8] = []
      if rest.first == UInt8(ascii: "\"") {
        rest.removeFirst()
        while let byte = rest.popFirst() {
          if byte == UInt8(ascii: "\"") {
            guard rest.first == byte else {
              isOpen = true
              break
            }
            rest.removeFirst()
          }
          field.append(byte)
        }
        guard isOpen else { return nil }
        isOpen = false
      } else {
        let end = rest.firstIndex { $0 == separator || $0 == 0x0A } ?? rest.endIndex
        field = Array(rest[..<end])
        rest = rest[end...]
        if field.last == 0x0D && rest.first != separator {
          field.removeLast()
          rest = bytes[(end - 1)...]
        }
      }
      record.append(field)
      if rest.first == separator {
        rest.removeFirst()
        isOpen = true
        continue
      }
      if rest.first == 0x0D { rest.removeFirst() }
      guard let end = rest.popFirst() ?? 0x0A as UInt8?, end == 0x0A else { return nil }
      records.append(record)
      record = []
    }
    guard records.allSatisfy({ $0.count == records[0].count }) else { return nil }
    return records
  }

  @Test func randomBytesAreReadAsByAPlainParser() throws {
    let alphabet = Array("ab1,,\"\"\n\r ".utf8)
    for seed in 0..<3000 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let bytes = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      let expected = plainRecords(bytes, separator: UInt8(ascii: ","))?.map { record in
        record.map { String(decoding: $0, as: UTF8.self) }
      }
      do {
        let rows = try read(bytes, layout: Self.headless).rows
        #expect(rows == expected, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
      } catch is TableError {
        #expect(expected == nil, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test(arguments: [(1, ","), (2, ";"), (3, "\t")] as [(UInt64, String)])
  func filesOfSeveralBlocksAreReadAsWritten(seed: UInt64, separator: String) throws {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "x", "é", "日本", "\"", ",", ";", "\t", "\n", "\r\n", " ",
      String(repeating: "long", count: 400),
    ]
    var rows: [[String]] = []
    var text = ["a", "b", "c"].joined(separator: separator) + "\n"
    while text.utf8.count < 5 << 19 {
      let row = (0..<3).map { _ in
        (0..<Int.random(in: 0...6, using: &random)).map { _ in
          pieces.randomElement(using: &random) ?? ""
        }.joined()
      }
      rows.append(row)
      text += row.map {
        "\""
          + $0.split(separator: "\"", omittingEmptySubsequences: false)
          .joined(separator: "\"\"") + "\""
      }.joined(separator: separator)
      text += Bool.random(using: &random) ? "\n" : "\r\n"
    }
    let table = try read(text)
    #expect(table.rows.count == rows.count)
    #expect(table.rows == rows, "seed \(seed)")
  }

  @Test func blocksMayEndAnywhereInARow() throws {
    // The record's bytes lie across the border of the first block, one more of them behind it each time.
    let record = "\"é\"\"\r\n,\"\r\n7\r\n"
    for shift in 0...record.utf8.count {
      let beginning = "a\n"
      let padding = String(repeating: "p", count: (1 << 20) - shift - beginning.utf8.count - 1)
      let table = try read(beginning + padding + "\n" + record)
      #expect(table.rows == [[padding], ["é\"\r\n,"], ["7"]], "shift \(shift)")
    }
  }

  @Test func everyTruncationIsReadOrRefused() throws {
    let text = "id,\"na\"\"me\"\r\n1,\"é, \"\"x\"\"\r\n日\"\r\n2,plain\r\n3,\"😀\"\r\n"
    let bytes = Array(text.utf8)
    let whole = try read(bytes)
    #expect(whole.rows == [["1", "é, \"x\"\r\n日"], ["2", "plain"], ["3", "😀"]])
    for count in 0..<bytes.count {
      do {
        let table = try read(bytes[..<count])
        // Whole rows are those of the whole file; only the last may be cut.
        #expect(
          table.rows.dropLast() == whole.rows[..<max(0, table.rows.count - 1)], "\(count) bytes")
      } catch is TableError {}
    }
  }
}
