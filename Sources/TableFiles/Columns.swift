internal import CFastFloat
internal import DataTables
internal import InputReading

/// A column of a table that grows batch by batch and says at the end what was wrong with it.
protocol Column {
  /// Takes the fields of one wanted column of a batch.
  mutating func append(_ batch: borrowing RecordBatch, slot: Int)
  /// The first fault in the column.
  ///
  /// - Parameter place: Makes a place of a row's number.
  /// - Throws: ``TableError`` with the first faulty row and the number of them.
  func check(place: (_ row: Int) -> Place) throws(TableError)
}

/// A column of numbers.
struct NumberColumn: Column {
  /// Whether empty cells and "nan" are missing values, NaN, rather than faults.
  let allowsMissing: Bool
  /// Whether numbers below 0 are faults, as they are for weights.
  var isWeight = false
  private(set) var values: [Double] = []
  private var fault: (row: Int, text: String, kind: TableError.NumberFault)?
  private var faultCount = 0

  init(allowsMissing: Bool = false, isWeight: Bool = false) {
    self.allowsMissing = allowsMissing
    self.isWeight = isWeight
  }

  mutating func append(_ batch: borrowing RecordBatch, slot: Int) {
    let fields = batch.fields[slot]
    let start = values.count
    values += repeatElement(0, count: fields.count)
    var index = 0
    while index < fields.count {
      var found: Int32 = 0
      index += unsafe batch.bytes.withUnsafeBufferPointer { bytes in
        unsafe fields.withUnsafeBufferPointer { fields in
          unsafe values.withUnsafeMutableBufferPointer { values in
            guard let first = fields.baseAddress, let out = values.baseAddress else { return 0 }
            return unsafe cff_parse(
              bytes.baseAddress, first + index, fields.count - index, allowsMissing,
              out + start + index, &found)
          }
        }
      }
      guard index < fields.count else { break }
      faultCount += 1
      if fault == nil {
        fault = (batch.firstRow + index, batch.text(slot, index), TableError.NumberFault(found))
      }
      index += 1
    }
  }

  func check(place: (_ row: Int) -> Place) throws(TableError) {
    if let fault {
      throw .notANumber(place(fault.row), found: fault.text, fault.kind, count: faultCount)
    }
    if isWeight, let row = values.firstIndex(where: { $0 < 0 }) {
      throw .negativeWeight(
        place(row + 1), found: "\(values[row])", count: values.count { $0 < 0 })
    }
  }
}

extension TableError.NumberFault {
  fileprivate init(_ code: Int32) {
    self =
      switch Int(code) {
      case CFF_EMPTY: .empty
      case CFF_NOT_FINITE: .notFinite
      case CFF_OVERFLOW: .overflow
      default: .text
      }
  }
}

/// A column of class labels.
struct LabelColumn: Column {
  /// The labels seen, whose codes ``codes`` are.
  private(set) var table = LabelTable()
  private(set) var codes: [Int32] = []
  private let limit: Int
  private var fault: (row: Int, text: String, fault: Label.Fault)?
  private var faultCount = 0
  private var isOverLimit = false

  init(limits: Limits) {
    limit = limits.classCount
  }

  /// The labels of those rows, in their order; labels of other rows are left out.
  func selecting(rows: [Int]) -> LabelColumn {
    var column = self
    column.table = LabelTable()
    column.codes = rows.map { column.table.code(of: table.labels[Int(codes[$0])]) }
    return column
  }

  mutating func append(_ batch: borrowing RecordBatch, slot: Int) {
    guard !isOverLimit else { return }
    codes.reserveCapacity(codes.count + batch.fields[slot].count)
    for (index, field) in batch.fields[slot].enumerated() {
      let bytes = batch.bytes[Int(field.start)..<Int(field.end)]
      do throws(Label.Fault) {
        codes.append(try table.code(ofField: bytes, isQuoted: batch.isQuoted[slot][index]))
      } catch {
        codes.append(0)
        faultCount += 1
        if fault == nil {
          fault = (batch.firstRow + index, batch.text(slot, index), error)
        }
      }
    }
    isOverLimit = table.labels.count > limit
  }

  func check(place: (_ row: Int) -> Place) throws(TableError) {
    if let fault {
      throw .notALabel(place(fault.row), found: fault.text, fault.fault, count: faultCount)
    }
    if isOverLimit { throw .tooManyClasses(place(1), limit: limit) }
  }
}

/// A column of text as it stands in the file, such as ids.
struct TextColumn: Column {
  private(set) var values: [String] = []

  mutating func append(_ batch: borrowing RecordBatch, slot: Int) {
    for index in batch.fields[slot].indices { values.append(batch.text(slot, index)) }
  }

  func check(place: (_ row: Int) -> Place) throws(TableError) {}
}

/// The columns of a file that are wanted, and what each becomes.
struct ColumnPlan {
  private var indices: [Int] = []
  private var columns: [any Column] = []
  /// The rows read.
  private(set) var rowCount = 0

  /// Asks for the column of that index and returns the key to fetch it with.
  mutating func want(_ index: Int, as column: any Column) -> Int {
    indices.append(index)
    columns.append(column)
    return columns.count - 1
  }

  /// Reads all rows.
  mutating func read(_ reader: inout DelimitedReader) throws(TableError) {
    // A column may be wanted twice, and is parsed into one slot.
    let distinct = Array(Set(indices)).sorted()
    let slots = indices.map { index in distinct.firstIndex(of: index) ?? 0 }
    while let batch = try reader.nextBatch(distinct) {
      rowCount += batch.rowCount
      for key in columns.indices { columns[key].append(batch, slot: slots[key]) }
    }
    guard rowCount > 0 else { throw .noRows(reader.place) }
    let place = reader.place
    let names = reader.columns
    for key in columns.indices {
      let name = names[indices[key]]
      try columns[key].check { place.at(.row($0, column: name)) }
    }
  }

  /// The column of that key, which is of the type that it was asked for as.
  func column<Wanted: Column>(_ key: Int, _: Wanted.Type) -> Wanted {
    guard let column = columns[key] as? Wanted else {
      preconditionFailure("column \(key) was asked for as another kind")
    }
    return column
  }
}
