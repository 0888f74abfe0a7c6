internal import InputReading

/// Rows of a table, whatever the format that they lie in.
///
/// A source names its columns when it is opened, and is read once.
protocol RowSource: AnyObject {
  /// The file.
  var place: Place { get }
  /// The columns' names.
  var columns: [String] { get }
  /// Reads all rows of the wanted columns.
  ///
  /// - Throws: ``TableError`` if the rows are not a table; what is wrong with single cells is kept by
  ///   their columns.
  func read(into wanted: inout WantedColumns) throws(TableError)
  /// What columns without names hold, where the format tells.
  var unnamed: UnnamedContent? { get }
  /// Whether the file is held as a whole while it is read, however long it is.
  var isHeldWhole: Bool { get }
  /// Where a row stands, from 1 in the whole table.
  func place(ofRow row: Int, column: String?) -> Place
}

extension RowSource {
  var isHeldWhole: Bool { false }
}

/// What the columns of a file without names hold.
enum UnnamedContent: Hashable {
  /// Numbers of which some may be fractions, as scores are.
  case fractions
  /// Whole numbers or text, as predicted classes are.
  case wholeNumbers

  /// What the first numbers of a file show.
  init(_ numbers: [Double]) {
    self = numbers.allSatisfy { $0.rounded() == $0 } ? .wholeNumbers : .fractions
  }
}

extension RowSource {
  var unnamed: UnnamedContent? { nil }

  func place(ofRow row: Int, column: String?) -> Place { place.at(.row(row, column: column)) }
}

/// Is told how many rows were read before and how many are read now; rows left out are taken back.
public typealias RowProgress = (_ before: Int, _ rowCount: Int) -> Void

/// The columns of a table that are wanted, as they are filled.
struct WantedColumns {
  /// The distinct columns of the table that are wanted, ascending; a slot is an index into them.
  private(set) var indices: [Int] = []
  /// What is filled, and the slot that each is filled from.
  private(set) var entries: [(slot: Int, column: any Column)] = []
  /// The rows read.
  private(set) var rowCount = 0 {
    didSet { progress?(oldValue, rowCount) }
  }
  private var progress: RowProgress?

  /// What becomes of rows that are not kept.
  struct Passing {
    /// The columns that are passed on, by their places among the wanted ones.
    var keys: [Int]
    /// The fewest rows that are passed on, but for the last.
    var fewestRows: Int
    /// Takes rows of these columns; `false` where no more are wanted.
    var take: (_ columns: [any PassedColumn]) -> Bool
  }

  /// Where columns go whose rows are not kept.
  var passing: Passing?
  /// The rows whose columns are passed on already.
  private var passedCount = 0
  /// Whether no more rows are wanted.
  private(set) var isOver = false

  /// Passes rows on, if there are as many as are wanted at a time, or any where they are the last.
  mutating func passOn(areLast: Bool = false) {
    guard let passing, !isOver, rowCount > passedCount,
      areLast || rowCount - passedCount >= passing.fewestRows
    else { return }
    passedCount = rowCount
    var passed: [any PassedColumn] = []
    for key in passing.keys {
      guard var column = entries[key].column as? any PassedColumn else {
        preconditionFailure("column \(key) cannot be passed on")
      }
      // What stays has no second owner while it is emptied.
      entries[key].column = TextColumn()
      passed.append(column.passRows())
      entries[key].column = column
    }
    isOver = !passing.take(passed)
  }

  /// Asks for the columns of those indices; one may be wanted as several things.
  init(_ wanted: [(index: Int, column: any Column)], progress: RowProgress? = nil) {
    self.progress = progress
    let distinct = Set(wanted.map(\.index)).sorted()
    indices = distinct
    entries = wanted.map { (distinct.firstIndex(of: $0.index) ?? 0, $0.column) }
  }

  /// Fills the slots from other columns, of a table that has them in another order.
  mutating func take(from indices: [Int]) { self.indices = indices }

