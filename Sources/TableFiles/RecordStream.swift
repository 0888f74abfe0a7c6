internal import CFastFloat
internal import InputReading
internal import NumericKernels

/// Whole records of a stream, and room behind them that a scanner may read.
struct Block {
  var bytes: [UInt8] = []
  /// The bytes that are records.
  var count = 0
}

/// Reads the records of blocks, each by itself.
protocol BlockReader {
  /// Reads a block's rows, which count from 1.
  ///
  /// - Returns: the first thing wrong with a record, where there is one; rows behind it do not count.
  mutating func read(_ block: inout Block, into part: inout WantedColumns) -> RecordFault?
  /// The block's rows as text, a slot each.
  mutating func text(of block: inout Block) -> RecordBatch
  /// Forgets what was learnt of a slot's labels.
  mutating func forget(slot: Int)
}

/// A stream of records, cut into blocks that are read on all cores.
///
/// A block is what one read of the stream gives, cut behind its last whole record; what is left
/// begins the next one. Buffers are small and used again, so that fresh memory is touched for results
/// alone.
struct RecordStream: ~Copyable {
  private let stream: ByteStream
  private let blockSize: Int
  private let limits: Limits
  private let lastRecordEnd: (_ bytes: [UInt8], _ count: Int) -> Int
  /// The beginning of a record whose end is not read yet.
  private var rest: [UInt8]

  /// Bytes of a block that the caches of a core hold, with what becomes of them.
  static let blockSize = 1 << 18

  /// Takes a stream of which some bytes are read already.
  ///
  /// - Parameters:
  ///   - stream: The stream.
  ///   - beginning: What is read already.
  ///   - blockSize: Bytes that are read at a time.
  ///   - limits: The longest record.
  ///   - lastRecordEnd: Where the last whole record of so many bytes ends; 0 where there is none.
  init(
    _ stream: ByteStream, beginning: [UInt8], blockSize: Int, limits: Limits,
    lastRecordEnd: @escaping (_ bytes: [UInt8], _ count: Int) -> Int
  ) {
    self.stream = stream
    self.blockSize = blockSize
    self.limits = limits
    self.lastRecordEnd = lastRecordEnd
    rest = beginning
  }

  /// What a worker has to itself.
  private struct Worker<Reader: BlockReader> {
    var block = Block()
    var reader: Reader
    var part: WantedColumns
    var fault: RecordFault?
    var readError: TableError?
  }

  /// Reads all records.
  ///
  /// - Parameters:
  ///   - wanted: The columns to fill.
  ///   - makeReader: Makes a worker's reader for the columns that it fills.
  /// - Returns: the first thing wrong with a record.
  /// - Throws: ``TableError`` if the stream cannot be read.
  consuming func read<Reader: BlockReader>(
    into wanted: inout WantedColumns, makeReader: (WantedColumns) -> Reader
  ) throws(TableError) -> RecordFault? {
    var workers = (0..<min(OrderedWork.coreCount, 8)).map { _ in
      let part = wanted.part()
      return Worker(reader: makeReader(part), part: part)
    }
    let expectedSize = stream.size
    var whole = wanted
    var fault: RecordFault?
    var readError: TableError?
    var isFirst = true
    let firstRow = wanted.rowCount
    var records = self
    OrderedWork.run(&workers) { worker in
      records.takeBlock(&worker.block, &worker.fault, &worker.readError)
    } work: { worker in
      guard worker.fault == nil && worker.readError == nil else { return }
      worker.fault = worker.reader.read(&worker.block, into: &worker.part)
    } handOver: { worker in
      if let error = worker.readError {
        readError = error
        return false
      }
      if let found = worker.fault {
        fault = RecordFault(row: found.row + whole.rowCount - firstRow, kind: found.kind)
        return false
      }
      if isFirst {
        // The first rows tell how many there will be; a little more is cheaper than growing.
        isFirst = false
        let rows = Double(worker.part.rowCount)
        let blocks = Double(expectedSize) / Double(max(worker.block.count, 1))
        if blocks > 1 { whole.reserve(firstRow + Int(rows * blocks * 1.05) + 1_024) }
      }
      whole.append(worker.part) { worker.reader.text(of: &worker.block) }
      for slot in worker.part.clear(for: whole) { worker.reader.forget(slot: slot) }
      return !whole.isOver
    }
    wanted = whole
    if let readError { throw readError }
    return fault
  }

  /// Reads the next block; `false` where there is none.
  private mutating func takeBlock(
    _ block: inout Block, _ fault: inout RecordFault?, _ readError: inout TableError?
  ) -> Bool {
    let padding = Int(CFF_PADDING)
    block.count = rest.count
    block.grow(to: rest.count + blockSize + padding)
    block.bytes.replaceSubrange(0..<rest.count, with: rest)
    rest.removeAll(keepingCapacity: true)
    while true {
      // Bytes from before the first read are records too.
      let end = lastRecordEnd(block.bytes, block.count)
      if end > 0 {
        rest += block.bytes[end..<block.count]
        block.count = end
        return true
      }
      guard block.count <= limits.recordSize else {
        fault = RecordFault(row: 1, kind: .tooLong(limit: limits.recordSize))
        return true
      }
      block.grow(to: block.count + blockSize + padding)
      do throws(TableError) {
        let read = try stream.read(blockSize, into: &block.bytes, at: block.count)
        if read == 0 { return block.count > 0 }
        block.count += read
      } catch {
        readError = error
        return true
      }
    }
  }
}

extension Block {
  fileprivate mutating func grow(to size: Int) {
    if bytes.count < size { bytes.appendZeros(size - bytes.count) }
  }
}
