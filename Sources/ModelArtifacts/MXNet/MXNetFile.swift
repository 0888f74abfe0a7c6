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
    let findings =
      [
        Finding(
          .error, "model.unsupported_algorithm",
          "holds MXNet's parameters of \(algorithm); they are told and do not run here")
      ] + Finding.nonFiniteWeights(list.tensors)
    return ModelReading(
      findings: findings, description: description(list, algorithm: word, parameters: []))
  }

  /// What is told of a model.
  static func description(
    _ list: NDArrayList, algorithm: String, parameters: [(String, String)], version: String? = nil
  ) -> ModelDescription {
    let tensors = list.tensors
    return ModelDescription(
      format: "mxnet", framework: "MXNet", frameworkVersion: version, algorithm: algorithm,
      estimators: [ModelDescription.Estimator(name: algorithm, parameters: parameters)],
      arrayBytes: tensors.reduce(0) { $0 + $1.byteCount }, tensors: tensors)
  }
}

extension NDArrayList {
  /// What is told of the arrays; those without a name are numbered.
  fileprivate var tensors: [TensorDescription] {
    arrays.enumerated().map { index, array in
      TensorDescription(
        name: array.name ?? "[\(index)]", shape: array.shape,
        type: array.isSparse ? "sparse \(array.type)" : array.type, byteCount: array.byteCount,
        nanCount: array.values.count { $0.isNaN },
        infiniteCount: array.values.count { $0.isInfinite })
    }
  }
}
