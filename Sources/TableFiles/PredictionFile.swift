public import DataTables
public import InputReading
internal import NumericKernels

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
  /// What rows are sliced by: each a list of columns whose values are taken together.
  public var slices: [[String]] = []

  /// Creates columns that are all found by their usual names.
  public init() {}
}

/// What becomes of rows that a file of labels does not match one by one; they are refused unless it is
/// allowed.
public struct LabelMatching: Hashable, Sendable {
  /// Whether predictions whose id has no label are left out.
  public var allowsUnmatched: Bool
  /// Whether of the rows of one id the first counts and the others are left out.
  public var allowsDuplicates: Bool

  /// Creates what is allowed.
  public init(allowsUnmatched: Bool = false, allowsDuplicates: Bool = false) {
    self.allowsUnmatched = allowsUnmatched
    self.allowsDuplicates = allowsDuplicates
  }
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

  /// What a file's labels are.
  public enum Kind: Hashable, Sendable {
    /// Class labels, and numbers where labels and predictions both have fractions.
    case found
    /// Class labels.
    case classes
    /// Numbers.
    case numbers
  }

  /// The rows.
  public let rows: PredictionRows
  /// The columns used, so that a guess is never silent.
  public let usedColumns: [UsedColumn]
  /// What tells rows apart, where a column of it is named.
  public let ids: RowIDs?
  /// What each row belongs to, for each of the slices wanted.
  public let slicings: [Categories]
  /// What a reader of the results should know.
  public let warnings: [String]

  /// Reads a prediction file.
  ///
  /// - Parameters:
  ///   - path: The file; `-` is standard input.
  ///   - layout: How the file, and the file of labels, are laid out.
  ///   - columns: Which columns mean what.
  ///   - kind: What the labels are.
  ///   - labelPath: A second file that holds the labels.
  ///   - limits: The longest record and the most labels and columns.
  /// - Throws: ``TableError`` with the row and column.
  public init(
    path: String, layout: TableLayout = TableLayout(),
    columns: PredictionColumns = PredictionColumns(), kind: Kind = .found,
    labelPath: String? = nil, limits: Limits = .standard
  ) throws(TableError) {
    var labelLayout = layout
    labelLayout.format = nil
    try self.init(
      .files([path], layout), columns: columns, kind: kind,
      labels: labelPath.map { .files([$0], labelLayout) }, limits: limits)
  }

  /// Reads predictions.
  ///
  /// - Parameters:
  ///   - input: Where they are.
  ///   - columns: Which columns mean what.
  ///   - kind: What the labels are.
  ///   - labels: A second table that holds the labels.
  ///   - matching: What is left out, and warned of, where rows and labels are matched by ids.
  ///   - dropsInvalidRows: Whether rows with a cell that is no number or label are left out, and
  ///     warned of, rather than refused. Only rows that have their labels with them are.
  ///   - limits: The longest record and the most labels and columns.
  ///   - progress: Is told as rows are read.
  /// - Throws: ``TableError`` with the row and column.
  public init(
    _ input: TableInput, columns: PredictionColumns = PredictionColumns(), kind: Kind = .found,
    labels: TableInput? = nil, matching: LabelMatching = LabelMatching(),
    dropsInvalidRows: Bool = false, limits: Limits = .standard, progress: RowProgress? = nil
  ) throws(TableError) {
    precondition(
      !dropsInvalidRows || labels == nil, "rows are matched with labels before any is left out")
    let reader = try TableSource.open(input, limits: limits)
    var plan = try PredictionPlan(
      reader, wanted: columns, kind: kind, hasOwnLabels: labels == nil,
      dropsInvalidRows: dropsInvalidRows, limits: limits)
    try plan.read(reader, progress)
    var warnings: [String] = []
    if plan.droppedCount > 0 {
      warnings.append(
        "\(plan.droppedCount) of \(plan.droppedCount + plan.rowCount) rows are left out: a cell of "
          + "each is no number or label")
    }
    if let labels {
      let file = try LabelFile(
        labels, columns: columns, kind: plan.targetKind, matching: matching, limits: limits)
      try plan.takeLabels(of: file, matching, at: reader.place, warnings: &warnings)
    }
    ids = try plan.ids(at: reader.place)
    slicings = plan.slicings
    rows = try plan.rows(at: reader.place, limits: limits, warnings: &warnings)
    usedColumns = plan.used
    self.warnings = warnings
  }
}

