internal import PredictiveModels

// Steps that scale each column by itself.

extension ScikitLearnReader {
  /// The modules of `sklearn.preprocessing`'s scalers now and before 0.22.
  static let preprocessingData = ["sklearn.preprocessing._data", "sklearn.preprocessing.data"]

  static let scalingKinds: [Kind] = [
    Kind("StandardScaler", in: preprocessingData, .step(standardScaler))
  ]

  /// `mean_` and `scale_`, each of which the settings may leave out.
  private static func standardScaler(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let means = try object.bool("with_mean") ? object.numbers("mean_").values : nil
    let scales = try object.bool("with_std") ? object.numbers("scale_").values : nil
    return try reader.standardization(object, means: means, scales: scales)
  }

  /// A step that subtracts and divides, over as many columns as its numbers tell.
  private func standardization(
    _ object: ScikitLearnObject, means: [Double]?, scales: [Double]?
  ) throws(ModelFileError) -> any PreprocessingStep {
    let count = object.featureCount ?? means?.count ?? scales?.count
    guard let count, count > 0 else {
      throw .badAttribute(object.className, "n_features_in_", expected: "a number of features")
    }
    return try making(object) { () throws(ModelError) in
      try Standardization(
        name: object.kind, means: means, scales: scales, columnCount: count)
    }
  }
}
