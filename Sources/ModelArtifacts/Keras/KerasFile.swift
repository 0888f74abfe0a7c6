internal import InputReading
internal import PredictiveModels

/// A model that Keras saved: what its layers are, and the numbers in them.
///
/// | format | what it has |
/// |---|---|
/// | `.keras` | a zip file of `metadata.json` (versions), `config.json` (layers) and `model.weights.h5`, where a layer's variables are `layers/<its class>[_<which of them>]/vars/<number>` |
/// | `.h5` | HDF5: the attributes `keras_version` and `model_config` (layers); `model_weights/<layer's name>` with the attribute `weight_names`, the paths of its variables from there |
/// | `.weights.h5` | `model.weights.h5` alone |
///
/// Source: keras/src/saving/saving_lib.py and keras/src/legacy/saving/legacy_h5_format.py (3.15.1 and 2.15.0).
struct KerasFile {
  let format: String
  let version: String?
  /// The layers, as JSON; `nil` where the file has weights alone.
  let config: JSON?
  let weights: HDF5Object
  /// Where a layer's variables are.
  let layout: Layout
  let outsideFiles: [String]
  /// Whether the file is a model's, and not data of another kind in HDF5.
  let isKeras: Bool

  /// Where a layer's variables are.
  enum Layout {
    /// By the layer's class.
    case classes
    /// By the layer's name.
    case names
  }

  // MARK: Formats

  static let archive = ModelFormat(
    name: "Keras's .keras files",
    fits: { source, _ in source.name == "config.json" && isKeras(source) },
    read: { source, options in
      do throws(ModelFormatError) {
        return try KerasFile(archiveOf: source, limits: options.limits).reading
      } catch {
        return ModelReading(error)
      }
    },
    hasAsPart: { source in
      ["metadata.json", "model.weights.h5"].contains(source.name)
        && source.sibling("config.json") != nil && isKeras(source)
    })

  static let hdf5 = ModelFormat(
    name: "Keras's HDF5 files",
    fits: { source, _ in source.bytes.starts(with: HDF5File.signature) },
    read: { source, options in
      do throws(ModelFormatError) {
        return try KerasFile(hdf5: source.bytes, limits: options.limits).reading
      } catch {
        return ModelReading(error)
      }
    })

  private static func isKeras(_ source: ModelSource) -> Bool {
    guard let metadata = source.sibling("metadata.json") else { return false }
    return String(decoding: metadata.bytes.prefix(4_096), as: UTF8.self).contains("keras_version")
  }

  // MARK: Reading

  private static func json(
    _ bytes: [UInt8], _ name: String, _ limits: Limits
  ) throws(ModelFormatError) -> JSON {
    do throws(InputError) {
      return try JSONDocument(bytes, from: Place(name), limits: limits).root
    } catch {
      throw .notJSON(error)
    }
  }

  init(archiveOf source: ModelSource, limits: Limits) throws(ModelFormatError) {
    format = "keras"
    layout = .classes
    config = try Self.json(source.bytes, "config.json", limits)
    version = try source.sibling("metadata.json").map { member throws(ModelFormatError) in
      try Self.json(member.bytes, "metadata.json", limits)
    }?["keras_version"]?.string
    guard let member = source.sibling("model.weights.h5") else {
      throw .damaged("model.weights.h5 is not there, without which load_model() fails", offset: nil)
    }
    let file: HDF5File
    do throws(ModelFormatError) {
      file = try HDF5File(member.bytes, limits: limits)
    } catch {
      switch error {
      case .damaged(let reason, let offset):
        throw .damaged(
          "model.weights.h5\(offset.map { ", byte \($0)" } ?? ""): \(reason)", offset: nil)
      default: throw error
      }
    }
    weights = file.root
    outsideFiles = file.outsideFiles
    isKeras = true
  }

  init(hdf5 bytes: [UInt8], limits: Limits) throws(ModelFormatError) {
    let file = try HDF5File(bytes, limits: limits)
    outsideFiles = file.outsideFiles
    version = file.root.attributes["keras_version"]?.text
    let text = file.root.attributes["model_config"]?.text
    config = try text.map { text throws(ModelFormatError) in
      try Self.json(Array(text.utf8), "model_config", limits)
    }
    let isNamed = config != nil || file.root.attributes["layer_names"] != nil
    isKeras =
      isNamed || version != nil || file.root["layers"] != nil
      || file.root["_layer_checkpoint_dependencies"] != nil
    format = "keras-h5"
    layout = isNamed ? .names : .classes
    if config != nil {
      guard let group = file.root["model_weights"] else {
        throw .damaged("model_weights is not there, without which load_model() fails", offset: nil)
      }
      // Paths are told from the file's own group.
      weights = group
      others = file.root.children.filter { $0.name != "model_weights" }.map(\.object)
    } else {
      weights = file.root
    }
  }

  /// What is in the file besides the weights: an optimizer's variables.
  private var others: [HDF5Object] = []