/// The columns of a prediction file that are read, by what they mean.
struct PredictionPlan {
  private(set) var used: [PredictionFile.UsedColumn] = []
  private let names: [String]
  private let wanted: PredictionColumns
  /// What the labels may be.
  let targetKind: TargetColumn.Kind
  private var columns: ColumnPlan
  private var labelKey: Int?
  private var predictionKey: Int?
  private var scoreKey: Int?
  private var probabilityKeys: [Int] = []
  private var weightKey: Int?
  private var idKey: Int?
  private var sliceKeys: [[Int]] = []
  /// Labels of a second file, in the order of the predictions.
  private var otherLabels: TargetColumn?

  init(
    _ source: any RowSource, wanted: PredictionColumns, kind: PredictionFile.Kind,
    hasOwnLabels: Bool, dropsInvalidRows: Bool, limits: Limits
  ) throws(TableError) {
    let place = source.place
    names = source.columns
    columns = ColumnPlan(dropsInvalidRows: dropsInvalidRows)
    let wanted = hasOwnLabels ? wanted : wanted.guessing(source, kind: kind)
    self.wanted = wanted
    switch kind {
    case .found: targetKind = .either
    case .classes: targetKind = .classes
    case .numbers: targetKind = .numbers
    }
    if hasOwnLabels {
      labelKey = try want(
        .label, wanted.label,
        TargetColumn(targetKind, limits: limits, keepsFaultyRows: dropsInvalidRows), at: place)
      guard labelKey != nil else { throw .noLabelColumn(place, columns: names) }
    }
    for name in wanted.probabilities.flatMap({ Self.elements(of: $0, in: source.columns) }) {
      if let key = try want(
        .probability, name, NumberColumn(keepsFaultyRows: dropsInvalidRows), at: place)
      {
        probabilityKeys.append(key)
      }
    }
    if probabilityKeys.isEmpty, kind != .numbers {
      scoreKey = try want(
        .score, wanted.score, NumberColumn(keepsFaultyRows: dropsInvalidRows), at: place)
    }
    predictionKey = try want(
      .prediction, wanted.prediction,
      TargetColumn(targetKind, limits: limits, keepsFaultyRows: dropsInvalidRows), at: place)
    guard scoreKey != nil || predictionKey != nil || !probabilityKeys.isEmpty else {
      throw .nothingToEvaluate(place, columns: names)
    }
    // Weights and ids are never guessed.
    if let weight = wanted.weight {
      weightKey = try want(
        .weight, weight, NumberColumn(isWeight: true, keepsFaultyRows: dropsInvalidRows), at: place)
    }
    if let id = wanted.id { idKey = try want(.id, id, TextColumn(), at: place) }
    for slice in wanted.slices {
      var keys: [Int] = []
      for name in slice {
        if let key = try want(.slice, name, TextColumn(), at: place) { keys.append(key) }
      }
      sliceKeys.append(keys)
    }
  }

  private mutating func want(
    _ role: ColumnRole, _ name: String?, _ column: any Column, at place: Place
  ) throws(TableError) -> Int? {
    guard let index = try role.index(in: names, named: name, at: place) else { return nil }
    let use = PredictionFile.UsedColumn(role: role.name, name: names[index])
    if !used.contains(use) { used.append(use) }
    return columns.want(index, as: column)
  }

  /// The columns of that name, or those of the elements of the array of that name.
  private static func elements(of name: String, in columns: [String]) -> [String] {
    guard !columns.contains(name) else { return [name] }
    let elements = columns.filter { column in
      column.hasPrefix(name + ".") && Int(column.dropFirst(name.count + 1)) != nil
    }
    return elements.isEmpty ? [name] : elements
  }

  /// What each row belongs to.
  var slicings: [Categories] {
    zip(wanted.slices, sliceKeys).compactMap { names, keys in
      let parts = zip(names, keys).map { name, key in
        Categories(column: name, texts: columns.column(key, TextColumn.self).values)
      }
      return parts.dropFirst().reduce(parts.first) { $0?.crossed(with: $1) }
    }
  }

  /// The rows read.
  var rowCount: Int { columns.rowCount }
  /// The rows left out.
  var droppedCount: Int { columns.droppedCount }

