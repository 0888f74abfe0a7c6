public import DataTables
public import InputReading
public import PredictiveModels
public import TableFiles

/// Rows with features and labels, predicted by a model.
public struct Holdout: Sendable {
  /// The labels or numbers beside what the model says of them.
  public let rows: PredictionRows
  /// What tells the rows apart, where a column of it is named.
  public let ids: RowIDs?
  /// The file.
  public let place: Place
  /// What each row belongs to, for each of the slices wanted.
  public let slicings: [Categories]
  /// The columns used.
  public let usedColumns: [PredictionFile.UsedColumn]

  /// Reads a file of features and labels and predicts its rows.
  ///
  /// - Parameters:
  ///   - path: The file; `-` is standard input.
  ///   - model: A classifier or regressor of one target.
  ///   - layout: How the file is laid out.
  ///   - labelColumn: The label's column; `nil` tries the usual names.
  ///   - mayLackLabelColumn: Whether a named column that is not there is found by its usual names too.
  ///   - weightColumn: The weight's column, where there is one.
  ///   - idColumn: The column that tells rows apart, where there is one.
  ///   - slices: What rows are sliced by: each a list of columns whose values are taken together.
  ///   - progress: Is told of rows as they are read.
  ///   - limits: The longest record and the most columns.
  /// - Throws: ``VerificationError``.
  public init(
    path: String, model: Model, layout: TableLayout = TableLayout(),
    labelColumn: String? = nil, mayLackLabelColumn: Bool = false, weightColumn: String? = nil,
    idColumn: String? = nil, slices: [[String]] = [], progress: RowProgress? = nil,
    limits: Limits = .standard
  ) throws(VerificationError) {
    let file = try FeatureFile.opened(path: path, layout: layout, limits: limits)
    let place = file.place
    let names = file.columns
    let isMissing = labelColumn.map { !names.contains($0) } ?? false
    let roles = try Self.roles(
      file, label: mayLackLabelColumn && isMissing ? nil : labelColumn, weight: weightColumn,
      id: idColumn)
    let sliceColumns = try Self.indices(of: slices, in: file)
    let others = names.indices.filter { ![roles.label, roles.weight, roles.id].contains($0) }
    let features = try Self.features(of: model, in: file, others, slices: sliceColumns)
    guard model.targets.count == 1 else {
      throw .artifact(
        Diagnostic(
          "the model predicts \(model.targets.count) targets",
          hint: "only models of one target are evaluated"))
    }
    let isRegressor = model.targets == [.number]
    var outputs: [ModelOutput] = []
    let (target, rows) = try file.predict(
      with: model, features: features, target: isRegressor ? roles.label : nil,
      labels: isRegressor ? nil : roles.label, weights: roles.weight,
      texts: sliceColumns.flatMap(\.self) + (roles.id.map { [$0] } ?? []), progress: progress
    ) { output in
      outputs.append(output)
      return true
    }
    let output = ModelOutput(joining: outputs)
    self.place = place
    do throws(TableError) {
      ids = try idColumn.flatMap { name throws(TableError) in
        try rows.texts.last.map { texts throws(TableError) in
          try RowIDs(texts, at: place, column: name)
        }
      }
    } catch { throw .table(error) }
    var texts = rows.texts[...]
    slicings = zip(slices, sliceColumns).compactMap { columns, indices in
      let cells = texts.prefix(indices.count)
      texts = texts.dropFirst(indices.count)
      let parts = zip(columns, cells).map { Categories(column: $0, texts: $1) }
      return parts.dropFirst().reduce(parts.first) { $0?.crossed(with: $1) }
    }
    if let labels = rows.labels {
      self.rows = .classes(
        try Self.table(labels.classes, labels.codes, output, weights: rows.weights, at: place))
    } else {
      let predictions = output.numbers ?? []
      if let row = predictions.firstIndex(where: { !$0.isFinite }) {
        throw .prediction(.resultNotANumber(row: row + 1), place, features: model.featureNames)
      }
      self.rows = .numbers(
        RegressionTable(targets: target, predictions: predictions, weights: rows.weights))
    }
    usedColumns =
      [PredictionFile.UsedColumn(role: "label", name: names[roles.label])]
      + (roles.weight.map { [PredictionFile.UsedColumn(role: "weight", name: names[$0])] } ?? [])
  }

