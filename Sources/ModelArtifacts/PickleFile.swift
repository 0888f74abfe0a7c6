internal import InputReading
internal import PredictiveModels

/// A pickle, or a joblib file, and what was found in it.
struct PickleFile {
  let findings: [Finding]
  /// The model, where the file holds one and nothing that is refused.
  let reading: ScikitLearnReader.Reading?
  /// Where in the file's value the model stands, as Python writes it: `['model']`; `nil` where the model
  /// is the value.
  let place: String?
  /// `joblib` where its framing of arrays occurs, otherwise `pickle`.
  let format: String
  /// The programs that wrote the file, as far as it tells.
  let writers: [String]
  /// Bytes of all arrays: about what the model takes in memory.
  let arrayBytes: Int

  static let format = ModelFormat(
    name: "scikit-learn's pickles and joblib files",
    fits: { source, limits in isPickle(source.bytes, limits: limits) },
    read: { source, options in PickleFile(source.bytes, options).summary })

  /// What is told of the file.
  private var summary: ModelReading {
    ModelReading(
      findings: findings,
      description: reading.map { reading in
        ModelDescription(
          format: format, framework: reading.framework, frameworkVersion: reading.version,
          algorithm: reading.algorithm, estimators: reading.estimators, writers: writers,
          place: place, arrayBytes: arrayBytes)
      },
      model: reading?.model)
  }

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
  init(_ bytes: [UInt8], _ options: ReadingOptions) {
    var machine = PickleMachine(bytes, limits: options.limits)
    var findings: [Finding] = []
    var root: NodeID?
    do throws(PickleError) {
      root = try machine.read()
    } catch {
      findings.append(
        Finding(.error, "pickle.broken", error.message, offset: error.offset))
    }
    findings += Self.findings(machine)
    var reading: ScikitLearnReader.Reading?
    var path: String?
    if let root, findings.isEmpty {
      do throws(ModelFileError) {
        let reader = ScikitLearnReader(graph: machine.graph, options: options)
        let found = try reader.model(in: root)
        let read = try reader.read(found.id)
        reading = read
        findings += found.findings + read.findings
        path = found.path
      } catch {
        findings.append(
          Finding(
            .error, error.isUnsupported ? "model.unsupported" : "model.broken", error.message))
      }
    }
    self.findings = findings
    self.reading = reading
    place = path
    writers = machine.writers.words(protocol: machine.version)
    arrayBytes = machine.graph.arrayBytes
    format = machine.hasJoblibArrays ? "joblib" : "pickle"
  }

  /// What a file asks for that is not plain data; each name once, where it first stands.
  private static func findings(_ machine: PickleMachine) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    for use in machine.globals where seen.insert(use.name).inserted {
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
    for request in machine.requests where seen.insert(request.name).inserted {
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
    name.hasSuffix("NDArrayWrapper") && name.hasPrefix("joblib.")
      ? "the arrays stand in files of their own, as joblib before 0.10 wrote them (\(name)); "
        + "save the model with a newer one"
      : ModelFileError.unsupportedEstimator(name).message
  }
}

extension PickleMachine.Writers {
  /// The programs in a few words.
  fileprivate func words(protocol version: Int) -> [String] {
    var words = ["pickle protocol \(version)"]
    if let joblibAligns { words.append(joblibAligns ? "joblib 1.2 or later" : "joblib before 1.2") }
    if let numPy { words.append(numPy == 2 ? "numpy 2" : "numpy 1") }
    return words
  }
}

extension PickleGraph {
  /// Bytes of all arrays and byte strings.
  fileprivate var arrayBytes: Int {
    nodes.reduce(0) { total, node in
      switch node {
      case .bytes(let bytes): total + bytes.count
      case .array(let array):
        if case .bytes(let bytes) = array.storage { total + bytes.count } else { total }
      default: total
      }
    }
  }
}
