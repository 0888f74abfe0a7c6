internal import InputReading
internal import ONNXMessages
internal import PredictiveModels
internal import SwiftProtobuf

/// A model of ONNX's: a graph of operators in a protocol-buffer message.
///
/// Source: onnx/onnx.proto3 and docs/IR.md of ONNX 1.23.
struct ONNXModel {
  static let format = ModelFormat(
    name: "ONNX",
    fits: { source, _ in source.name.hasSuffix(".onnx") || hasOutline(source.bytes) },
    read: { source, options in
      do throws(ModelFormatError) {
        return try ONNXModel(source).reading
      } catch {
        return ModelReading(error)
      }
    })

  private let message: ONNXModelProto
  private let source: ModelSource
  private let nodes: [ONNXNode]

  /// Whether the bytes are a message with the fields that every model has: the version of the format, a
  /// graph and the versions of its operators.
  ///
  /// Only the outermost fields are looked at, and all of them.
  static func hasOutline(_ bytes: [UInt8]) -> Bool {
    var offset = 0
    /// A number in groups of seven bits, the lowest first; `nil` where there is none.
    func number() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: 0, to: 64, by: 7) {
        guard offset < bytes.count else { return nil }
        let byte = bytes[offset]
        offset += 1
        value |= UInt64(byte & 0x7F) << UInt64(shift)
        if byte < 0x80 { return value }
      }
      return nil
    }
    var seen: Set<UInt64> = []
    while offset < bytes.count {
      guard let key = number(), key >> 3 > 0 else { return false }
      switch key & 7 {
      case 0: guard number() != nil else { return false }
      case 2:
        guard let length = number(), length <= UInt64(bytes.count - offset) else { return false }
        offset += Int(length)
      default: return false
      }
      seen.insert(key)
    }
    // The fields 1, a number, and 7 and 8, which are messages.
    return seen.isSuperset(of: [1 << 3, 7 << 3 | 2, 8 << 3 | 2])
  }

  /// Reads a file's message.
  ///
  /// - Throws: ``ModelFormatError`` if it is none, or has no graph.
  init(_ source: ModelSource) throws(ModelFormatError) {
    do {
      message = try ONNXModelProto(serializedBytes: source.bytes)
    } catch {
      throw .damaged("is not a message of ONNX's: \(Self.words(for: error))", offset: nil)
    }
    guard message.hasGraph, !message.opsetImport.isEmpty else {
      throw .badField("graph", expected: "there, with the versions of its operators")
    }
    self.source = source
    var versions: [String: Int] = [:]
    for entry in message.opsetImport {
      versions[entry.domain == "ai.onnx" ? "" : entry.domain] = Int(entry.version)
    }
    let domains = Set(message.graph.node.map { $0.domain == "ai.onnx" ? "" : $0.domain })
    if let domain = domains.sorted().first(where: { versions[$0] == nil }) {
      throw .badField(
        "opset_import",
        expected: "whole: there is no version of the operators of '\(domain)'")
    }
    nodes = message.graph.node.map { ONNXNode($0, versions: versions, source: source) }
  }

  private static func words(for error: any Error) -> String {
    switch error as? BinaryDecodingError {
    case .truncated: "it is cut off"
    case .invalidUTF8: "a text is not UTF-8"
    case .messageDepthLimit: "messages lie too deep in one another"
    default: "a field is damaged"
    }
  }

  // MARK: What is told

  /// What came of the file.
  var reading: ModelReading {
    var reading = ModelReading(findings: pathFindings, description: description)
    guard reading.findings.isEmpty else { return reading }
    do throws(ModelFormatError) {
      let missing = missingOperators
      guard missing.isEmpty else {
        let words = missing.count == 1 ? "an operator" : "operators"
        return try readingByRuntime(
          because: "has \(words) that Assay does not compute: \(missing.joined(separator: ", "))")
      }
      do throws(ModelFormatError) {
        let constants = try constants()
        reading.model = try model(try graph(constants), constants)
      } catch {
        guard case .unsupported(let what) = error else { throw error }
        return try readingByRuntime(because: "asks for what Assay does not compute: \(what)")
      }
    } catch {
      reading.findings.append(Finding(error))
    }
    return reading
  }

  /// What comes of the file where Assay's own operations do not suffice.
  private func readingByRuntime(because reason: String) throws(ModelFormatError) -> ModelReading {
    guard let library = ONNXRuntime.shared else {
      let finding = Finding(
        .error, "model.unsupported_operator",
        "\(reason); ONNX Runtime does, once it is there: \(ONNXRuntime.installation)")
      return ModelReading(findings: [finding], description: description)
    }
    var constants: [String: Tensor] = [:]
    for initializer in message.graph.initializer {
      constants[initializer.name] = try? ONNXTensor.read(initializer, source: source)
    }
    let types = message.graph.input.map { ($0.name, $0.type.tensorType.elemType) }
    let bytes = try standalone()
    let computation: ONNXRuntimeGraph
    do throws(TensorFault) {
      computation = try ONNXRuntimeGraph(
        bytes, inputTypes: Dictionary(types, uniquingKeysWith: { first, _ in first }),
        outputs: message.graph.output.map(\.name), library: library)
    } catch {
      let finding = Finding(
        .error, "model.unsupported_operator",
        "\(reason), and ONNX Runtime \(library.version) refuses it: \(error.message)")
      return ModelReading(findings: [finding], description: description)
    }
    let finding = Finding(
      .warning, "model.onnx_runtime",
      "\(reason); ONNX Runtime \(library.version), which is native code outside Assay, "
        + "computes the graph")
    return ModelReading(
      findings: [finding], description: description, model: try model(computation, constants))
  }

  private func model(
    _ computation: any TensorComputation, _ constants: [String: Tensor]
  ) throws(ModelFormatError) -> Model {
    try ONNXInterface(
      message.graph, nodes: nodes, constants: constants, computation: computation
    ).model(name: mainOperator)
  }

  /// The model's message for another library: with the tensors of files beside it in it, so that none is
  /// read, and rows of scores in the place of maps from classes to them.
  private func standalone() throws(ModelFormatError) -> [UInt8] {
    var copy = message
    for index in copy.graph.initializer.indices {
      let tensor = copy.graph.initializer[index]
      guard ONNXTensor.location(tensor) != nil else { continue }
      copy.graph.initializer[index].rawData = try ONNXTensor.externalData(tensor, source: source)
      copy.graph.initializer[index].externalData = []
      copy.graph.initializer[index].dataLocation = 0
    }
    guard copy.graph.tensors.allSatisfy({ ONNXTensor.location($0) == nil }) else {
      throw .unsupported("an attribute that stands in a file beside the model")
    }
    let outputs = Set(copy.graph.output.map(\.name))
    for (index, node) in nodes.enumerated() where node.operatorName.hasSuffix("ml.ZipMap") {
      guard let output = node.results.first ?? nil, outputs.contains(output) else { continue }
      copy.graph.node[index].opType = "Identity"
      copy.graph.node[index].domain = ""
      copy.graph.node[index].attribute = []
      for place in copy.graph.output.indices where copy.graph.output[place].name == output {
        copy.graph.output[place].type = ONNXTypeProto.with { $0.tensorType.elemType = 1 }
      }
    }
    do { return try copy.serializedBytes() } catch {
      throw .unsupported("a model that with its files is beyond two gigabytes")
    }
  }

  /// The operators that Assay does not compute, each once, by name.
  private var missingOperators: [String] {
    Set(nodes.map(\.operatorName)).filter { ONNXOperators.all[$0] == nil }.sorted()
  }

  /// Tensors whose files lie outside the model's folder.
  private var pathFindings: [Finding] {
    let paths = Set(
      message.graph.tensors.compactMap(ONNXTensor.location).filter(ONNXTensor.leadsOut))
    return paths.sorted().map { path in
      Finding(
        .critical, "model.path_escape",
        "loading the model would read '\(path)', which lies outside its folder")
    }
  }

  /// The operator that the model is called by: the last one that was trained.
  private var mainOperator: String {
    let trained = nodes.last {
      $0.operatorName.hasPrefix(ONNXNode.machineLearning)
        && ["Classifier", "Regressor", "Ensemble"].contains(where: $0.operatorName.hasSuffix)
    }
    guard let trained else { return "ONNX graph" }
    return String(trained.operatorName.dropFirst(ONNXNode.machineLearning.count + 1))
  }

  private var description: ModelDescription {
    var counts: [String: Int] = [:]
    for node in nodes { counts[node.operatorName, default: 0] += 1 }
    let operators = counts.sorted { $0.key < $1.key }.map { (name: $0.key, value: "\($0.value)") }
    let constants = Set(message.graph.initializer.map(\.name))
    let inputs = message.graph.input.filter { !constants.contains($0.name) }
    let producer = [message.producerName, message.producerVersion].filter { !$0.isEmpty }
    let versions = message.opsetImport.map { entry in
      "\(entry.domain.isEmpty ? "opset" : "\(entry.domain) opset") \(entry.version)"
    }
    return ModelDescription(
      format: "onnx", framework: "ONNX", frameworkVersion: versions.joined(separator: ", "),
      algorithm: mainOperator,
      estimators: [
        ModelDescription.Estimator(name: "inputs", parameters: inputs.map(\.summary)),
        ModelDescription.Estimator(
          name: "outputs", parameters: message.graph.output.map(\.summary)),
        ModelDescription.Estimator(name: "operators", parameters: operators),
      ],
      writers: (producer.isEmpty ? [] : [producer.joined(separator: " ")])
        + ["IR version \(message.irVersion)"],
      arrayBytes: source.bytes.count)
  }

  // MARK: The graph

  private func constants() throws(ModelFormatError) -> [String: Tensor] {
    guard message.graph.sparseInitializer.isEmpty else { throw .unsupported("a sparse tensor") }
    var constants: [String: Tensor] = [:]
    for initializer in message.graph.initializer {
      constants[initializer.name] = try ONNXTensor.read(initializer, source: source)
    }
    return constants
  }

  private func graph(_ constants: [String: Tensor]) throws(ModelFormatError) -> TensorGraph {
    var made: [TensorGraph.Node] = []
    for node in nodes {
      guard let maker = ONNXOperators.all[node.operatorName] else {
        throw .unsupported(node.operatorName)
      }
      made.append(
        TensorGraph.Node(
          name: node.name, operation: try maker(node), operands: node.operands,
          results: node.results))
    }
    do throws(ModelError) {
      return try TensorGraph(
        nodes: made, constants: constants,
        inputs: message.graph.input.map(\.name).filter { constants[$0] == nil },
        outputs: message.graph.output.map(\.name))
    } catch { throw .model(error) }
  }
}

