public import DataTables
public import InputReading

/// Which columns of a prediction file mean what; `nil` tries the usual names.
public struct PredictionColumns: Hashable, Sendable {
  /// The true class.
  public var label: String?
  /// The score of the positive class.
  public var score: String?
  /// The predicted class.
  public var prediction: String?
  /// The probability of each class, in the order of the classes.
  public var probabilities: [String] = []
  /// The row's weight; there is none unless it is named.
  public var weight: String?
  /// What matches rows with those of a file of labels; they are matched in order unless it is named.
  public var id: String?

  /// Creates columns that are all found by their usual names.
  public init() {}
}

/// A prediction file's rows, and which columns they were taken from.
public struct PredictionFile: Sendable {
  /// A column and what it was taken for.
  public struct UsedColumn: Hashable, Sendable {
    /// What the column means: `label`, `score` ….
    public let role: String
    /// The column's name.
    public let name: String

    /// Creates a column.
    public init(role: String, name: String) {
      self.role = role
      self.name = name
    }
  }

  /// The rows.
  public let table: PredictionTable
  /// The columns used, so that a guess is never silent.
  public let usedColumns: [UsedColumn]
  /// What a reader of the results should know.
  public let warnings: [String]

  /// Reads a prediction file.
  ///
  /// - Parameters:
  ///   - path: The file; `-` is standard input.
  ///   - layout: How the file, and the file of labels, are laid out.
  ///   - columns: Which columns mean what.
  ///   - labelPath: A second file that holds the labels.
  ///   - limits: The longest record and the most labels and columns.
  /// - Throws: ``TableError`` with the row and column.
  public init(
    path: String, layout: DelimitedLayout = DelimitedLayout(),
    columns: PredictionColumns = PredictionColumns(), labelPath: String? = nil,
    limits: Limits = .standard
  ) throws(TableError) {
    var reader = try DelimitedReader.open(path: path, layout: layout, limits: limits)
    var plan = ColumnPlan()
    var used: [UsedColumn] = []
    let names = reader.columns
    let place = reader.place

    func find(_ role: ColumnRole, _ name: String?) throws(TableError) -> Int? {
      guard let index = try role.index(in: names, named: name, at: place) else { return nil }
      used.append(UsedColumn(role: role.name, name: names[index]))
      return index
    }
    var labelKey: Int?
    if labelPath == nil {
      guard let index = try find(.label, columns.label) else {
        throw .noLabelColumn(place, columns: names)
      }
      labelKey = plan.want(index, as: LabelColumn(limits: limits))
    }
    var probabilityKeys: [Int] = []
    for name in columns.probabilities {
      guard let index = try find(.probability, name) else { continue }
      probabilityKeys.append(plan.want(index, as: NumberColumn()))
    }
    let scoreKey =
      probabilityKeys.isEmpty
      ? try find(.score, columns.score).map { plan.want($0, as: NumberColumn()) } : nil
    let predictionKey = try find(.prediction, columns.prediction)
      .map { plan.want($0, as: LabelColumn(limits: limits)) }
    guard scoreKey != nil || predictionKey != nil || !probabilityKeys.isEmpty else {
      throw .nothingToEvaluate(place, columns: names)
    }
    let weightKey = try columns.weight.flatMap { name throws(TableError) in
      try find(.weight, name)
    }.map { plan.want($0, as: NumberColumn(isWeight: true)) }
    let idKey = try columns.id.flatMap { name throws(TableError) in try find(.id, name) }
      .map { plan.want($0, as: TextColumn()) }

    do throws(TableError) {
      try plan.read(&reader)
    } catch {
      // A fraction among predictions is a score that was taken for one.
      if case .notALabel(let place, let found, .fractional, _) = error,
        case .row(_, let column?) = place.position,
        used.contains(UsedColumn(role: ColumnRole.prediction.name, name: column))
      {
        throw .predictionsAreScores(place, found: found)
      }
      throw error
    }

    let ids = idKey.map { plan.column($0, TextColumn.self).values }
    let labels: LabelColumn
    if let labelKey {
      labels = plan.column(labelKey, LabelColumn.self)
    } else {
      let file = try LabelFile(
        path: labelPath ?? "", layout: layout, columns: columns, limits: limits)
      used.insert(UsedColumn(role: "label", name: "\(file.labelName) of \(file.place)"), at: 0)
      if ids == nil, let shared = ColumnRole.id.index(sharedBy: names, file.columns) {
        throw .unusedIDs(place, column: shared)
      }
      labels = try file.labels(
        forIDs: ids, rowCount: plan.rowCount, idName: columns.id ?? "", at: place)
    }

    var warnings: [String] = []
    let predictions = predictionKey.map { plan.column($0, LabelColumn.self) }
    if let predictions {
      let (first, second) = (labels.table.labels, predictions.table.labels)
      if Set(first.map(\.isText)).union(second.map(\.isText)).count == 2,
        Set(first).isDisjoint(with: second)
      {
        throw .differentKinds(place, label: first[0], prediction: second[0])
      }
    }
    var shared = SharedLabels(labels, predictions)
    if shared.classes.count > limits.classCount {
      throw .tooManyClasses(place, limit: limits.classCount)
    }
    if !probabilityKeys.isEmpty {
      guard shared.adopt(probabilityColumns: probabilityKeys.count) else {
        throw .probabilityColumnCount(
          place, columns: probabilityKeys.count, labels: shared.classes.count)
      }
    }
    var scores = scoreKey.map { plan.column($0, NumberColumn.self).values }
    if scores != nil, shared.classes.count > 2, predictions != nil, columns.score == nil {
      let name = used.first { $0.role == ColumnRole.score.name }?.name ?? ""
      warnings.append(
        "column '\(name)' is left out: a score tells two classes apart, and there are "
          + "\(shared.classes.count)")
      used.removeAll { $0.role == ColumnRole.score.name }
      scores = nil
    }
    let probabilityColumns = probabilityKeys.map { plan.column($0, NumberColumn.self).values }
    table = PredictionTable(
      classes: shared.classes, labels: shared.labels, predictions: shared.predictions,
      scores: scores,
      probabilities: probabilityColumns.isEmpty ? nil : rowMajor(probabilityColumns),
      weights: weightKey.map { plan.column($0, NumberColumn.self).values })
    usedColumns = used
    self.warnings = warnings
  }
}