  /// The columns of slices.
  private static func indices(
    of slices: [[String]], in file: borrowing FeatureFile
  ) throws(VerificationError) -> [[Int]] {
    var indices: [[Int]] = []
    do throws(TableError) {
      for columns in slices {
        var own: [Int] = []
        for name in columns { own.append(try file.index(of: name, option: "--slice-by or --gate")) }
        indices.append(own)
      }
    } catch { throw .table(error) }
    return indices
  }

  /// The model's features; a column that only slices rows is none where the model does without it.
  private static func features(
    of model: Model, in file: borrowing FeatureFile, _ columns: [Int], slices: [[Int]]
  ) throws(VerificationError) -> [Int] {
    let names = file.columns
    if let found = try? model.featureColumns(in: columns.map { names[$0] }) {
      return found.map { columns[$0] }
    }
    let rest = columns.filter { column in !slices.contains { $0.contains(column) } }
    return try model.columns(in: rest.map { names[$0] }, of: file.place).map { rest[$0] }
  }

  private static func roles(
    _ file: borrowing FeatureFile, label: String?, weight: String?, id: String?
  ) throws(VerificationError) -> (label: Int, weight: Int?, id: Int?) {
    do throws(TableError) {
      let labelIndex =
        if let label {
          try file.index(of: label, option: "--label-column")
        } else {
          try file.usualLabelIndex()
        }
      guard let labelIndex else { throw .noLabelColumn(file.place, columns: file.columns) }
      return (
        labelIndex,
        try weight.map { name throws(TableError) in
          try file.index(of: name, option: "--weight-column")
        },
        try id.map { name throws(TableError) in try file.index(of: name, option: "--id-column") }
      )
    } catch { throw .table(error) }
  }

  /// Labels and outputs as codes of the model's classes in canonical order.
  private static func table(
    _ labels: [Label], _ codes: [Int32], _ output: ModelOutput, weights: [Double]?, at place: Place
  ) throws(VerificationError) -> PredictionTable {
    // A table's labels have one form, whatever the model's library calls its classes.
    let own = output.classes.map(\.canonical)
    guard Set(own).count == own.count else {
      throw .artifact(
        Diagnostic(
          "two of the model's classes are one label in a table", at: place,
          hint: "train the model on labels that differ by more than their spelling"))
    }
    let order = own.indices.sorted { own[$0] < own[$1] }
    let classes = order.map { own[$0] }
    if let stranger = labels.first(where: { !classes.contains($0) }) {
      let known = classes.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
      throw .artifact(
        Diagnostic(
          "the label '\(stranger)' is none of the model's classes \(known)", at: place,
          hint: "write labels as the model was trained on them"))
    }
    let labelCodes = labels.map { label in Int32(classes.firstIndex(of: label) ?? 0) }
    var newCodes = [Int32](repeating: 0, count: classes.count)
    for (new, old) in order.enumerated() { newCodes[old] = Int32(new) }
    guard case .classes(let predicted) = output.predictions else {
      preconditionFailure("a classifier predicts classes")
    }
    let count = classes.count
    let probabilities = output.probabilities.map { values in
      (0..<output.rowCount).flatMap { row in order.map { values[row * count + $0] } }
    }
    return PredictionTable(
      classes: classes, labels: codes.map { labelCodes[Int($0)] },
      predictions: predicted.map { newCodes[Int($0)] }, probabilities: probabilities,
      weights: weights)
  }
}
