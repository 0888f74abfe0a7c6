internal import InputReading

/// A TensorFlow SavedModel: a folder with a graph of operations, the ways to call it, and its variables.
///
/// | file | content |
/// |---|---|
/// | `saved_model.pb` | SavedModel: 2 graphs, each with 1 versions and tags, 2 operations, 5 signatures, 6 assets, 7 objects |
/// | `variables/variables.index`, `.data-…` | a ``TensorBundle`` |
/// | `assets/` | files that operations read |
///
/// Source: tensorflow/core/protobuf/saved_model.proto, meta_graph.proto and saved_object_graph.proto.
struct SavedModel {
  private(set) var findings: [Finding] = []
  private(set) var signatures: [ModelDescription.Signature] = []
  private(set) var tensors: [TensorDescription] = []
  private var version: String?
  private var tags: [String] = []
  private var operationCount = 0
  private var hasVariables = false

  static let format = ModelFormat(
    name: "TensorFlow's SavedModels",
    fits: { source, _ in source.name == "saved_model.pb" },
    read: { source, _ in
      do throws(ModelFormatError) {
        return try SavedModel(source).reading
      } catch {
        return ModelReading(error)
      }
    },
    hasAsPart: { source in
      var folder = source.path[...]
      while let slash = folder.lastIndex(of: "/") {
        folder = folder[..<slash]
        let inner = source.path[slash...].dropFirst()
        if isPart(inner), source.siblings[folder + "/saved_model.pb"] != nil { return true }
      }
      return isPart(source.path[...]) && source.siblings["saved_model.pb"] != nil
    })

  private static func isPart(_ path: Substring) -> Bool {
    ["fingerprint.pb", "keras_metadata.pb"].contains(path) || path.hasPrefix("variables/")
      || path.hasPrefix("assets/") || path.hasPrefix("assets.extra/")
  }

  init(_ source: ModelSource) throws(ModelFormatError) {
    let message = try ProtobufMessage(source.bytes)
    let graphs = try message.messages(2)
    guard message.number(1) <= 1 else {
      throw .unsupported("version \(message.number(1)) of SavedModel")
    }
    guard let graph = graphs.first else {
      throw .damaged("there is no graph in it: the file is cut off", offset: nil)
    }
    if graphs.count > 1 {
      findings.append(
        Finding(
          .warning, "model.several_graphs",
          "has \(graphs.count) graphs, of which the first is described"))
    }
    if let information = try graph.messages(1).last {
      version = information.text(5)
      tags = information.texts(4)
    }
    for entry in try graph.messages(5) { try readSignature(entry) }
    signatures.sort { $0.name < $1.name }
    for graph in graphs { try readOperations(graph) }
    try readAssets(graph, source)
    try readObjects(graph)
    try readVariables(source)
  }

  // MARK: Parts

  private mutating func readSignature(_ entry: ProtobufMessage) throws(ModelFormatError) {
    guard let name = entry.text(1), let signature = try entry.messages(2).last,
      // What TensorFlow itself runs when it loads.
      !name.hasPrefix("__saved_model_")
    else { return }
    signatures.append(
      ModelDescription.Signature(
        name: name, inputs: try Self.ports(signature.messages(1)),
        outputs: try Self.ports(signature.messages(2))))
  }

  private static func ports(
    _ entries: [ProtobufMessage]
  ) throws(ModelFormatError) -> [ModelDescription.Signature.Port] {
    var ports: [ModelDescription.Signature.Port] = []
    for entry in entries {
      guard let name = entry.text(1), let tensor = try entry.messages(2).last else { continue }
      ports.append(
        ModelDescription.Signature.Port(
          name: name, type: TensorFlowType.name(tensor.number(2)),
          shape: try TensorFlowType.shape(tensor.messages(3).last)))
    }
    return ports.sorted { $0.name < $1.name }
  }

