internal import InputReading

/// What torch.save writes since 1.6, and torch.jit.save: a zip file of one folder, whatever its name.
///
/// | file | content |
/// |---|---|
/// | `data.pkl` | the value, as a pickle; tensors name their storages |
/// | `data/<key>` | a storage: raw numbers |
/// | `version` | the format's version in digits |
/// | `byteorder` | `little` or `big`; little where there is none |
/// | `code/…`, `constants.pkl` | of TorchScript: its code, and the tensors that it names |
///
/// Source: torch/serialization.py (2.13) and caffe2/serialize/inline_container.h.
enum TorchArchive {
  static let format = ModelFormat(
    name: "PyTorch's checkpoints",
    fits: { source, _ in source.name == "data.pkl" && isTorch(source.folder, source.siblings) },
    read: { source, options in stateDict(source, options.limits).reading },
    hasAsPart: { source in
      var folder = source.path[...]
      while let slash = folder.lastIndex(of: "/") {
        folder = folder[..<slash]
        // The model's own file is none of its parts.
        guard source.path != folder + "/data.pkl" else { continue }
        if isTorch(folder + "/", source.siblings) { return true }
      }
      return false
    })

  /// Whether a folder, given with its slash, has what torch.save writes.
  private static func isTorch(_ folder: Substring, _ siblings: Siblings) -> Bool {
    guard siblings[folder + "data.pkl"] != nil, siblings[folder + "version"] != nil else {
      return false
    }
    // Other files may be called so too.
    return siblings.hasFolder(folder + "data") || siblings[folder + "byteorder"] != nil
      || siblings[folder + "constants.pkl"] != nil
  }

  /// The tensors and what else is told; findings alone, where the pickle is none.
  static func stateDict(_ source: ModelSource, _ limits: Limits) -> StateDict {
    let files = Dictionary(
      source.siblings.members.filter { $0.path.hasPrefix(source.folder) }
        .map { (String($0.path.dropFirst(source.folder.count)), $0.bytes) },
      uniquingKeysWith: { first, _ in first })
    var machine = PickleMachine(source.bytes, limits: limits)
    let root: NodeID
    do throws(PickleError) {
      root = try machine.read()
    } catch {
      return StateDict(error, machine)
    }
    let isBigEndian = files["byteorder"]?.starts(with: "big".utf8) ?? false
    let code = files.keys.filter { $0.hasPrefix("code/") && $0.hasSuffix(".py") }
    let isScript = files["constants.pkl"] != nil
    let (faults, storages) = storages(of: machine, files, isBigEndian: isBigEndian)
    var findings =
      faults
      + machine.findings(
        knowing: { isScript && TorchScript.knows($0) },
        accepting: { TorchTensors.storageName($0, in: machine.graph) != nil })
    if isScript { findings += TorchScript.findings(codeCount: code.count) }

    let tensors = TorchTensors(graph: machine.graph, root: root, storages: storages)
    let used = Set(
      machine.persistentIDs.compactMap { TorchTensors.storageName($0.id, in: machine.graph)?.key })
    let unused = files.keys.filter { name in
      name.hasPrefix("data/") && !name.hasSuffix("/") && !used.contains(String(name.dropFirst(5)))
    }
    if !unused.isEmpty {
      findings.append(
        Finding(
          .warning, "model.unused_storage",
          "has \(String(unused.count, of: "storage")) that no tensor uses"))
    }
    let version = files["version"].map { String(decoding: $0.prefix(8), as: UTF8.self) } ?? ""
    return tensors.stateDict(
      root: root, format: isScript ? "torchscript" : "torch-zip", machine: machine,
      writers: ["PyTorch file format \(version.trimmingWhitespace)"], findings: findings,
      isScript: isScript)
  }

