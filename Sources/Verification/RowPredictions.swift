public import DataTables
public import InputReading
public import PredictiveModels
public import TableFiles

extension FeatureFile {
  /// Opens a table of features.
  public static func opened(
    path: String, layout: TableLayout, limits: Limits
  ) throws(VerificationError) -> FeatureFile {
    do throws(TableError) {
      return try FeatureFile(path: path, layout: layout, limits: limits)
    } catch { throw .table(error) }
  }

  /// Reads the rows of an open table.
  public consuming func rows(
    features: [Int], labels: Int? = nil, weights: Int? = nil, texts: [Int] = []
  ) throws(VerificationError) -> Rows {
    do throws(TableError) {
      return try read(features: features, labels: labels, weights: weights, texts: texts)
    } catch { throw .table(error) }
  }

  /// Reads the rows of an open table for a model, texts where it takes texts, and passes them on while
  /// later ones are read.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - features: The indices of its features, in its order.
  ///   - target: The index of a column of numbers that it is to predict.
  ///   - labels: The index of the label column.
  ///   - weights: The index of the weight column.
  ///   - texts: The indices of columns that are kept as they stand.
  ///   - progress: Is told of rows as they are read.
  ///   - fewestRows: The fewest rows that are passed on at a time; `nil` for what suits the caches.
  ///   - take: Takes the next rows' features; `false` where no more are wanted.
  /// - Returns: the numbers to predict, and the other columns that are kept.
  /// - Throws: ``VerificationError`` with the row and column, or what `take` throws.
  private consuming func read(
    for model: Model, features: [Int], target: Int?, labels: Int?, weights: Int?, texts: [Int],
    progress: RowProgress?, fewestRows: Int? = nil,
    take: (FeatureMatrix) throws(VerificationError) -> Bool
  ) throws(VerificationError) -> (target: [Double], others: Rows) {
    let isText = model.textColumns
    let names = features.map { columns[$0] }
    let textColumns = features.indices.filter { isText.contains($0) }
    let numberColumns = features.indices.filter { !isText.contains($0) }
    let targetName = target.map { columns[$0] }
    let place = place
    var targets: [Double] = []
    var failure: VerificationError?
    let others: Rows
    do throws(TableError) {
      others = try read(
        Passed(
          features: numberColumns.map { features[$0] } + (target.map { [$0] } ?? []),
          texts: textColumns.map { features[$0] }),
        labels: labels, weights: weights, texts: texts,
        fewestRows: fewestRows ?? Self.rowsOfBlock(columnCount: features.count),
        progress: progress
      ) { block in
        if target != nil { targets += block.numbers.last ?? [] }
        let numbers = FeatureMatrix(
          names: numberColumns.map { names[$0] },
          columns: Array(block.numbers.prefix(numberColumns.count)))
        do throws(VerificationError) {
          return try take(
            FeatureMatrix(
              numbers: numbers,
              textColumns: zip(textColumns, block.texts).map { ($0, names[$0], $1) }))
        } catch {
          failure = error
          return false
        }
      }
    } catch { throw .table(error) }
    if let failure { throw failure }
    if let row = targets.firstIndex(where: \.isNaN) {
      throw .table(
        .notANumber(
          place.at(.row(row + 1, column: targetName)), found: "", .empty,
          count: targets.count { $0.isNaN }))
    }
    return (targets, others)
  }

  /// Rows that fit the caches with all that is made of them, and are worth both cores.
  private static func rowsOfBlock(columnCount: Int) -> Int {
    min(max((1 << 19) / max(columnCount, 1), 512), 1 << 14)
  }

  /// Reads the rows of an open table for a model and predicts them, block by block.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - features: The indices of its features, in its order.
  ///   - target: The index of a column of numbers that it is to predict.
  ///   - labels: The index of the label column.
  ///   - weights: The index of the weight column.
  ///   - texts: The indices of columns that are kept as they stand.
  ///   - progress: Is told of rows as they are read.
  ///   - take: Takes what is said of the next rows; `false` where no more is wanted.
  /// - Returns: the numbers to predict, and the other columns that are kept.
  /// - Throws: ``VerificationError`` with the row and column.
  public consuming func predict(
    with model: Model, features: [Int], target: Int? = nil, labels: Int? = nil,
    weights: Int? = nil, texts: [Int] = [], progress: RowProgress? = nil,
    take: (ModelOutput) -> Bool
  ) throws(VerificationError) -> (target: [Double], others: Rows) {
    let place = place
    var rowCount = 0
    return try read(
      for: model, features: features, target: target, labels: labels, weights: weights,
      texts: texts, progress: progress
    ) { matrix throws(VerificationError) in
      defer { rowCount += matrix.rowCount }
      do throws(PredictionError) {
        return take(try model.predict(matrix))
      } catch {
        throw .prediction(error.shifted(by: rowCount), place, features: model.featureNames)
      }
    }
  }

  /// Reads the rows of an open table for a model, texts where it takes texts.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - features: The indices of its features, in its order.
  ///   - texts: The indices of columns that are wanted as they stand.
  /// - Returns: the features, and the other columns asked for.
  /// - Throws: ``VerificationError`` with the row and column.
  public consuming func rows(
    of model: Model, features: [Int], texts: [Int] = []
  ) throws(VerificationError) -> (features: FeatureMatrix, others: Rows) {
    var matrix = FeatureMatrix(values: [], columnCount: 0)
    let (_, others) = try read(
      for: model, features: features, target: nil, labels: nil, weights: nil, texts: texts,
      progress: nil, fewestRows: .max
    ) { rows in
      matrix = rows
      return true
    }
    return (matrix, others)
  }
}

extension Model {
  /// The columns of a table that are this model's features.
  public func columns(
    in names: [String], of place: Place
  ) throws(VerificationError) -> [Int] {
    do throws(PredictionError) {
      return try featureColumns(in: names)
    } catch { throw .prediction(error, place, features: featureNames) }
  }

  /// Predicts the rows of a table.
  public func predict(
    _ features: FeatureMatrix, from place: Place
  ) throws(VerificationError) -> ModelOutput {
    do throws(PredictionError) {
      return try predict(features)
    } catch { throw .prediction(error, place, features: featureNames) }
  }
}