  mutating func read(
    _ source: any RowSource, _ progress: RowProgress?,
    passing take: (([any PassedColumn]) -> Bool)? = nil, fewestRows: Int = .max
  ) throws(TableError) {
    let keys = Array(columns.keys)
    do throws(TableError) {
      try columns.read(
        source, progress: progress,
        passing: take.map { WantedColumns.Passing(keys: keys, fewestRows: fewestRows, take: $0) })
    } catch { throw meant(error) }
  }

  /// A fraction among predicted labels is a score that was taken for one.
  private func meant(_ error: TableError) -> TableError {
    if case .notALabel(let place, let found, .fractional, _) = error,
      case .row(_, let column?) = place.position,
      used.contains(.init(role: ColumnRole.prediction.name, name: column))
    {
      return .predictionsAreScores(place, found: found)
    }
    return error
  }

  func ids(at place: Place, matching: LabelMatching = LabelMatching()) throws(TableError) -> RowIDs?
  {
    guard let idKey else { return nil }
    return try RowIDs(
      columns.column(idKey, TextColumn.self).values, at: place, column: wanted.id ?? "",
      keepsFirst: matching.allowsDuplicates)
  }

  /// Takes the labels of another file, and leaves out rows that have none there where that is allowed.
  fileprivate mutating func takeLabels(
    of file: LabelFile, _ matching: LabelMatching, at place: Place, warnings: inout [String]
  ) throws(TableError) {
    let name = "\(file.labelName) of \(file.place)"
    used.insert(.init(role: ColumnRole.label.name, name: name), at: 0)
    guard let ids = try ids(at: place, matching: matching), let others = file.ids else {
      if let shared = ColumnRole.id.index(sharedBy: names, file.columns) {
        throw .unusedIDs(place, column: shared)
      }
      guard file.labels.count == columns.rowCount else {
        throw .differentLengths(
          place, rows: columns.rowCount, other: file.place.description,
          otherRows: file.labels.count)
      }
      otherLabels = file.labels
      return
    }
    let rowCount = columns.rowCount
    let matches = try ids.matches(in: others, allowsUnmatched: matching.allowsUnmatched)
    let leftOut = matches.indices.filter { matches[$0] == nil }
    let repeated = ids.laterRows.count
    columns.remove(rows: leftOut.map { $0 + 1 })
    otherLabels = file.labels.selecting(rows: matches.compactMap(\.self))
    func warn(_ count: Int, of all: Int, _ what: String) {
      if count > 0 { warnings.append("\(count) of \(all) \(what)") }
    }
    warn(repeated, of: rowCount, "rows in \(place) are left out: an earlier row has the same id")
    warn(
      leftOut.count - repeated, of: rowCount,
      "rows in \(place) are left out: their ids have no label in \(file.place)")
    let labelCount = file.labels.count
    warn(
      others.laterRows.count, of: labelCount,
      "labels in \(file.place) are left out: an earlier row has the same id")
    warn(
      labelCount - others.laterRows.count - columns.rowCount, of: labelCount,
      "labels in \(file.place) have no prediction")
  }

  /// What the rows read turn out to be.
  enum Meaning {
    /// Numbers.
    case numbers
    /// Classes, and what the columns' codes of them are.
    case classes(SharedLabels)
  }

  /// Where the columns are that rows are made of.
  struct Keys {
    var label: Int?
    var prediction: Int?
    var score: Int?
    var probabilities: [Int]
    var weight: Int?
  }

  /// The columns that rows are made of.
  var keys: Keys {
    Keys(
      label: labelKey, prediction: predictionKey, score: scoreKey, probabilities: probabilityKeys,
      weight: weightKey)
  }

  /// Says what the rows are, once they have been read.
  mutating func meaning(
    at place: Place, limits: Limits, warnings: inout [String]
  ) throws(TableError) -> Meaning {
    guard let target = otherLabels ?? labelKey.map({ columns.column($0, TargetColumn.self) }) else {
      throw .noLabelColumn(place, columns: names)
    }
    let predicted = predictionKey.map { columns.column($0, TargetColumn.self) }
    // Fractions that are predicted too tell a problem of numbers from a label that is wrong.
    if target.numbers != nil, predicted?.numbers != nil {
      used.removeAll { $0.role == ColumnRole.score.name }
      return .numbers
    }
    do throws(TableError) {
      let labels = try target.classes { place.at(.row($0, column: name(of: .label))) }
      let predictions = try predicted?.classes {
        place.at(.row($0, column: name(of: .prediction)))
      }
      return .classes(
        try shared(
          labels.table, predictions?.table, at: place, limits: limits, warnings: &warnings))
    } catch { throw meant(error) }
  }

