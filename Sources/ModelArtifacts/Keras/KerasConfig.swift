internal import InputReading
internal import PredictiveModels

/// A layer as a model's configuration names it.
struct KerasLayer {
  /// The class's name: `Dense`.
  let kind: String
  let name: String
  let config: JSON
  /// The JSON of the whole layer, with what it is called on.
  let json: JSON

  init(_ json: JSON) throws(ModelFormatError) {
    guard let kind = json["class_name"]?.string, let config = json["config"] else {
      throw .badField("layers", expected: "a list of layers")
    }
    self.json = json
    self.kind = kind
    self.config = config
    name = json["name"]?.string ?? config["name"]?.string ?? kind.lowercased()
  }

  /// The layer with those of its settings that can be said in a word.
  var description: ModelDescription.Estimator {
    let members = config.object ?? []
    let words: [(name: String, value: String)] = members.compactMap { member in
      switch member.value.content {
      case .string(let text) where text.utf8.count <= 64: (member.key, text)
      case .number(let number): (member.key, number.text)
      case .bool(let value): (member.key, value ? "true" : "false")
      default: nil
      }
    }
    return ModelDescription.Estimator(name: kind, parameters: words)
  }
}

/// What a Keras model is made of, and what loading it would run.
struct KerasConfig {
  /// The model's class: `Sequential`.
  let kind: String
  /// The layers, in the order in which they were saved.
  private(set) var layers: [KerasLayer] = []
  private(set) var findings: [Finding] = []
  private let config: JSON?

  /// Reads a model's configuration.
  init(_ json: JSON) {
    kind = json["class_name"]?.string ?? "model"
    config = json["config"]
    findings = Self.findings(in: json)
    // Keras before 2.3 wrote a list alone.
    let list = config?["layers"]?.array ?? config?.array
    guard let list else {
      // A class of the user's own has its own settings in place of layers.
      if findings.isEmpty {
        findings.append(Finding(.error, "model.broken", "the configuration has no layers"))
      }
      return
    }
    do throws(ModelFormatError) {
      for layer in list { layers.append(try KerasLayer(layer)) }
    } catch {
      findings.append(Finding(error))
    }
  }

  // MARK: What loading would run