extension ONNXGraphProto {
  /// All tensors that stand in the graph, and in those inside it.
  fileprivate var tensors: [ONNXTensorProto] {
    node.flatMap(\.attribute).reduce(into: initializer) { tensors, attribute in
      if attribute.hasT { tensors.append(attribute.t) }
      if attribute.hasG { tensors += attribute.g.tensors }
    }
  }
}

extension ONNXValueInfoProto {
  /// The name, and the kind and sizes for people: `float[N, 4]`.
  fileprivate var summary: (name: String, value: String) {
    (name, type.summary)
  }
}

extension ONNXTypeProto {
  var summary: String {
    switch value {
    case .tensorType(let tensor):
      let sizes = tensor.shape.dim.map { size in
        switch size.value {
        case .dimValue(let value): "\(value)"
        case .dimParam(let name): name
        case nil: "?"
        }
      }
      let kind = ONNXTensor.kindNames[tensor.elemType] ?? "type \(tensor.elemType)"
      return "\(kind)[\(sizes.joined(separator: ", "))]"
    case .sequenceType(let sequence): return "sequence of \(sequence.elemType.summary)"
    case .mapType(let map):
      let key = ONNXTensor.kindNames[map.keyType] ?? "type \(map.keyType)"
      return "map from \(key) to \(map.valueType.summary)"
    case nil: return "unknown"
    }
  }
}
