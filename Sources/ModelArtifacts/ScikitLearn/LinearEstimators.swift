internal import DataTables
internal import PredictiveModels

extension ScikitLearnReader {
  /// LogisticRegression: `coef_` of one row for two classes, of a row a class for more.
  ///
  /// How the rows become probabilities changed with versions: one-vs-rest was the default before
  /// 0.22 and is what liblinear does; elsewhere it is softmax.
  func logisticRegression(_ object: ScikitLearnObject) throws(ModelFileError) -> any Predictor {
    let classes = try object.labels()
    let (shape, coefficients) = try object.numbers("coef_")
    var (_, intercepts) = try object.numbers("intercept_")
    guard shape.count == 2, shape[0] == 1 || shape[0] == classes.count else {
      throw .badAttribute(
        object.className, "coef_", expected: "a matrix of one row or a row a class")
    }
    // Without an intercept there may be one 0 for all rows.
    if intercepts == [0] { intercepts = [Double](repeating: 0, count: shape[0]) }
    let mode = object.text("multi_class")
    let link: LinearClassifier.Link
    if shape[0] == 1 {
      // A softmax over -s and s.
      link = .logistic(factor: mode == "multinomial" ? 2 : 1)
    } else if mode == "ovr" || mode == "warn"
      || (mode != "multinomial" && object.text("solver") == "liblinear")
    {
      link = .oneVsRest
    } else {
      link = .softmax
    }
    do throws(ModelError) {
      return try LinearClassifier(
        name: "LogisticRegression", classes: classes, coefficients: coefficients,
        intercepts: intercepts, link: link)
    } catch { throw .model(error, object: object.className) }
  }

  /// StandardScaler: `mean_` and `scale_`, each of which the settings may leave out.
  func standardScaler(_ object: ScikitLearnObject) throws(ModelFileError) -> any PreprocessingStep {
    let means = try object.bool("with_mean") ? object.numbers("mean_").values : nil
    let scales = try object.bool("with_std") ? object.numbers("scale_").values : nil
    let count =
      object.optional("n_features_in_").flatMap { graph.integer($0) } ?? means?.count
      ?? scales?.count
    guard let count, count > 0 else {
      throw .badAttribute(object.className, "n_features_in_", expected: "a number of features")
    }
    do throws(ModelError) {
      return try Standardization(
        name: "StandardScaler", means: means, scales: scales, columnCount: count)
    } catch { throw .model(error, object: object.className) }
  }
}
