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
  /// What the file holds instead of a model: a step that transforms.
  private let step: ScikitLearnObject?
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
        var description = ModelDescription(
          format: format, framework: reading.framework, frameworkVersion: reading.version,
          algorithm: reading.algorithm, estimators: reading.estimators, writers: writers,
          place: place, arrayBytes: arrayBytes)
        description.servedTreeCount = reading.servedTreeCount
        return description
      }
        ?? step.map { step in
          ModelDescription(
            format: format, framework: "scikit-learn",
            frameworkVersion: step.text("_sklearn_version"), algorithm: step.kind,
            estimators: [
              ModelDescription.Estimator(name: step.kind, parameters: step.parameters)
            ], writers: writers, arrayBytes: arrayBytes)
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
    findings += machine.findings()
    var reading: ScikitLearnReader.Reading?
    var path: String?
    var step: ScikitLearnObject?
    if let root, findings.isEmpty {
      do throws(ModelFileError) {
        let reader = ScikitLearnReader(graph: machine.graph, options: options)
        let found = try reader.model(in: root)
        let read = try reader.read(found.id)
        reading = read
        findings += found.findings + read.findings
        path = found.path
      } catch {
        if case .onlyStep = error { step = try? ScikitLearnObject(machine.graph, root) }
        findings.append(
          Finding(
            .error, error.isUnsupported ? "model.unsupported" : "model.broken", error.message))
      }
    }
    self.findings = findings
    self.reading = reading
    place = path
    self.step = step
    writers = machine.writerNames
    arrayBytes = machine.graph.arrayBytes
    format = machine.hasJoblibArrays ? "joblib" : "pickle"
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