  private static func storages(
    of machine: PickleMachine, _ files: [String: [UInt8]], isBigEndian: Bool
  ) -> (findings: [Finding], storages: [String: TorchTensors.Storage]) {
    var storages: [String: TorchTensors.Storage] = [:]
    var findings: [Finding] = []
    var devices: Set<String> = []
    for use in machine.persistentIDs {
      guard let name = TorchTensors.storageName(use.id, in: machine.graph) else { continue }
      devices.insert(name.device)
      guard storages[name.key] == nil, let bytes = files["data/\(name.key)"] else { continue }
      let (size, overflow) = name.count.multipliedReportingOverflow(by: name.element.size)
      guard !overflow, size == bytes.count else {
        findings.append(
          Finding(
            .error, "model.broken",
            "the storage '\(name.key)' has \(bytes.count) bytes, which \(name.count) of "
              + "\(name.element.rawValue) are not", offset: use.offset))
        continue
      }
      storages[name.key] = TorchTensors.Storage(
        element: name.element, bytes: bytes[...], isBigEndian: isBigEndian)
    }
    return (findings + Finding.devices(devices), storages)
  }
}

extension StateDict {
  /// A file whose pickle is none, with what the part that could be read asks for.
  init(_ error: PickleError, _ machine: PickleMachine) {
    self.init(
      tensors: [], format: "torch", framework: "PyTorch", algorithm: "checkpoint",
      findings: [Finding(.error, "pickle.broken", error.message, offset: error.offset)]
        + machine.findings(accepting: { _ in true }))
  }
}

extension Finding {
  /// What is to be said of tensors that were saved from devices other than the processor.
  static func devices(_ devices: Set<String>) -> [Finding] {
    let others = devices.filter { $0 != "cpu" && $0 != "meta" }.sorted()
    guard let first = others.first else { return [] }
    return [
      Finding(
        .warning, "model.device",
        "tensors were saved from \(first.prefix(64)): torch.load needs map_location='cpu' where there is "
          + "no such device")
    ]
  }
}

/// What torch.jit.save adds: classes whose code stands in the archive itself.
enum TorchScript {
  /// Whether a class or function is the archive's own, or one that makes TorchScript's lists.
  static func knows(_ name: String) -> Bool {
    name.hasPrefix("__torch__.") || lists.contains(name)
  }

  private static let lists = Set(
    [
      "build_intlist", "build_tensorlist", "build_doublelist", "build_boollist",
      "build_tensor_from_id", "restore_type_tag",
    ].map { "torch.jit._pickle." + $0 })

  static func findings(codeCount: Int) -> [Finding] {
    [
      Finding(
        .warning, "code.torchscript",
        "\(String(codeCount, of: "file")) of TorchScript's code, which torch.jit.load compiles; not run "
          + "here")
    ]
  }
}

extension TorchTensors {
  /// What is told of the value that the tensors are in.
  func stateDict(
    root: NodeID, format: String, machine: PickleMachine, writers: [String], findings: [Finding],
    isScript: Bool = false
  ) -> StateDict {
    var entries: [PickleGraph.Entry] = []
    var algorithm = "checkpoint"
    switch graph[root] {
    case .dictionary(let own): entries = own
    case .object(let object):
      entries = object.entries
      if object.constructor != "collections.OrderedDict" {
        let name = String(object.constructor.split(separator: ".").last ?? "")
        algorithm = isScript ? "\(name) in TorchScript" : name
      }
    default: break
    }
    let values = entries.compactMap { entry in
      graph.text(entry.key).flatMap { key in
        graph.word(entry.value).map { (name: String(key.prefix(64)), value: $0) }
      }
    }
    let lightning = values.first { $0.name == "pytorch-lightning_version" }?.value
    if lightning != nil {
      algorithm = "Lightning checkpoint"
    } else if !entries.isEmpty, entries.count == tensors.count, values.isEmpty, !hasModules {
      algorithm = "state dict"
    }
    return StateDict(
      tensors: tensors, format: format, framework: "PyTorch", algorithm: algorithm, values: values,
      writers: writers + machine.writerNames, findings: findings + self.findings,
      needs: isScript
        ? "TorchScript holds code of its own, which is not run here: it needs torch.jit.load"
        : StateDict.needsCode)
  }
}