  /// For each of `count` columns of the table its slot, or -1.
  func slots(of count: Int) -> [Int] {
    var slots = [Int](repeating: -1, count: count)
    for (slot, index) in indices.enumerated() { slots[index] = slot }
    return slots
  }

  /// What each slot's cells become where a scanner parses them: text where columns differ about it.
  var forms: [CellForm] {
    var forms = [CellForm?](repeating: nil, count: indices.count)
    for (slot, column) in entries {
      forms[slot] = forms[slot] ?? column.form == column.form ? column.form : .text
    }
    return forms.map { $0 ?? .text }
  }

  /// Columns of no rows for some of the rows.
  func part() -> WantedColumns {
    var part = self
    part.progress = nil
    part.passing = nil
    part.rowCount = 0
    part.entries = entries.map { ($0.slot, $0.column.part()) }
    return part
  }

  /// Makes room for that many rows.
  mutating func reserve(_ count: Int) {
    for key in entries.indices where passing?.keys.contains(key) != true {
      entries[key].column.reserve(count)
    }
  }

  /// Takes rows of text.
  mutating func append(_ batch: borrowing RecordBatch) {
    for key in entries.indices {
      // Asked for inside the call, the slot would keep a second copy of the column alive, and each
      // call would copy all its rows.
      let slot = entries[key].slot
      entries[key].column.append(batch, slot: slot, after: rowCount)
    }
    rowCount += batch.rowCount
    passOn()
  }

  /// Takes rows that have been scanned.
  mutating func append(_ rows: borrowing ScannedRows) {
    for key in entries.indices {
      let slot = entries[key].slot
      if rows.forms[slot] == entries[key].column.form {
        entries[key].column.append(rows, slot: slot)
      } else {
        entries[key].column.append(rows.text(slot), slot: 0, after: rowCount)
      }
    }
    rowCount += rows.count
    passOn()
  }

  /// Takes rows whose cells have types; cells are those of a slot each.
  mutating func append(_ cells: [TypedCells], count: Int) {
    for key in entries.indices {
      let slot = entries[key].slot
      entries[key].column.append(cells[slot], after: rowCount)
    }
    rowCount += count
    passOn()
  }

  /// Takes the rows of a part that follow these.
  ///
  /// - Parameters:
  ///   - part: The rows.
  ///   - text: Gives them as text, for a column that takes them otherwise than the part did, since it
  ///     knows the rows before.
  mutating func append(_ part: WantedColumns, text: () -> RecordBatch) {
    for key in entries.indices {
      let (slot, column) = (entries[key].slot, part.entries[key].column)
      if !entries[key].column.append(part: column, after: rowCount) {
        entries[key].column.append(text(), slot: slot, after: rowCount)
      }
    }
    rowCount += part.rowCount
    passOn()
  }

  /// Empties the part of another's rows, so that it takes those of a later one.
  ///
  /// - Returns: the slots whose labels have lost their codes.
  mutating func clear(for whole: WantedColumns) -> [Int] {
    rowCount = 0
    var forgotten: [Int] = []
    for key in entries.indices
    where !entries[key].column.clear(for: whole.entries[key].column) {
      entries[key].column = whole.entries[key].column.part()
      forgotten.append(entries[key].slot)
    }
    return forgotten
  }

  /// Leaves out rows, which ascend.
  mutating func remove(rows: [Int]) {
    for key in entries.indices { entries[key].column.remove(rows: rows) }
    rowCount -= rows.count
  }
}

/// What becomes of a column's cells when text is scanned.
enum CellForm: Hashable {
  /// Doubles.
  case numbers
  /// Codes of labels.
  case codes
  /// Text.
  case text
}

/// Cells of one column that have a type in their format.
struct TypedCells {
  enum Values {
    case numbers([Double])
    case integers([Int64])
    case truths([Bool])
    case texts([String])
  }

  var values: Values
  /// The indices of cells without a value, ascending; what stands there in `values` is nothing.
  var missing: [Int] = []
}
