internal import CFastFloat
internal import DataTables
internal import InputReading
internal import NumericKernels

/// A column of a table that grows batch by batch and says at the end what was wrong with it.
protocol Column {
  /// What the column's cells become where a scanner parses them.
  var form: CellForm { get }
  /// For each row the label's code, -1 where there is none; `nil` in columns of other things.
  var codes: [Int32]? { get }
  /// The rows, from 1, whose cells are faulty, where the column keeps them.
  var faultyRows: [Int] { get }

  /// Takes the fields of one slot of a batch that follows `rowCount` rows.
  mutating func append(_ batch: borrowing RecordBatch, slot: Int, after rowCount: Int)
  /// Takes one slot of rows that have been scanned.
  mutating func append(_ rows: borrowing ScannedRows, slot: Int)
  /// Takes cells that have a type.
  mutating func append(_ cells: TypedCells, after rowCount: Int)
  /// A column of no rows that some of this one's rows are read into.
  func part() -> any Column
  /// Takes the rows of a part; `false`, and then nothing is taken, where this column would read
  /// their text otherwise.
  mutating func append(part: any Column, after rowCount: Int) -> Bool
  /// Empties the part, which keeps its room and the labels that it knows; `false` where the whole
  /// needs another part.
  mutating func clear(for whole: any Column) -> Bool
  /// Makes room for so many rows.
  mutating func reserve(_ count: Int)
  /// Leaves out rows, from 1, which ascend.
  mutating func remove(rows: [Int])
  /// The first fault in the column.
  ///
  /// - Parameter place: Makes a place of a row's number.
  /// - Throws: ``TableError`` with the first faulty row and the number of them.
  func check(place: (_ row: Int) -> Place) throws(TableError)
}

extension Column {
  var codes: [Int32]? { nil }
}

/// A column whose rows can be passed on before the next ones are read.
protocol PassedColumn: Column {
  /// Gives the rows away; what was wrong with them stays.
  mutating func passRows() -> any PassedColumn
}

/// What is wrong with cells of a column: the first of them, and how many there are.
struct CellFaults<Kind: Sendable>: Sendable {
  /// Whether ``rows`` has all faulty rows, so that they can be left out.
  var keepsRows = false
  private(set) var first: (row: Int, text: String, kind: Kind)?
  private(set) var count = 0
  private(set) var rows: [Int] = []

  mutating func add(row: Int, _ kind: Kind, text: @autoclosure () -> String) {
    count += 1
    if first == nil { first = (row, text(), kind) }
    if keepsRows { rows.append(row) }
  }

  mutating func append(_ other: CellFaults, after rowCount: Int) {
    if first == nil, let fault = other.first {
      first = (fault.row + rowCount, fault.text, fault.kind)
    }
    count += other.count
    rows += other.rows.map { $0 + rowCount }
  }

  /// No faults, of a column that keeps as much of them.
  var emptied: CellFaults { CellFaults(keepsRows: keepsRows) }
}

extension Array {
  /// Leaves out elements of those numbers, from 1, which ascend.
  fileprivate mutating func remove(numbers: [Int]) {
    guard let first = numbers.first else { return }
    var kept = first - 1
    var next = numbers.startIndex
    for index in kept..<count {
      if next < numbers.endIndex, numbers[next] == index + 1 {
        next += 1
      } else {
        self[kept] = self[index]
        kept += 1
      }
    }
    removeLast(count - kept)
  }
}

/// A column of numbers.
struct NumberColumn: PassedColumn {
  /// Whether empty cells and "nan" are missing values, NaN, rather than faults.
  let allowsMissing: Bool
  /// Whether numbers below 0 are faults, as they are for weights.
  let isWeight: Bool
  private(set) var values: [Double] = []
  private var faults = CellFaults<TableError.NumberFault>()
  /// The rows passed on, and what is wrong with weights among them.
  private var passed = (count: 0, negatives: CellFaults<Void>())

  /// Creates a column of which some rows are read already.
  init(beginningWith values: [Double], keepsFaultyRows: Bool) {
    self.init(keepsFaultyRows: keepsFaultyRows)
    self.values = values
  }

  init(allowsMissing: Bool = false, isWeight: Bool = false, keepsFaultyRows: Bool = false) {
    self.allowsMissing = allowsMissing
    self.isWeight = isWeight
    faults.keepsRows = keepsFaultyRows
  }

  var form: CellForm { .numbers }

  /// Whether all cells are what they should be.
  var isFaultless: Bool { faults.count == 0 }

  var faultyRows: [Int] {
    guard isWeight && faults.keepsRows else { return faults.rows }
    return faults.rows + values.indices.filter { values[$0] < 0 }.map { $0 + 1 }
  }