  /// Operations that reach outside the model: a graph that is run can read and write files by them, or call
  /// what Python has under a name.
  private static let outside: Set<String> = [
    "ReadFile", "WriteFile", "MatchingFiles", "WholeFileReader", "WholeFileReaderV2", "PyFunc",
    "PyFuncStateless", "EagerPyFunc",
  ]

  private mutating func readOperations(_ graph: ProtobufMessage) throws(ModelFormatError) {
    var found: [String: Int] = [:]
    for definition in try graph.messages(2) {
      var nodes = try definition.messages(1)
      for library in try definition.messages(2) {
        for function in try library.messages(1) { nodes += try function.messages(3) }
      }
      operationCount += nodes.count
      for node in nodes {
        guard let operation = node.text(2) else { continue }
        if Self.outside.contains(operation) { found[operation, default: 0] += 1 }
        if ["VarHandleOp", "VariableV2", "Variable"].contains(operation) { hasVariables = true }
      }
    }
    findings += found.sorted { $0.key < $1.key }.map { operation, count in
      Finding(
        .critical, "code.dangerous_operation",
        "running the graph would use \(operation) (\(String(count, of: "time"))), which reaches outside the "
          + "model")
    }
  }

  private mutating func readAssets(
    _ graph: ProtobufMessage, _ source: ModelSource
  ) throws(ModelFormatError) {
    for asset in try graph.messages(6) {
      guard let name = asset.text(2) else { continue }
      if name.hasPrefix("/") || name.split(separator: "/").contains("..") {
        findings.append(
          Finding(
            .critical, "code.outside_file",
            "loading the model would read \(name.prefix(256)), outside its folder"))
      } else if source.sibling("assets/" + name) == nil {
        findings.append(
          Finding(
            .error, "model.broken",
            "assets/\(name.prefix(256)) is not there, without which the model cannot be loaded"))
      }
    }
  }

  private mutating func readObjects(_ graph: ProtobufMessage) throws(ModelFormatError) {
    for objects in try graph.messages(7) {
      for object in try objects.messages(1) where !object.parts(7).isEmpty { hasVariables = true }
    }
  }

  private mutating func readVariables(_ source: ModelSource) throws(ModelFormatError) {
    guard let index = source.sibling("variables/variables.index") else {
      if hasVariables {
        findings.append(
          Finding(
            .error, "model.broken",
            "variables/variables.index is not there, without which the model cannot be loaded"))
      }
      return
    }
    do throws(ModelFormatError) {
      let bundle = try TensorBundle(index: index.bytes) { name in
        source.sibling("variables/variables." + name)?.bytes
      }
      tensors = bundle.descriptions
      findings += bundle.findings
      if let key = bundle.missingKeys.first {
        findings.append(
          Finding(
            .error, "model.broken",
            "\(String(bundle.missingKeys.count, of: "variable")) that the model asks for are not in the "
              + "index, first '\(key.prefix(256))'"))
      }
    } catch {
      let offset = error.offset.map { ", byte \($0)" } ?? ""
      findings.append(
        Finding(
          .error, error.isUnsupported ? "model.unsupported" : "model.broken",
          "variables/variables.index\(offset): \(error.message)"))
    }
  }

  // MARK: What is told

  private var reading: ModelReading {
    var findings = findings + Finding.nonFiniteWeights(tensors)
    if findings.allSatisfy({ $0.severity < .error }) {
      findings.append(
        Finding(
          .error, Finding.notRunHere,
          "a graph of TensorFlow's operations is run by TensorFlow alone (\(version ?? "2")); it is described "
            + "here and not run"))
    }
    return ModelReading(
      findings: findings,
      description: ModelDescription(
        format: "saved-model", framework: "TensorFlow", frameworkVersion: version,
        algorithm: "SavedModel",
        estimators: [
          ModelDescription.Estimator(
            name: "SavedModel",
            parameters: [
              ("tags", tags.joined(separator: " ")), ("operations", "\(operationCount)"),
            ])
        ], arrayBytes: tensors.reduce(0) { $0 + $1.byteCount }, tensors: tensors,
        signatures: signatures))
  }
}
