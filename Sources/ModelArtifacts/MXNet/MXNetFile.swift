internal import DataTables
internal import InputReading
internal import PredictiveModels

/// MXNet's parameters, as SageMaker's built-in algorithms leave them in `model_algo-1`.
///
/// | algorithm | `model_algo-1` |
/// |---|---|
/// | Linear Learner | a zip file of `mx-mod-0000.params`, `mx-mod-symbol.json` and `additional-params.json` |
/// | k-means | one array without a name: a row for each center |
/// | PCA | arrays `s`, `v` and `mean` |
/// | factorization machines | a zip file of `params` with `v`, `w1_weight` and `w0_weight` |
///
/// Linear Learner predicts; of the others nothing public fixes how, and they are told.
enum MXNetFile {
  static let format = ModelFormat(
    name: "SageMaker's Linear Learner", fits: { source, _ in NDArrayList.fits(source.bytes) },
    read: { source, options in
      do throws(ModelFormatError) {
        let list = try NDArrayList(source.bytes)
        if let symbol = source.sibling("mx-mod-symbol.json"),
          let parameters = source.sibling("additional-params.json")
        {
          return try LinearLearner(
            list, graph: FieldValue(json: symbol.bytes, options.limits),
            parameters: FieldValue(json: parameters.bytes, options.limits)
          ).reading
        }
        return told(list)
      } catch {
        return ModelReading(error)
      }
    })

  /// What is told of parameters that do not run here.
  private static func told(_ list: NDArrayList) -> ModelReading {
    let names = Set(list.arrays.compactMap(\.name))
    let algorithm: String
    if let only = list.arrays.first, list.arrays.count == 1, only.name == nil, only.shape.count == 2
    {
      algorithm = "k-means: \(only.shape[0]) centers of \(String(only.shape[1], of: "feature"))"
    } else if names.isSuperset(of: ["s", "v", "mean"]) {
      algorithm = "PCA: \(list["s"]?.values.count ?? 0) components"
    } else if names.isSuperset(of: ["v", "w1_weight", "w0_weight"]) {
      algorithm = "factorization machines"
    } else {
      algorithm = "a network"
    }
    let word = String(algorithm.prefix { $0 != ":" })
    var findings = [
      Finding(
        .error, "model.unsupported_algorithm",
        "holds MXNet's parameters of \(algorithm); they are told and do not run here")
    ]
    findings += list.brokenNumbers
    return ModelReading(
      findings: findings, description: description(list, algorithm: word, parameters: []))
  }

  /// What is told of a model.
  static func description(
    _ list: NDArrayList, algorithm: String, parameters: [(String, String)], version: String? = nil
  ) -> ModelDescription {
    let arrays = list.arrays.prefix(64).enumerated().map { index, array in
      (
        array.name ?? "[\(index)]",
        "\(array.type)\(array.shape)" + (array.isSparse ? " sparse" : "")
      )
    }
    return ModelDescription(
      format: "mxnet", framework: "MXNet", frameworkVersion: version, algorithm: algorithm,
      estimators: [
        ModelDescription.Estimator(name: algorithm, parameters: parameters + arrays)
      ],
      arrayBytes: list.arrays.reduce(0) { $0 + 4 * $1.values.count })
  }
}

extension NDArrayList {
  /// Arrays with numbers that are none or infinite.
  fileprivate var brokenNumbers: [Finding] {
    arrays.enumerated().compactMap { index, array in
      let count = array.values.count { !$0.isFinite }
      guard count > 0 else { return nil }
      return Finding(
        .warning, "model.numbers_not_finite",
        "\(String(count, of: "number")) of '\(array.name ?? "[\(index)]")' are NaN or infinite")
    }
  }
}