/// A second file that holds the labels.
private struct LabelFile {
  let place: Place
  let columns: [String]
  let labelName: String
  private let labels: LabelColumn
  private let ids: [String]?

  init(
    path: String, layout: DelimitedLayout, columns: PredictionColumns, limits: Limits
  ) throws(TableError) {
    var reader = try DelimitedReader.open(path: path, layout: layout, limits: limits)
    place = reader.place
    let names = reader.columns
    self.columns = names
    // The only column of a file of labels holds them, whatever its name.
    let labelIndex =
      names.count == 1 && columns.label == nil
      ? 0 : try ColumnRole.label.index(in: names, named: columns.label, at: place)
    guard let labelIndex else { throw .noLabelColumn(place, columns: names) }
    labelName = names[labelIndex]
    var plan = ColumnPlan()
    let labelKey = plan.want(labelIndex, as: LabelColumn(limits: limits))
    let idKey = try columns.id.flatMap { name throws(TableError) in
      try ColumnRole.id.index(in: names, named: name, at: reader.place)
    }.map { plan.want($0, as: TextColumn()) }
    try plan.read(&reader)
    labels = plan.column(labelKey, LabelColumn.self)
    ids = idKey.map { plan.column($0, TextColumn.self).values }
  }

  /// The labels in the order of another file's rows.
  func labels(
    forIDs wanted: [String]?, rowCount: Int, idName: String, at other: Place
  ) throws(TableError) -> LabelColumn {
    guard let ids, let wanted else {
      guard labels.codes.count == rowCount else {
        throw .differentLengths(
          other, rows: rowCount, other: place.description, otherRows: labels.codes.count)
      }
      return labels
    }
    let rows = try Self.rows(of: ids, at: place, column: idName)
    _ = try Self.rows(of: wanted, at: other, column: idName)
    var matches: [Int] = []
    for (index, id) in wanted.enumerated() {
      guard let row = rows[id] else {
        throw .idWithoutLabel(
          other.at(.row(index + 1, column: idName)), id: id, other: place.description)
      }
      matches.append(row)
    }
    return labels.selecting(rows: matches)
  }

  private static func rows(
    of ids: [String], at place: Place, column: String
  ) throws(TableError) -> [String: Int] {
    var rows: [String: Int] = [:]
    for (row, id) in ids.enumerated() where rows.updateValue(row, forKey: id) != nil {
      throw .duplicateID(place.at(.row(row + 1, column: column)), id: id)
    }
    return rows
  }
}

/// Labels and predictions as codes of one list of classes in canonical order.
private struct SharedLabels {
  private(set) var classes: [Label]
  private(set) var labels: [Int32]
  private(set) var predictions: [Int32]?

  init(_ labels: LabelColumn, _ predictions: LabelColumn?) {
    var table = labels.table
    let predictionCodes = predictions?.table.labels.map { table.code(of: $0) }
    let (sorted, newCodes) = table.sorted()
    classes = sorted.labels
    self.labels = labels.codes.map { newCodes[Int($0)] }
    if let predictions, let predictionCodes {
      self.predictions = predictions.codes.map { newCodes[Int(predictionCodes[Int($0)])] }
    }
  }

  /// Makes one class of each probability column; `false` where that cannot be.
  ///
  /// Whole-number labels below the number of columns are those classes though some have no rows.
  mutating func adopt(probabilityColumns count: Int) -> Bool {
    if classes.count == count { return true }
    let all = (0..<Int64(count)).map { Label.integer($0) }
    guard Set(classes).isSubset(of: all) else { return false }
    let newCodes = classes.map { label in Int32(all.firstIndex(of: label) ?? 0) }
    classes = all
    labels = labels.map { newCodes[Int($0)] }
    predictions = predictions?.map { newCodes[Int($0)] }
    return true
  }
}

extension Label {
  fileprivate var isText: Bool { if case .text = self { true } else { false } }
}

/// Columns of one length as one row-major list.
func rowMajor(_ columns: [[Double]]) -> [Double] {
  guard let rowCount = columns.first?.count else { return [] }
  var values: [Double] = []
  values.reserveCapacity(rowCount * columns.count)
  for row in 0..<rowCount {
    for column in columns { values.append(column[row]) }
  }
  return values
}