  // MARK: What is told

  /// Texts of variables, which are no tensors.
  private func described(_ object: HDF5Object) throws(ModelFormatError) -> TensorDescription? {
    guard let value = object.value else { return nil }
    if let tensor = try Self.tensor(object) { return TensorDescription(tensor) }
    return TensorDescription(
      name: object.path, shape: value.shape, type: value.type.name, byteCount: value.bytes.count,
      nanCount: 0, infiniteCount: 0)
  }

  static func tensor(_ object: HDF5Object) throws(ModelFormatError) -> StoredTensor? {
    guard let value = object.value, case .number(let element, let isBigEndian) = value.type else {
      return nil
    }
    return try StoredTensor(
      name: object.path, element: element, shape: value.shape, bytes: value.bytes,
      isBigEndian: isBigEndian)
  }

  /// A layer's variables, in Keras's order.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - place: Where the layer is among those of its class, from 0.
  /// - Returns: the variables; none where the file has none.
  /// - Throws: ``ModelFormatError`` if one is named that is not there.
  func variables(
    of layer: KerasLayer, place: Int
  ) throws(ModelFormatError) -> [StoredTensor] {
    var objects: [HDF5Object] = []
    switch layout {
    case .classes:
      let name = Self.snakeCase(layer.kind) + (place > 0 ? "_\(place)" : "")
      // Early versions of Keras 2 kept a model's layers in another place.
      let group =
        weights["layers/\(name)/vars"] ?? weights["_layer_checkpoint_dependencies/\(name)/vars"]
      while let next = group?["\(objects.count)"] { objects.append(next) }
    case .names:
      guard let group = weights[layer.name] else { return [] }
      for name in group.attributes["weight_names"]?.texts ?? [] {
        guard let object = group[name] else {
          throw .damaged("'\(name)' of layer '\(layer.name)' is not there", offset: nil)
        }
        objects.append(object)
      }
    }
    var tensors: [StoredTensor] = []
    for object in objects {
      guard let tensor = try Self.tensor(object) else {
        throw .badField(object.path, expected: "an array of numbers")
      }
      tensors.append(tensor)
    }
    return tensors
  }

  /// A class's name as Keras writes it in paths: `batch_normalization`, `conv2d`.
  ///
  /// Source: keras/src/utils/naming.py, `to_snake_case`.
  static func snakeCase(_ name: String) -> String {
    var result = ""
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      if character.isUppercase, index > 0, result.last != "_" {
        let before = characters[index - 1]
        let isNext = index + 1 < characters.count && characters[index + 1].isLowercase
        if before.isLowercase || (before.isUppercase || before.isNumber) && isNext { result += "_" }
      }
      result += character.lowercased()
    }
    return result
  }

  private var reading: ModelReading {
    guard isKeras else {
      return ModelReading(findings: [
        Finding(.info, "data.hdf5", "is data in HDF5, and no model of Keras's")
      ])
    }
    var reading = ModelReading()
    var tensors: [TensorDescription] = []
    do throws(ModelFormatError) {
      for object in ([weights] + others).flatMap(\.all) {
        if let tensor = try described(object) { tensors.append(tensor) }
      }
    } catch {
      return ModelReading(error)
    }
    reading.findings += outsideFiles.map { what in
      Finding(
        .critical, "code.outside_file",
        "loading the file would read another one, for \(what)")
    }
    var algorithm = "weights"
    var estimators: [ModelDescription.Estimator] = []
    var signatures: [ModelDescription.Signature] = []
    if let config {
      let network = KerasConfig(config)
      algorithm = network.kind
      reading.findings += network.findings
      estimators = network.layers.map(\.description)
      if reading.findings.allSatisfy({ $0.severity < .error }) {
        do throws(ModelFormatError) {
          reading.model = try network.model(self)
        } catch {
          reading.findings.append(
            error.isUnsupported
              ? Finding(
                .error, Finding.notRunHere,
                "\(error.message), so the model is described here and not run: it needs Keras "
                  + (version ?? ""))
              : Finding(error))
        }
      }
      signatures =
        network.signature(outputCount: reading.model?.targets.count).map { [$0] } ?? []
    } else {
      reading.findings.append(
        Finding(
          .error, Finding.notRunHere,
          "there are weights alone: they need the code that defines the model, and are described here "
            + "and not run"))
    }
    // Weights that are no numbers are told by themselves, not by what they lead to.
    let nonFinite = Finding.nonFiniteWeights(tensors)
    if nonFinite.contains(where: { $0.severity == .error }) {
      reading.findings.removeAll { $0.code == "model.broken" }
    }
    reading.findings += nonFinite
    reading.description = ModelDescription(
      format: format, framework: "Keras", frameworkVersion: version, algorithm: algorithm,
      estimators: estimators, arrayBytes: tensors.reduce(0) { $0 + $1.byteCount },
      tensors: tensors, signatures: signatures)
    return reading
  }
}
