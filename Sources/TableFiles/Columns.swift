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

  /// Creates a column of which some rows are read already.
  init(beginningWith values: [Double]) {
    self.init()
    self.values = values
  }

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

  /// Whether the first thing wrong is a fraction, or that there are too many whole numbers: the
  /// column may be one of numbers.
  var mayBeNumbers: Bool {
    (isOverLimit || fault?.fault == .fractional)
      && table.labels.allSatisfy { if case .integer = $0 { true } else { false } }
  }

  /// The first rows as numbers, where all labels are whole numbers.
  func numbers(ofFirst count: Int) -> [Double] {
    let values = table.labels.map { label in
      if case .integer(let value) = label { Double(value) } else { Double.nan }
    }
    return codes.prefix(count).map { values[Int($0)] }
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

/// A column of what is to be predicted: class labels, or numbers.
struct TargetColumn: Column {
  /// What a column may hold.
  enum Kind {
    /// Class labels alone.
    case classes
    /// Numbers alone.
    case numbers
    /// Class labels, and numbers once a fraction shows that it is them.
    case either
  }

  private let kind: Kind
  private(set) var labels: LabelColumn
  private(set) var numbers: NumberColumn?

  init(_ kind: Kind, limits: Limits) {
    self.kind = kind
    labels = LabelColumn(limits: limits)
    numbers = kind == .numbers ? NumberColumn() : nil
  }

  mutating func append(_ batch: borrowing RecordBatch, slot: Int) {
    if numbers == nil {
      let before = labels.codes.count
      labels.append(batch, slot: slot)
      guard kind == .either, labels.mayBeNumbers else { return }
      numbers = NumberColumn(beginningWith: labels.numbers(ofFirst: before))
    }
    numbers?.append(batch, slot: slot)
  }

  func check(place: (_ row: Int) -> Place) throws(TableError) {
    if let numbers { try numbers.check(place: place) } else { try labels.check(place: place) }
  }

  /// The column as class labels; what keeps it from being them is thrown.
  func classes(place: (_ row: Int) -> Place) throws(TableError) -> LabelColumn {
    try labels.check(place: place)
    return labels
  }

  /// Those rows, in their order.
  func selecting(rows: [Int]) -> TargetColumn {
    var column = self
    if let numbers {
      column.numbers = NumberColumn(beginningWith: rows.map { numbers.values[$0] })
    } else {
      column.labels = labels.selecting(rows: rows)
    }
    return column
  }

  /// The number of rows.
  var count: Int { numbers?.values.count ?? labels.codes.count }
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
