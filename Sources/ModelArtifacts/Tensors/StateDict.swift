internal import InputReading
internal import PredictiveModels

/// A network's tensors by name, without what is done with them.
///
/// PyTorch's layers without weights, such as activations, leave no trace in it, and neither does the order
/// in which its `forward` calls them. One state is taken for what it looks like: tensors called `weight` and
/// `bias`, without a layer's name before them, for a single `Linear`. A class of one's own may use the same
/// names and compute something else, which the file does not tell.
struct StateDict {
  let tensors: [StoredTensor]
  let format: String
  let framework: String
  /// What the file holds, in a few words.
  let algorithm: String
  /// What else the file says: an epoch, a version.
  var values: [(name: String, value: String)] = []
  /// The version of the library, where the file tells it.
  var version: String?
  var writers: [String] = []
  var findings: [Finding] = []
  /// What it takes to run it, where its tensors do not tell.
  var needs = needsCode

  static let needsCode =
    "tensors do not tell which functions stand between them: they need the code that defines the "
    + "network, and are described here and not run"

  /// Where a checkpoint of training keeps the network's tensors.
  private static let places = ["", "state_dict.", "model_state_dict.", "model."]

  /// What is told of it, and its model where it looks like a single `Linear`.
  var reading: ModelReading {
    var reading = ModelReading(findings: findings)
    let descriptions = tensors.map(TensorDescription.init)
    reading.findings += Finding.nonFiniteWeights(descriptions)
    if reading.findings.allSatisfy({ $0.severity < .error }) {
      do throws(ModelFormatError) {
        reading.model = try linear()
      } catch {
        reading.findings.append(Finding(error))
      }
      if reading.model == nil {
        reading.findings.append(
          Finding(
            .error, Finding.notRunHere, needs))
      }
    }
    reading.description = ModelDescription(
      format: format, framework: framework, frameworkVersion: version, algorithm: algorithm,
      estimators: [ModelDescription.Estimator(name: algorithm, parameters: values)],
      writers: writers, arrayBytes: tensors.reduce(0) { $0 + $1.bytes.count },
      tensors: descriptions)
    return reading
  }

  /// The single layer that the tensors are the state of; `nil` where they may be anything.
  private func linear() throws(ModelFormatError) -> Model? {
    guard needs == Self.needsCode else { return nil }
    for place in Self.places {
      let own = tensors.filter { $0.name.hasPrefix(place) }
      let names = Set(own.map { String($0.name.dropFirst(place.count)) })
      guard own.count == 2, names == ["weight", "bias"],
        let weight = own.first(where: { $0.name == place + "weight" }),
        let bias = own.first(where: { $0.name == place + "bias" }),
        weight.shape.count == 2, bias.shape == [weight.shape[0]],
        weight.element == .float32, bias.element == .float32,
        let weights = weight.floats, let biases = bias.floats
      else { continue }
      do throws(ModelError) {
        return try Model(
          featureNames: nil,
          predictor: ScoringModel(
            name: "Linear",
            scorer: DenseNetwork(
              layers: [.dense(weights: weights, biases: biases, inputCount: weight.shape[1])],
              featureCount: weight.shape[1]),
            form: .numbers(.identity)))
      } catch {
        throw .model(error)
      }
    }
    return nil
  }
}