  mutating func append(_ batch: borrowing RecordBatch, slot: Int, after rowCount: Int) {
    let fields = batch.fields[slot]
    let start = values.count
    values += repeatElement(0, count: fields.count)
    var index = 0
    while index < fields.count {
      var found: Int32 = 0
      // Safety: the parser writes as many values as there are fields, which lie in the batch's bytes.
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
      faults.add(
        row: rowCount + index + 1, TableError.NumberFault(found), text: batch.text(slot, index))
      index += 1
    }
  }

  mutating func append(_ rows: borrowing ScannedRows, slot: Int) {
    rows.withNumbers(slot) { numbers in
      unsafe numbers.withUnsafeBufferPointer { unsafe values.append(contentsOf: $0) }
    }
  }

  mutating func append(_ cells: TypedCells, after rowCount: Int) {
    let start = values.count
    values.reserveLargeRoom(for: cells.count)
    switch cells.values {
    case .numbers(let numbers):
      values += numbers
      for (index, number) in numbers.enumerated() where !number.isFinite {
        if number.isNaN && allowsMissing || cells.missing.contains(index) { continue }
        faults.add(row: rowCount + index + 1, .notFinite, text: "\(number)")
      }
    case .integers(let integers): values += integers.lazy.map(Double.init)
    case .truths(let truths): values += truths.lazy.map { $0 ? 1 : 0 }
    case .texts(let texts):
      for (index, text) in texts.enumerated() {
        append(RecordBatch(text), slot: 0, after: rowCount + index)
      }
    }
    guard !cells.missing.isEmpty else { return }
    for index in cells.missing { values[start + index] = .nan }
    guard !allowsMissing else { return }
    if case .texts = cells.values { return }
    for index in cells.missing { faults.add(row: rowCount + index + 1, .empty, text: "") }
  }

  func part() -> any Column {
    NumberColumn(
      allowsMissing: allowsMissing, isWeight: isWeight, keepsFaultyRows: faults.keepsRows)
  }

  mutating func append(part: any Column, after rowCount: Int) -> Bool {
    guard let part = part as? NumberColumn else { return false }
    values.reserveLargeRoom(for: part.values.count)
    values.append(contentsOf: part.values)
    faults.append(part.faults, after: rowCount)
    return true
  }

  mutating func clear(for whole: any Column) -> Bool {
    values.removeAll(keepingCapacity: true)
    faults = faults.emptied
    return true
  }

  mutating func passRows() -> any PassedColumn {
    noteNegatives()
    passed.count += values.count
    let column = self
    values = []
    return column
  }

  mutating func reserve(_ count: Int) { values.reserveLargeCapacity(count) }

  mutating func remove(rows: [Int]) {
    values.remove(numbers: rows)
    faults = faults.emptied
  }

  func check(place: (_ row: Int) -> Place) throws(TableError) {
    if let fault = faults.first {
      throw .notANumber(place(fault.row), found: fault.text, fault.kind, count: faults.count)
    }
    var all = self
    all.noteNegatives()
    if let fault = all.passed.negatives.first {
      throw .negativeWeight(place(fault.row), found: fault.text, count: all.passed.negatives.count)
    }
  }

