extension PickleMachine {
  /// What the stream asks for that is not plain data; each name once, where it first stands.
  ///
  /// - Parameters:
  ///   - isKnown: The classes and functions that are harmless in a stream of its kind, besides those that
  ///     are so in all.
  ///   - accepts: The persistent ids that the reader has values for.
  /// - Returns: a finding for each.
  func findings(
    knowing isKnown: (_ name: String) -> Bool = { _ in false },
    accepting accepts: (_ id: NodeID) -> Bool = { _ in false }
  ) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    for use in globals where seen.insert(use.name).inserted && !isKnown(use.name) {
      switch PickleGlobals.standing(of: use.name) {
      case .known: continue
      case .unsupported:
        findings.append(
          Finding(
            .error, "model.unsupported_estimator", Self.refusal(of: use.name),
            offset: use.offset))
      case .dangerous:
        findings.append(
          Finding(
            .critical, "code.dangerous_global",
            "loading the file would call \(use.name) (\(use.opcode))",
            offset: use.offset))
      case .unknown:
        findings.append(
          Finding(
            .critical, "code.unknown_global",
            "loading the file would use \(use.name) (\(use.opcode)), which is not known to be "
              + "harmless", offset: use.offset))
      }
    }
    let persistent = persistentIDs.filter { !accepts($0.id) }.map { use in
      let name = graph.text(use.id).map { "persistent id '\($0.prefix(64))'" } ?? "a persistent id"
      return GlobalUse(name: name, opcode: use.opcode, offset: use.offset)
    }
    for request in requests + persistent where seen.insert(request.name).inserted {
      findings.append(
        Finding(
          .critical, "code.outside_request",
          "loading the file would ask the program for \(request.name) (\(request.opcode))",
          offset: request.offset))
    }
    return findings
  }

  private static func refusal(of name: String) -> String {
    // joblib 0.9 and earlier wrote arrays to files beside the pickle.
    if name.hasSuffix("NDArrayWrapper") && name.hasPrefix("joblib.") {
      return "the arrays stand in files of their own, as joblib before 0.10 wrote them (\(name)); "
        + "save the model with a newer one"
    }
    if name.hasPrefix("torch.") {
      return
        "a whole module was saved, whose class \(name) torch.load would need and call; save its "
        + "state_dict instead"
    }
    return ModelFileError.unsupportedEstimator(name).message
  }

  /// The programs that wrote the stream, in a few words.
  var writerNames: [String] {
    var words = ["pickle protocol \(version)"]
    if let aligns = writers.joblibAligns {
      words.append(aligns ? "joblib 1.2 or later" : "joblib before 1.2")
    }
    if let numPy = writers.numPy { words.append(numPy == 2 ? "numpy 2" : "numpy 1") }
    return words
  }
}