  /// What the configuration names that is not Keras's own.
  private static func findings(in json: JSON) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    var open = [json]
    while let next = open.popLast() {
      switch next.content {
      case .array(let elements): open += elements.reversed()
      case .object(let members):
        open += members.reversed().map(\.value)
        if let finding = finding(about: next), seen.insert(finding.message).inserted {
          findings.append(finding)
        }
      default: break
      }
    }
    return findings
  }

  private static func finding(about json: JSON) -> Finding? {
    let isMarshalled =
      json["class_name"]?.string == "__lambda__"
      || json["function_type"]?.string == "lambda"
      || json["output_shape_type"]?.string == "lambda"
    if isMarshalled {
      return Finding(
        .critical, "code.lambda",
        "loading the model would run Python code that stands in the file (a Lambda layer)")
    }
    guard let kind = json["class_name"]?.string, json["config"] != nil else { return nil }
    // Older files have it as the class's name.
    let registered = json["registered_name"]?.string ?? (kind.contains(">") ? kind : nil)
    let module = json["module"]?.string
    // A function's own name is its configuration.
    let name = kind == "function" ? json["config"]?.string ?? kind : kind
    if let module {
      let full = "\(module).\(name)"
      if module == "builtins" || module == "__main__" {
        guard kind == "function" || module == "__main__" else { return nil }
      } else if PickleGlobals.standing(of: full) == .dangerous {
        return Finding(
          .critical, "code.dangerous_global", "loading the model would call \(full.prefix(256))")
      } else if ["keras", "tf_keras", "keras_core"].contains(String(module.prefix { $0 != "." })) {
        return nil
      }
    } else if registered == nil {
      return nil
    }
    let own = registered ?? module.map { "\($0).\(name)" } ?? name
    return Finding(
      .error, "model.unsupported_custom_object",
      "the model needs \(own.prefix(256)), which is code of its own: load_model() asks for it in "
        + "custom_objects")
  }

  // MARK: What goes in and comes out

  /// How the model is called, where its input layers tell.
  ///
  /// - Parameter outputCount: The number of results of a row, where that is known.
  /// - Returns: the signature; `nil` where there are no input layers.
  func signature(outputCount: Int?) -> ModelDescription.Signature? {
    let inputs = layers.filter { $0.kind == "InputLayer" }.map { layer in
      ModelDescription.Signature.Port(
        name: layer.name, type: layer.config["dtype"]?.string ?? "float32",
        shape: Self.shape(layer.config))
    }
    guard !inputs.isEmpty else { return nil }
    let names =
      kind == "Sequential"
      ? layers.suffix(1).map(\.name) : config?["output_layers"].map(Self.references) ?? []
    return ModelDescription.Signature(
      name: "predict", inputs: inputs,
      outputs: names.sorted().map { name in
        ModelDescription.Signature.Port(
          name: name, type: "float32", shape: outputCount.map { [nil, $0] })
      })
  }

  /// The shape of a batch, of which the number of rows and others may be any.
  private static func shape(_ config: JSON) -> [Int?]? {
    let shape = config["batch_shape"]?.array ?? config["batch_input_shape"]?.array
    return shape?.map { $0.number.flatMap { Int(exactly: $0.value) } }
  }

  // MARK: The model

  /// The layers from the input to the output, where one follows another.
  private func chain() throws(ModelFormatError) -> [KerasLayer] {
    guard kind != "Sequential" else { return layers }
    guard kind == "Functional" || kind == "Model", let outputs = config?["output_layers"] else {
      throw .unsupported("a model of class \(kind)")
    }
    let names = Self.references(outputs)
    guard names.count == 1, var name = names.first else {
      throw .unsupported("a model of \(names.count) outputs")
    }
    let byName = Dictionary(
      layers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var chain: [KerasLayer] = []
    while true {
      guard let layer = byName[name], chain.count < layers.count else {
        throw .badField("layers.\(name)", expected: "a layer of the model, once")
      }
      chain.append(layer)
      let calls = layer.json["inbound_nodes"]?.array ?? []
      if layer.kind == "InputLayer", calls.isEmpty { break }
      guard calls.count == 1, let call = calls.first else {
        throw .unsupported("layer '\(name)', which is called \(calls.count) times,")
      }
      let inputs = Self.references(call)
      guard inputs.count == 1, let input = inputs.first else {
        throw .unsupported("layer '\(name)' (\(layer.kind)) of \(inputs.count) inputs")
      }
      if let others = call["kwargs"]?.object,
        others.contains(where: { $0.value.content != .null && $0.value.content != .bool(false) })
      {
        throw .unsupported("layer '\(name)', which is called with \(others[0].key),")
      }
      name = input
    }
    guard chain.count == layers.count else {
      throw .unsupported("a model of layers that are not one behind another")
    }
    return chain.reversed()
  }

  /// The layers whose results a call takes: `["name", 0, 0]`, as they stand or as a tensor's history.
  private static func references(_ json: JSON) -> [String] {
    var names: [String] = []
    var open = [json]
    while let next = open.popLast() {
      if let parts = next.array {
        if parts.count >= 3, let name = parts[0].string, parts[1].number != nil,
          parts[2].number != nil
        {
          names.append(name)
        } else {
          open += parts
        }
      } else {
        open += (next.object ?? []).filter { $0.key != "kwargs" }.map(\.value)
      }
    }
    return names
  }

  /// The model, where it is a stack of layers of rows.
  ///
  /// - Throws: ``ModelFormatError`` where it is not, or the weights do not fit.
  func model(_ file: KerasFile) throws(ModelFormatError) -> Model {
    let chain = try chain()
    var places: [String: Int] = [:]
    var tensors: [String: [StoredTensor]] = [:]
    // Keras counts classes in the order in which it saved the layers.
    for layer in layers {
      let place = places[layer.kind, default: 0]
      places[layer.kind] = place + 1
      tensors[layer.name] = try file.variables(of: layer, place: place)
    }
    guard let first = chain.first else { throw .unsupported("a model without layers") }
    let shape =
      Self.shape(first.config)
      ?? config?["build_input_shape"]?.array.map { shape in
        shape.map { $0.number.flatMap { Int(exactly: $0.value) } }
      }
    guard let shape, shape.count == 2, let width = shape[1] else {
      throw .unsupported(
        "an input that is no row of numbers"
          + (shape.map { " (\($0.map { $0.map { "\($0)" } ?? "?" }.joined(separator: " x ")))" }
            ?? ""))
    }
    var stack = KerasStack(width: width, isVersion3: file.version?.hasPrefix("3.") ?? false)
    for layer in chain { try stack.add(layer, tensors[layer.name] ?? []) }
    do throws(ModelError) {
      return try Model(
        featureNames: nil,
        predictor: ScoringModel(
          name: kind, scorer: DenseNetwork(layers: stack.layers, featureCount: width),
          form: .numbers(.identity)))
    } catch {
      throw .model(error)
    }
  }
}
