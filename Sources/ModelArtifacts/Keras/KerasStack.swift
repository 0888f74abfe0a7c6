internal import InputReading
internal import PredictiveModels

/// Layers of rows, added one behind another.
struct KerasStack {
  /// The number of columns that the last layer gives.
  private(set) var width: Int
  /// Whether functions are Keras 3's where they are not what they were.
  let isVersion3: Bool
  private(set) var layers: [DenseNetwork.Layer] = []

  init(width: Int, isVersion3: Bool) {
    self.width = width
    self.isVersion3 = isVersion3
  }

  /// A layer's reader: what it adds to the stack.
  private typealias Reader =
    @Sendable (inout KerasStack, KerasLayer, [StoredTensor]) throws(ModelFormatError) -> Void

  /// Adds a layer.
  ///
  /// - Throws: ``ModelFormatError`` if it is none of those that are read here, or its variables do not fit.
  mutating func add(_ layer: KerasLayer, _ variables: [StoredTensor]) throws(ModelFormatError) {
    guard let read = Self.readers[layer.kind] else {
      throw .unsupported("layer '\(layer.name)' of class \(layer.kind)")
    }
    let dtype = layer.config["dtype"]
    let policy = dtype?.string ?? dtype?["config"]?["name"]?.string ?? "float32"
    guard policy == "float32" else {
      throw .unsupported("layer '\(layer.name)' in \(policy)")
    }
    try read(&self, layer, variables)
  }

  private static let readers: [String: Reader] = [
    "Dense": { stack, layer, variables throws(ModelFormatError) in
      try stack.addDense(layer, variables)
    },
    "BatchNormalization": { stack, layer, variables throws(ModelFormatError) in
      try stack.addBatchNormalization(layer, variables)
    },
    "Normalization": { stack, layer, variables throws(ModelFormatError) in
      try stack.addNormalization(layer, variables)
    },
    "Rescaling": { stack, layer, _ throws(ModelFormatError) in
      let scale = try stack.numbers(layer, "scale", or: 1)
      let offset = try stack.numbers(layer, "offset", or: 0)
      stack.layers.append(.affine(means: [0], factors: scale, offsets: offset))
    },
    "Activation": { stack, layer, _ throws(ModelFormatError) in
      try stack.addActivation(layer.config["activation"], layer)
    },
    "ReLU": layerActivation, "LeakyReLU": layerActivation, "ELU": layerActivation,
    "Softmax": layerActivation,
    // What these do, they do in training alone; rows are flat already.
    "InputLayer": nothing, "Dropout": nothing, "AlphaDropout": nothing, "GaussianDropout": nothing,
    "GaussianNoise": nothing, "ActivityRegularization": nothing, "Flatten": nothing,
    "Identity": nothing,
  ]

  private static let nothing: Reader = { _, _, _ throws(ModelFormatError) in }

  private static let layerActivation: Reader = { stack, layer, _ throws(ModelFormatError) in
    try stack.addActivation(layer.json, layer)
  }

  // MARK: Layers

  private mutating func addDense(
    _ layer: KerasLayer, _ variables: [StoredTensor]
  ) throws(ModelFormatError) {
    guard let units = layer.config["units"]?.number.flatMap({ Int(exactly: $0.value) }), units > 0
    else { throw .badField("\(layer.name).units", expected: "a number of outputs") }
    let hasBias = layer.config["use_bias"]?.content != .bool(false)
    if let mode = layer.config["quantization_config"], mode.content != .null {
      throw .unsupported("layer '\(layer.name)', which is quantized,")
    }
    let lists = try floats(
      layer, variables, [("kernel", [width, units])] + (hasBias ? [("bias", [units])] : []))
    // A kernel has a row for each input.
    let weights = (0..<units).flatMap { unit in
      (0..<width).map { lists[0][$0 * units + unit] }
    }
    layers.append(
      .dense(weights: weights, biases: hasBias ? lists[1] : nil, inputCount: width))
    width = units
    try addActivation(layer.config["activation"], layer)
  }

  private mutating func addBatchNormalization(
    _ layer: KerasLayer, _ variables: [StoredTensor]
  ) throws(ModelFormatError) {
    try requireLastAxis(layer)
    let isScaled = layer.config["scale"]?.content != .bool(false)
    let isCentered = layer.config["center"]?.content != .bool(false)
    let names =
      (isScaled ? ["gamma"] : []) + (isCentered ? ["beta"] : []) + [
        "moving_mean", "moving_variance",
      ]
    let lists = try floats(layer, variables, names.map { ($0, [width]) })
    let epsilon = layer.config["epsilon"]?.number?.value ?? 0.001
    let gammas = isScaled ? lists[0] : [1]
    let factors = lists[names.count - 1].enumerated().map { index, variance in
      Float(
        Double(gammas[gammas.count == 1 ? 0 : index]) / (Double(variance) + epsilon).squareRoot())
    }
    layers.append(
      .affine(
        means: lists[names.count - 2], factors: factors,
        offsets: isCentered ? lists[isScaled ? 1 : 0] : [0]))
  }