  mutating func rows(
    at place: Place, limits: Limits, warnings: inout [String]
  ) throws(TableError) -> PredictionRows {
    let meaning = try meaning(at: place, limits: limits, warnings: &warnings)
    let target = otherLabels ?? labelKey.map { columns.column($0, TargetColumn.self) }
    let predicted = predictionKey.map { columns.column($0, TargetColumn.self) }
    switch meaning {
    case .numbers:
      return .numbers(
        RegressionTable(
          targets: target?.numbers?.values ?? [], predictions: predicted?.numbers?.values ?? [],
          weights: weightKey.map(numbers)))
    case .classes(let shared):
      let probabilities = probabilityKeys.map(numbers)
      return .classes(
        PredictionTable(
          classes: shared.classes,
          labels: (target?.labels.rowCodes ?? []).renamed(by: shared.labelCodes),
          predictions: predicted?.labels.rowCodes.renamed(by: shared.predictionCodes),
          scores: scoreKey.map(numbers),
          probabilities: probabilities.isEmpty
            ? nil : FeatureMatrix(names: nil, columns: probabilities).values,
          weights: weightKey.map(numbers)))
    }
  }

  private func name(of role: ColumnRole) -> String? {
    used.first { $0.role == role.name }?.name
  }

  private func numbers(_ key: Int) -> [Double] { columns.column(key, NumberColumn.self).values }

  /// The classes of labels and predictions together.
  private mutating func shared(
    _ labels: LabelTable, _ predictions: LabelTable?, at place: Place, limits: Limits,
    warnings: inout [String]
  ) throws(TableError) -> SharedLabels {
    var shared = SharedLabels(labels, predictions)
    if let pair = SharedLabels.strangers(labels, predictions) {
      throw .differentKinds(place, label: pair.label, prediction: pair.prediction)
    }
    guard shared.classes.count <= limits.classCount else {
      throw .tooManyClasses(place, limit: limits.classCount)
    }
    guard probabilityKeys.isEmpty || shared.adopt(probabilityColumns: probabilityKeys.count) else {
      throw .probabilityColumnCount(
        place, columns: probabilityKeys.count, labels: shared.classes.count)
    }
    // A score that nobody asked for is of no use among many classes.
    if shared.classes.count > 2, predictionKey != nil, wanted.score == nil,
      let index = used.firstIndex(where: { $0.role == ColumnRole.score.name })
    {
      warnings.append(
        "column '\(used[index].name)' is left out: a score tells two classes apart, and there are "
          + "\(shared.classes.count)")
      used.remove(at: index)
      scoreKey = nil
    }
    return shared
  }
}

/// What tells the rows of a file apart.
public struct RowIDs: Sendable {
  private let ids: [String]
  private let rows: [String: Int]
  private let place: Place
  private let column: String
  /// The rows, from 0, whose ids stand in earlier rows too.
  let laterRows: [Int]

  /// Takes a column of ids.
  ///
  /// - Throws: ``TableError/duplicateID(_:id:count:)`` if an id stands twice.
  public init(_ ids: [String], at place: Place, column: String) throws(TableError) {
    try self.init(ids, at: place, column: column, keepsFirst: false)
  }

  /// Takes a column of ids, of which the first of equal ones counts where that is allowed.
  init(
    _ ids: [String], at place: Place, column: String, keepsFirst: Bool
  ) throws(TableError) {
    var rows: [String: Int] = [:]
    var laterRows: [Int] = []
    for (row, id) in ids.enumerated() {
      if rows[id] == nil { rows[id] = row } else { laterRows.append(row) }
    }
    if let row = laterRows.first, !keepsFirst {
      throw .duplicateID(
        place.at(.row(row + 1, column: column)), id: ids[row], count: laterRows.count)
    }
    self.ids = ids
    self.rows = rows
    self.place = place
    self.column = column
    self.laterRows = laterRows
  }

  /// For each of these rows the index of the other file's row with the same id.
  ///
  /// - Returns: indices from 0, one a row.
  /// - Throws: ``TableError/unknownID(_:id:other:count:)`` if the other file has no such row.
  public func matches(in other: RowIDs) throws(TableError) -> [Int] {
    try matches(in: other, allowsUnmatched: false).compactMap(\.self)
  }

