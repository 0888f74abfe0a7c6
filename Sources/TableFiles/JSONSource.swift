internal import CFastFloat
internal import CSimdJSON
internal import InputReading

/// JSON Lines, or one JSON value of rows.
///
/// | row | its columns |
/// |---|---|
/// | an object | its members; those of objects inside it are named `outer.inner`, elements of arrays `outer.0` |
/// | an array of scalars | its elements, by number from 1 |
/// | a scalar among others in an array | one, `1` |
///
/// A line, or the whole value, is one row, or an array of them; so is what an object has first under
/// `predictions` or `instances`, as SageMaker's containers answer and are asked.
final class JSONSource: RowSource {
  let place: Place
  let columns: [String]
  let unnamed: UnnamedContent?

  /// Where the value of each column is: keys, one inside the other.
  private let paths: [[String]]
  private let stream: ByteStream
  /// Whether the file is one value rather than lines of them.
  private let isWhole: Bool

  var isHeldWhole: Bool { isWhole }

  private let limits: Limits

  /// Rows that are looked at to find the columns.
  private static let sampleSize = 100

  /// Finds the columns of a stream of JSON.
  ///
  /// - Parameters:
  ///   - stream: The file.
  ///   - isLines: Whether it is known to be JSON Lines.
  ///   - limits: The deepest nesting, the longest value and the most columns.
  /// - Throws: ``TableError`` if the whole file is one value and that is not JSON.
  init(_ stream: ByteStream, isLines: Bool, limits: Limits) throws(TableError) {
    place = stream.place
    self.limits = limits
    let beginning = try stream.peek(1 << 16)
    let skipped = beginning.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var mark: [UInt8] = []
    if skipped > 0 { _ = try stream.read(skipped, into: &mark) }
    let lines = beginning.dropFirst(skipped).split(
      separator: 0x0A, maxSplits: Self.sampleSize, omittingEmptySubsequences: false)
    var rows: [JSON] = []
    for line in lines.prefix(min(max(1, lines.count - 1), Self.sampleSize)) {
      // What is wrong with a line is told when it is read.
      guard let document = try? JSONDocument(Array(line), from: stream.place, limits: limits) else {
        break
      }
      rows += document.root.rows
    }
    isWhole = rows.isEmpty && !isLines
    self.stream = stream
    if isWhole {
      let bytes = try stream.readToEnd(limit: limits.textSize)
      do throws(InputError) {
        let document = try JSONDocument(bytes, from: stream.place, limits: limits)
        rows = Array(document.root.rows.prefix(Self.sampleSize))
      } catch { throw .input(error) }
      stream.putBack(bytes)
    }
    var paths: [[String]] = []
    var known: Set<[String]> = []
    for row in rows {
      for path in row.leaves where known.insert(path).inserted { paths.append(path) }
    }
    guard paths.count <= limits.columnCount else {
      throw .tooManyColumns(stream.place, limit: limits.columnCount)
    }
    self.paths = paths
    let areNumbered = paths.allSatisfy { $0.count <= 1 } && rows.allSatisfy { $0.object == nil }
    let numbers = rows.flatMap { $0.array ?? [$0] }.compactMap(\.number?.value)
    unnamed = areNumbered ? UnnamedContent(numbers) : nil
    columns = paths.map { path in
      areNumbered ? "\((path.first.flatMap { Int($0) } ?? 0) + 1)" : path.joined(separator: ".")
    }
  }

  func read(into wanted: inout WantedColumns) throws(TableError) {
    let wantedPaths = wanted.indices.map { paths[$0] }
    let fault: RecordFault?
    if isWhole {
      var block = Block()
      block.bytes = try stream.readToEnd(limit: limits.textSize)
      block.count = block.bytes.count
      block.bytes.appendZeros(Int(CSJ_PADDING))
      let reader = JSONBlockReader(wantedPaths, isWhole: true, limits: limits)
      fault = reader.read(&block, into: &wanted)
    } else {
      // Lines have no line breaks inside.
      let records = RecordStream(
        stream, beginning: [], blockSize: RecordStream.blockSize, limits: limits
      ) { bytes, count in
        bytes[..<count].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
      }
      let limits = limits
      fault = try records.read(into: &wanted) { _ in
        JSONBlockReader(wantedPaths, isWhole: false, limits: limits)
      }
    }
    if let fault {
      throw fault.error(at: isWhole ? place : place.at(.row(fault.row, column: nil)))
    }
  }
}