  /// Counts the weights below 0 that are not passed on yet.
  private mutating func noteNegatives() {
    guard isWeight else { return }
    for (row, value) in values.enumerated() where value < 0 {
      passed.negatives.add(row: passed.count + row + 1, (), text: "\(value)")
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
struct LabelColumn: PassedColumn {
  /// The labels seen, whose codes ``rowCodes`` are.
  private(set) var table = LabelTable()
  /// The rows' codes, -1 where a cell is no label.
  private(set) var rowCodes: [Int32] = []
  private let limit: Int
  /// Whether a fraction behind whole numbers ends the rows, since a column of numbers takes over.
  private let stopsAtFractions: Bool
  private var faults = CellFaults<Label.Fault>()

  init(limits: Limits, keepsFaultyRows: Bool = false, stopsAtFractions: Bool = false) {
    limit = limits.classCount
    self.stopsAtFractions = stopsAtFractions
    faults.keepsRows = keepsFaultyRows
  }

  var form: CellForm { .codes }
  var codes: [Int32]? { rowCodes }
  var faultyRows: [Int] { faults.rows }

  /// Whether there are more labels than the column takes; rows behind that are not read.
  private var isOverLimit: Bool { table.labels.count > limit }

  /// Whether the first thing wrong is a fraction, or that there are too many labels, and all labels
  /// before it are whole numbers: the column may be one of numbers.
  var mayBeNumbers: Bool { isFullOfNumbers || isOverLimit && areWholeNumbers && faults.count == 0 }

  private var areWholeNumbers: Bool {
    table.labels.allSatisfy { if case .integer = $0 { true } else { false } }
  }

  /// Whether the rows end at a fraction, which shows that they are numbers.
  private var isFullOfNumbers = false

  /// What each code stands for, where all labels are whole numbers.
  var labelsAsNumbers: [Double] {
    table.labels.map { label in
      if case .integer(let value) = label { Double(value) } else { Double.nan }
    }
  }

  /// The first rows as numbers, where all labels are whole numbers.
  func numbers(ofFirst count: Int) -> NumberColumn {
    let values = labelsAsNumbers
    return NumberColumn(
      beginningWith: rowCodes.prefix(count).map { values[Int($0)] },
      keepsFaultyRows: faults.keepsRows)
  }

  /// The labels of those rows, in their order; labels of other rows are left out.
  func selecting(rows: [Int]) -> LabelColumn {
    var column = self
    column.table = LabelTable()
    column.rowCodes = rows.map { column.table.code(of: table.labels[Int(rowCodes[$0])]) }
    return column
  }

  mutating func append(_ batch: borrowing RecordBatch, slot: Int, after rowCount: Int) {
    for index in 0..<batch.rowCount {
      guard !isOverLimit && !isFullOfNumbers else { return }
      let bytes = batch.bytes[batch.range(slot, index)]
      do throws(Label.Fault) {
        rowCodes.append(try table.code(ofField: bytes, isQuoted: batch.isQuoted[slot][index]))
      } catch {
        rowCodes.append(-1)
        addFault(error, row: rowCount + index + 1, text: batch.text(slot, index))
      }
    }
  }

  private mutating func addFault(
    _ fault: Label.Fault, row: Int, text: @autoclosure () -> String
  ) {
    faults.add(row: row, fault, text: text())
    isFullOfNumbers =
      stopsAtFractions && fault == .fractional && faults.count == 1 && areWholeNumbers
  }

  mutating func append(_ rows: borrowing ScannedRows, slot: Int) {
    guard !isOverLimit else { return }
    rows.withCodes(slot) { codes in
      unsafe codes.withUnsafeBufferPointer { unsafe rowCodes.append(contentsOf: $0) }
    }
  }

  mutating func append(_ cells: TypedCells, after rowCount: Int) {
    var missing = cells.missing[...]
    for index in 0..<cells.count {
      guard !isOverLimit && !isFullOfNumbers else { return }
      do throws(Label.Fault) {
        if missing.first == index {
          missing.removeFirst()
          throw .empty
        }
        rowCodes.append(try code(of: cells.values, at: index))
      } catch {
        rowCodes.append(-1)
        addFault(error, row: rowCount + index + 1, text: cells.text(at: index))
      }
    }
  }

  private mutating func code(
    of values: TypedCells.Values, at index: Int
  ) throws(Label.Fault) -> Int32 {
    switch values {
    case .integers(let integers): return table.code(of: .integer(integers[index]))
    case .truths(let truths): return table.code(of: .integer(truths[index] ? 1 : 0))
    case .texts(let texts): return table.code(of: try Label(texts[index], isQuoted: true))
    case .numbers(let numbers):
      let number = numbers[index]
      guard !number.isNaN else { throw .notANumber }
      guard abs(number) < 0x1p53 else { throw .overflow }
      guard let whole = Int64(exactly: number) else { throw .fractional }
      return table.code(of: .integer(whole))
    }
  }

  func part() -> any Column {
    var part = self
    part.table = LabelTable()
    part.rowCodes = []
    part.faults = faults.emptied
    part.isFullOfNumbers = false
    return part
  }

  mutating func append(part: any Column, after rowCount: Int) -> Bool {
    guard let part = part as? LabelColumn, !part.isOverLimit else { return false }
    guard !isOverLimit else { return true }
    let new = part.table.labels.count { table.knownCode(of: $0) == nil }
    guard table.labels.count + new <= limit else { return false }
    let codes = part.table.labels.map { table.code(of: $0) }
    rowCodes.reserveLargeRoom(for: part.rowCodes.count)
    if codes.enumerated().allSatisfy({ $0 == $1 }) {
      rowCodes.append(contentsOf: part.rowCodes)
    } else {
      rowCodes.append(contentsOf: part.rowCodes.lazy.map { $0 < 0 ? -1 : codes[Int($0)] })
    }
    faults.append(part.faults, after: rowCount)
    return true
  }

  mutating func clear(for whole: any Column) -> Bool {
    guard whole.form == .codes, !isOverLimit else { return false }
    rowCodes.removeAll(keepingCapacity: true)
    faults = faults.emptied
    return true
  }

  mutating func passRows() -> any PassedColumn {
    let passed = self
    rowCodes = []
    return passed
  }

  mutating func reserve(_ count: Int) { rowCodes.reserveLargeCapacity(count) }

  /// Leaves out rows, and the labels that no other row has.
  mutating func remove(rows: [Int]) {
    rowCodes.remove(numbers: rows)
    faults = faults.emptied
    var isUsed = [Bool](repeating: false, count: table.labels.count)
    for code in rowCodes where code >= 0 { isUsed[Int(code)] = true }
    guard isUsed.contains(false) else { return }
    let labels = table.labels
    table = LabelTable()
    let newCodes = labels.indices.map { isUsed[$0] ? table.code(of: labels[$0]) : -1 }
    rowCodes = rowCodes.map { $0 < 0 ? -1 : newCodes[Int($0)] }
  }

  func check(place: (_ row: Int) -> Place) throws(TableError) {
    if let fault = faults.first {
      throw .notALabel(place(fault.row), found: fault.text, fault.kind, count: faults.count)
    }
    if isOverLimit { throw .tooManyClasses(place(1), limit: limit) }
  }
}

extension TypedCells {
  /// The number of cells.
  var count: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .integers(let integers): integers.count
    case .truths(let truths): truths.count
    case .texts(let texts): texts.count
    }
  }

  /// A cell as it is told of.
  func text(at index: Int) -> String {
    if missing.contains(index) { return "" }
    return switch values {
    case .numbers(let numbers): numbers[index].description
    case .integers(let integers): integers[index].description
    case .truths(let truths): truths[index].description
    case .texts(let texts): texts[index]
    }
  }
}

/// A column of what is to be predicted: class labels, or numbers.
struct TargetColumn: PassedColumn {
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