  private mutating func addNormalization(
    _ layer: KerasLayer, _ variables: [StoredTensor]
  ) throws(ModelFormatError) {
    try requireLastAxis(layer)
    guard layer.config["invert"]?.content != .bool(true) else {
      throw .unsupported("layer '\(layer.name)', which is inverted,")
    }
    var means = try numbers(layer, "mean", or: .nan)
    var variances = try numbers(layer, "variance", or: .nan)
    if means.contains(where: \.isNaN) {
      // The number of rows that it was adapted to follows.
      let lists = try floats(
        layer, Array(variables.prefix(2)), [("mean", [width]), ("variance", [width])])
      means = lists[0]
      variances = lists[1]
    }
    // Keras's own epsilon is the least divisor.
    layers.append(
      .affine(
        means: means,
        factors: variances.map { Float(1 / max(Double($0).squareRoot(), 1e-7)) }, offsets: [0]))
  }

  private func requireLastAxis(_ layer: KerasLayer) throws(ModelFormatError) {
    let axis = layer.config["axis"]
    let number = axis?.number ?? (axis?.array?.count == 1 ? axis?.array?[0].number : nil)
    guard let number, number.value == -1 || number.value == 1 else {
      throw .unsupported("layer '\(layer.name)' along other axes than the last")
    }
  }

  // MARK: Numbers

  /// Variables in single precision.
  ///
  /// - Throws: ``ModelFormatError`` if there are others than those, or one is of another shape.
  private func floats(
    _ layer: KerasLayer, _ variables: [StoredTensor], _ expected: [(name: String, shape: [Int])]
  ) throws(ModelFormatError) -> [[Float]] {
    guard variables.count == expected.count else {
      throw .damaged(
        "layer '\(layer.name)' has \(variables.count) variables where \(expected.count) belong: "
          + "load_model() fails", offset: nil)
    }
    var lists: [[Float]] = []
    for (variable, expected) in zip(variables, expected) {
      guard variable.shape == expected.shape else {
        throw .damaged(
          "layer '\(layer.name)': \(expected.name) has the shape \(variable.shape) where "
            + "\(expected.shape) belongs: load_model() fails", offset: nil)
      }
      guard let floats = variable.floats else {
        throw .unsupported("layer '\(layer.name)' of \(variable.element.rawValue)")
      }
      lists.append(floats)
    }
    return lists
  }

  /// A setting that is a number, or one for each column.
  private func numbers(
    _ layer: KerasLayer, _ name: String, or other: Float
  ) throws(ModelFormatError) -> [Float] {
    guard var json = layer.config[name], json.content != .null else { return [other] }
    // Lists of one list are rows of a batch.
    while let list = json.array, list.count == 1, list[0].array != nil { json = list[0] }
    let numbers = json.array ?? [json]
    var floats: [Float] = []
    for number in numbers {
      guard let number = number.number else {
        throw .unsupported("layer '\(layer.name)', whose \(name) is no list of numbers,")
      }
      floats.append(Float(number.value))
    }
    guard floats.count == 1 || floats.count == width else {
      throw .damaged(
        "layer '\(layer.name)': \(name) has \(floats.count) numbers for \(width) columns",
        offset: nil)
    }
    return floats
  }

  // MARK: Activations

  private mutating func addActivation(
    _ json: JSON?, _ layer: KerasLayer
  ) throws(ModelFormatError) {
    guard let json, json.content != .null else { return }
    let activation: DenseNetwork.Activation?
    if let name = json.string {
      if name == "linear" { return }
      activation = function(name)
    } else {
      // A function's own object, or that of a layer in its place.
      let config = json["config"]
      let kind = json["class_name"]?.string ?? ""
      func setting(_ names: [String], _ other: Double) -> Double {
        names.lazy.compactMap { config?[$0]?.number?.value }.first ?? other
      }
      switch kind {
      case "ReLU":
        activation = .rectified(
          negativeSlope: setting(["negative_slope"], 0),
          ceiling: setting(["max_value"], .infinity), threshold: setting(["threshold"], 0))
      case "LeakyReLU":
        activation = .rectified(negativeSlope: setting(["negative_slope", "alpha"], 0.3))
      case "ELU": activation = .exponentialLinear(alpha: setting(["alpha"], 1))
      case "Softmax":
        guard setting(["axis"], -1) == -1 || setting(["axis"], -1) == 1 else {
          throw .unsupported("layer '\(layer.name)' along other axes than the last")
        }
        activation = .softmax
      case "function": activation = config?.string.flatMap { function($0) }
      default: activation = nil
      }
    }
    guard let activation else {
      let name = json.string ?? json["class_name"]?.string ?? ""
      throw .unsupported("activation \(name.prefix(64)) of layer '\(layer.name)'")
    }
    layers.append(.activation(activation))
  }

  /// The function of a name; `nil` where it is none that is computed here.
  ///
  /// Source: keras/src/activations/activations.py (3.15.1 and 2.15.0).
  private func function(_ name: String) -> DenseNetwork.Activation? {
    switch name {
    case "relu": .rectified()
    case "relu6": .rectified(ceiling: 6)
    case "leaky_relu": .rectified(negativeSlope: 0.2)
    case "sigmoid": .sigmoid
    // Its slope was 0.2 before Keras 3.
    case "hard_sigmoid": .hardSigmoid(slope: isVersion3 ? 1.0 / 6 : 0.2)
    case "hard_silu", "hard_swish": .hardSilu(slope: 1.0 / 6)
    case "silu", "swish": .silu
    case "tanh": .tanh
    case "elu": .exponentialLinear()
    case "selu": .selu
    case "gelu": .gelu(isApproximate: false)
    case "softplus": .softplus
    case "softsign": .softsign
    case "exponential": .exponential
    case "mish": .mish
    case "softmax": .softmax
    case "log_softmax": .logSoftmax
    default: nil
    }
  }
}