extension JSON {
  /// The rows that a line, or a whole value, has.
  fileprivate var rows: [JSON] {
    if let members = object, let first = members.first,
      ["predictions", "instances"].contains(first.key), let elements = first.value.array
    {
      return elements
    }
    if let elements = array, let first = elements.first, first.isContainer { return elements }
    return [self]
  }

  private var isContainer: Bool { object != nil || array != nil }

  /// The ways to the scalars inside.
  fileprivate var leaves: [[String]] {
    if let object {
      return object.flatMap { member in member.value.leaves.map { [member.key] + $0 } }
    }
    if let array {
      return array.enumerated().flatMap { index, element in
        element.leaves.map { ["\(index)"] + $0 }
      }
    }
    return [[]]
  }
}

/// Reads blocks of lines of JSON, or one value.
@safe
struct JSONBlockReader: BlockReader {
  /// simdjson's reader, freed with the last copy.
  @safe
  private final class Rows {
    // Safety: made once, freed once, and used by one thread at a time.
    let handle: OpaquePointer

    init(depth: Int) {
      guard let handle = unsafe csj_rows_create(depth) else {
        preconditionFailure("not enough memory for a reader")
      }
      unsafe self.handle = unsafe handle
    }

    deinit { unsafe csj_rows_free(handle) }
  }

  private let rows: Rows
  private let isWhole: Bool
  private let slotCount: Int

  private static let linesPerCall = 2_048

  init(_ paths: [[String]], isWhole: Bool, limits: Limits) {
    rows = Rows(depth: limits.nesting)
    self.isWhole = isWhole
    slotCount = paths.count
    for path in paths { want(path) }
  }

  /// Asks for a value; slots are numbered in the order of asking.
  private func want(_ path: [String]) {
    var bytes: [CChar] = []
    let lengths = path.map { $0.utf8.count }
    for key in path { bytes += key.utf8.map { CChar(bitPattern: $0) } }
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var keys: [UnsafePointer<CChar>?] = unsafe []
      var offset = 0
      for length in lengths {
        unsafe keys.append(bytes.baseAddress.map { unsafe $0 + offset })
        offset += length
      }
      _ = unsafe csj_rows_want(rows.handle, keys, lengths, path.count)
    }
  }

  func read(_ block: inout Block, into part: inout WantedColumns) -> RecordFault? {
    var position = 0
    while position < block.count {
      let lines = read(block, from: position, atMost: Self.linesPerCall, after: part.rowCount)
      part.append(lines.batch)
      if let fault = lines.fault { return fault }
      position = lines.next
    }
    return nil
  }

  func text(of block: inout Block) -> RecordBatch {
    let lines = read(block, from: 0, atMost: .max, after: 0)
    return lines.batch
  }

  func forget(slot: Int) {}

  private func read(
    _ block: Block, from start: Int, atMost lineCount: Int, after rowCount: Int
  ) -> ParsedRecords {
    var failure = unsafe csj_error()
    let next = unsafe block.bytes.withUnsafeBufferPointer { bytes in
      unsafe csj_rows_read(
        rows.handle, bytes.baseAddress, start, block.count, lineCount, isWhole, &failure)
    }
    var batch = RecordBatch(slotCount: slotCount, firstRow: rowCount + 1)
    batch.rowCount = unsafe csj_rows_count(rows.handle)
    batch.bytes = block.bytes
    var textCount = 0
    if let texts = unsafe csj_rows_texts(rows.handle, &textCount), textCount > 0 {
      unsafe batch.bytes += UnsafeBufferPointer(start: texts, count: textCount)
    }
    let textStart = UInt32(block.bytes.count)
    for slot in 0..<slotCount where batch.rowCount > 0 {
      guard let start = unsafe csj_rows_cells(rows.handle, slot) else { continue }
      let cells = unsafe UnsafeBufferPointer(start: start, count: batch.rowCount)
      batch.fields[slot] = unsafe cells.map { cell in
        let isInTexts = cell.start & 0x8000_0000 != 0
        return isInTexts
          ? cff_field(
            start: (cell.start & 0x7FFF_FFFF) + textStart, end: (cell.end & 0x7FFF_FFFF) + textStart
          )
          : cff_field(start: cell.start, end: cell.end)
      }
      batch.isQuoted[slot] = unsafe cells.map { $0.is_string }
    }
    let reason = unsafe failure.message.map { unsafe String(cString: $0) }
    return ParsedRecords(
      batch: batch, next: next,
      fault: reason.map { reason in
        RecordFault(
          row: rowCount + batch.rowCount + 1, kind: .notJSON(reason: JSONDocument.sentence(reason)))
      })
  }
}