  init(_ kind: Kind, limits: Limits, keepsFaultyRows: Bool = false) {
    self.kind = kind
    labels = LabelColumn(
      limits: limits, keepsFaultyRows: keepsFaultyRows, stopsAtFractions: kind == .either)
    numbers = kind == .numbers ? NumberColumn(keepsFaultyRows: keepsFaultyRows) : nil
  }

  var form: CellForm { numbers == nil ? .codes : .numbers }
  var codes: [Int32]? { numbers == nil ? labels.codes : nil }
  var faultyRows: [Int] { numbers?.faultyRows ?? labels.faultyRows }

  mutating func append(_ batch: borrowing RecordBatch, slot: Int, after rowCount: Int) {
    if numbers == nil {
      let before = labels.rowCodes.count
      labels.append(batch, slot: slot, after: rowCount)
      guard becomesNumbers(before) else { return }
    }
    numbers?.append(batch, slot: slot, after: rowCount)
  }

  /// Makes numbers of the first rows, where the ones behind them show that it is numbers.
  private mutating func becomesNumbers(_ before: Int) -> Bool {
    guard kind == .either, labels.mayBeNumbers else { return false }
    numbers = labels.numbers(ofFirst: before)
    return true
  }

  mutating func append(_ rows: borrowing ScannedRows, slot: Int) {
    if numbers == nil {
      labels.append(rows, slot: slot)
    } else {
      numbers?.append(rows, slot: slot)
    }
  }

  mutating func append(_ cells: TypedCells, after rowCount: Int) {
    if numbers == nil {
      let before = labels.rowCodes.count
      labels.append(cells, after: rowCount)
      guard becomesNumbers(before) else { return }
    }
    numbers?.append(cells, after: rowCount)
  }

  func part() -> any Column {
    var part = self
    if let column = labels.part() as? LabelColumn { part.labels = column }
    part.numbers = numbers?.part() as? NumberColumn
    return part
  }

  mutating func append(part: any Column, after rowCount: Int) -> Bool {
    guard let part = part as? TargetColumn, part.form == form else { return false }
    guard let others = part.numbers else {
      return labels.append(part: part.labels, after: rowCount)
    }
    // A part that began as labels may have read as such what is no number.
    guard part.labels.rowCodes.isEmpty else { return false }
    return numbers?.append(part: others, after: rowCount) ?? false
  }

  mutating func clear(for whole: any Column) -> Bool {
    guard whole.form == form, numbers == nil || labels.rowCodes.isEmpty else { return false }
    return numbers?.clear(for: whole) ?? labels.clear(for: whole)
  }

  mutating func passRows() -> any PassedColumn {
    let passed = self
    _ = labels.passRows()
    _ = numbers?.passRows()
    return passed
  }