  /// The same, `nil` for rows without a match where these are allowed, and for later rows of one id.
  ///
  /// - Throws: ``TableError/unknownID(_:id:other:count:)`` also if no row has a match.
  func matches(in other: RowIDs, allowsUnmatched: Bool) throws(TableError) -> [Int?] {
    var matches = ids.map { other.rows[$0] }
    let unmatched = matches.indices.filter { matches[$0] == nil }
    if let row = unmatched.first, !allowsUnmatched || unmatched.count == ids.count {
      throw .unknownID(
        place.at(.row(row + 1, column: column)), id: ids[row], other: other.place.description,
        count: unmatched.count)
    }
    for row in laterRows { matches[row] = nil }
    return matches
  }
}

/// A second file that holds the labels.
private struct LabelFile {
  let place: Place
  let columns: [String]
  let labelName: String
  let labels: TargetColumn
  let ids: RowIDs?

  init(
    _ input: TableInput, columns: PredictionColumns, kind: TargetColumn.Kind,
    matching: LabelMatching, limits: Limits
  ) throws(TableError) {
    let reader = try TableSource.open(input, limits: limits)
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
    let labelKey = plan.want(labelIndex, as: TargetColumn(kind, limits: limits))
    let idKey = try columns.id.flatMap { name throws(TableError) in
      try ColumnRole.id.index(in: names, named: name, at: reader.place)
    }.map { plan.want($0, as: TextColumn()) }
    try plan.read(reader)
    labels = plan.column(labelKey, TargetColumn.self)
    var ids: RowIDs?
    if let idKey {
      ids = try RowIDs(
        plan.column(idKey, TextColumn.self).values, at: place, column: columns.id ?? "",
        keepsFirst: matching.allowsDuplicates)
    }
    self.ids = ids
  }
}

/// The classes of labels and predictions, in canonical order, and which of them each code of the two
/// columns stands for.
struct SharedLabels: Sendable {
  private(set) var classes: [Label]
  private(set) var labelCodes: [Int32]
  private(set) var predictionCodes: [Int32]

  init(_ labels: LabelTable, _ predictions: LabelTable?) {
    var table = labels
    let predictionCodes = (predictions?.labels ?? []).map { table.code(of: $0) }
    let (sorted, newCodes) = table.sorted()
    classes = sorted.labels
    labelCodes = labels.labels.indices.map { newCodes[$0] }
    self.predictionCodes = predictionCodes.renamed(by: newCodes)
  }

  /// A label and a prediction where one column is text and the other numbers.
  static func strangers(
    _ labels: LabelTable, _ predictions: LabelTable?
  ) -> (label: Label, prediction: Label)? {
    guard let predictions else { return nil }
    let (first, second) = (labels.labels, predictions.labels)
    let kinds = (Set(first.map(\.isText)), Set(second.map(\.isText)))
    guard kinds.0.count == 1, kinds.1.count == 1, kinds.0 != kinds.1 else { return nil }
    return (first[0], second[0])
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
    labelCodes = labelCodes.renamed(by: newCodes)
    predictionCodes = predictionCodes.renamed(by: newCodes)
    return true
  }
}

extension [Int32] {
  /// Codes as those that others have become; the same array where none changes.
  func renamed(by newCodes: [Int32]) -> [Int32] {
    if newCodes.enumerated().allSatisfy({ $0 == $1 }) { return self }
    var renamed: [Int32] = []
    renamed.reserveLargeCapacity(count)
    renamed.append(contentsOf: lazy.map { newCodes[Int($0)] })
    return renamed
  }
}

extension PredictionColumns {
  /// These columns, and where none is named that a file without names has, what its numbers are.
  fileprivate func guessing(_ source: any RowSource, kind: PredictionFile.Kind) -> PredictionColumns
  {
    guard let content = source.unnamed, score == nil, prediction == nil, probabilities.isEmpty
    else { return self }
    var columns = self
    let others = source.columns.filter { $0 != id && $0 != weight }
    switch (content, others.count) {
    case (.fractions, 1) where kind != .numbers: columns.score = others[0]
    case (.fractions, 2...) where kind != .numbers: columns.probabilities = others
    case (_, 1): columns.prediction = others[0]
    default: break
    }
    return columns
  }
}

extension Label {
  fileprivate var isText: Bool { if case .text = self { true } else { false } }
}
