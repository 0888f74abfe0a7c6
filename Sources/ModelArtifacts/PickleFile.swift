internal import InputReading
internal import PredictiveModels

/// A pickle, or a joblib file, and what was found in it.
struct PickleFile {
  let findings: [Finding]
  /// The model, where the file holds one and nothing that is refused.
  let reading: ScikitLearnReader.Reading?
  /// `joblib` where its framing of arrays occurs, otherwise `pickle`.
  let format: String

  /// Whether the bytes are a pickle.
  ///
  /// Since protocol 2 pickles begin with a mark, and Python reads them without it too. What has none
  /// is a pickle if it calls a class or function before it turns out to be something else.
  static func isPickle(_ bytes: [UInt8], limits: Limits) -> Bool {
    guard bytes.count >= 2, let opcode = PickleOpcode(rawValue: bytes[0]) else { return false }
    if opcode == .proto { return bytes[1] <= 5 }
    var machine = PickleMachine(bytes, limits: limits)
    _ = try? machine.read()
    return machine.hasCalls
  }

  /// Reads a file's bytes.
  init(_ bytes: [UInt8], member: String?, limits: Limits) {
    var machine = PickleMachine(bytes, limits: limits)
    var findings: [Finding] = []
    var root: NodeID?
    do throws(PickleError) {
      root = try machine.read()
    } catch {
      findings.append(
        Finding(.error, "pickle.broken", error.message, member: member, offset: error.offset))
    }
    findings += Self.findings(machine, member: member)
    var reading: ScikitLearnReader.Reading?
    if let root, findings.isEmpty {
      do throws(ModelFileError) {
        reading = try ScikitLearnReader(graph: machine.graph).read(root)
      } catch {
        findings.append(
          Finding(
            .error, error.isUnsupported ? "model.unsupported" : "model.broken", error.message,
            member: member))
      }
    }
    self.findings = findings
    self.reading = reading
    format = machine.hasJoblibArrays ? "joblib" : "pickle"
  }

  /// What a file asks for that is not plain data; each name once, where it first stands.
  private static func findings(_ machine: PickleMachine, member: String?) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    for use in machine.globals where seen.insert(use.name).inserted {
      switch PickleGlobals.standing(of: use.name) {
      case .known: continue
      case .unsupported:
        findings.append(
          Finding(
            .error, "model.unsupported_estimator",
            ModelFileError.unsupportedEstimator(use.name).message, member: member,
            offset: use.offset))
      case .dangerous:
        findings.append(
          Finding(
            .critical, "code.dangerous_global",
            "loading the file would call \(use.name) (\(use.opcode))", member: member,
            offset: use.offset))
      case .unknown:
        findings.append(
          Finding(
            .critical, "code.unknown_global",
            "loading the file would use \(use.name) (\(use.opcode)), which is not known to be "
              + "harmless", member: member, offset: use.offset))
      }
    }
    for request in machine.requests where seen.insert(request.name).inserted {
      findings.append(
        Finding(
          .critical, "code.outside_request",
          "loading the file would ask the program for \(request.name) (\(request.opcode))",
          member: member, offset: request.offset))
    }
    return findings
  }
}