  mutating func reserve(_ count: Int) {
    if numbers == nil {
      labels.reserve(count)
    } else {
      numbers?.reserve(count)
    }
  }

  mutating func remove(rows: [Int]) {
    if numbers == nil {
      labels.remove(rows: rows)
    } else {
      numbers?.remove(rows: rows)
    }
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
      column.numbers = NumberColumn(
        beginningWith: rows.map { numbers.values[$0] }, keepsFaultyRows: false)
    } else {
      column.labels = labels.selecting(rows: rows)
    }
    return column
  }

  /// The number of rows that are not passed on.
  var count: Int { numbers?.values.count ?? labels.rowCodes.count }
}

/// A column of text as it stands in the file, such as ids.
struct TextColumn: PassedColumn {
  private(set) var values: [String] = []

  var form: CellForm { .text }
  var faultyRows: [Int] { [] }

  mutating func append(_ batch: borrowing RecordBatch, slot: Int, after rowCount: Int) {
    for index in batch.fields[slot].indices { values.append(batch.text(slot, index)) }
  }

  mutating func append(_ rows: borrowing ScannedRows, slot: Int) {
    append(rows.text(slot), slot: 0, after: values.count)
  }

  mutating func append(_ cells: TypedCells, after rowCount: Int) {
    for index in 0..<cells.count { values.append(cells.text(at: index)) }
  }

  func part() -> any Column { TextColumn() }

  mutating func append(part: any Column, after rowCount: Int) -> Bool {
    guard let part = part as? TextColumn else { return false }
    values += part.values
    return true
  }

  mutating func clear(for whole: any Column) -> Bool {
    values.removeAll(keepingCapacity: true)
    return true
  }

  mutating func passRows() -> any PassedColumn {
    let passed = self
    values = []
    return passed
  }

  mutating func reserve(_ count: Int) { values.reserveCapacity(count) }

  mutating func remove(rows: [Int]) { values.remove(numbers: rows) }

  func check(place: (_ row: Int) -> Place) throws(TableError) {}
}

/// The columns of a file that are wanted, and what each becomes.
struct ColumnPlan {
  private var wanted: [(index: Int, column: any Column)] = []
  /// The rows read.
  private(set) var rowCount = 0
  /// The rows left out, since a cell of them is faulty.
  private(set) var droppedCount = 0
  /// Whether rows with faulty cells are left out rather than refused.
  let dropsInvalidRows: Bool

  init(dropsInvalidRows: Bool = false) { self.dropsInvalidRows = dropsInvalidRows }

  /// Asks for the column of that index and returns the key to fetch it with.
  mutating func want(_ index: Int, as column: any Column) -> Int {
    wanted.append((index, column))
    return wanted.count - 1
  }

  /// The keys of all columns asked for.
  var keys: Range<Int> { wanted.indices }

  /// Reads all rows.
  ///
  /// - Parameters:
  ///   - source: The rows.
  ///   - progress: Is told of them.
  ///   - passing: Takes the rows of columns that are not kept; `nil` where all are.
  /// - Throws: ``TableError``, with the first faulty cell of a column where there is one.
  mutating func read(
    _ source: any RowSource, progress: RowProgress? = nil, passing: WantedColumns.Passing? = nil
  ) throws(TableError) {
    var columns = WantedColumns(wanted, progress: progress)
    columns.passing = passing
    try source.read(into: &columns)
    columns.passOn(areLast: true)
    guard columns.rowCount > 0 else { throw .noRows(source.place) }
    if dropsInvalidRows {
      let faulty = Set(columns.entries.flatMap(\.column.faultyRows)).sorted()
      guard faulty.count < columns.rowCount else {
        throw .allRowsInvalid(source.place, count: faulty.count)
      }
      columns.remove(rows: faulty)
      droppedCount = faulty.count
    }
    rowCount = columns.rowCount
    for (key, entry) in columns.entries.enumerated() {
      let name = source.columns[wanted[key].index]
      try entry.column.check { source.place(ofRow: $0, column: name) }
      wanted[key].column = entry.column
    }
  }

  /// Leaves out rows, from 1, which ascend.
  mutating func remove(rows: [Int]) {
    for key in wanted.indices { wanted[key].column.remove(rows: rows) }
    rowCount -= rows.count
  }

  /// The column of that key, which is of the type that it was asked for as.
  func column<Wanted: Column>(_ key: Int, _: Wanted.Type) -> Wanted {
    guard let column = wanted[key].column as? Wanted else {
      preconditionFailure("column \(key) was asked for as another kind")
    }
    return column
  }
}
