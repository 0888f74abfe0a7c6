public import DataTables
public import InputReading
public import TableFiles
internal import Yams

/// What `assay.yaml` says: where the job's files are, and what is required of the model.
public struct Settings: Sendable {
  /// Whether the model must run.
  public enum Inference: String, Hashable, Sendable, CaseIterable {
    /// An artifact that Assay cannot run leaves the question open.
    case required
    /// Such an artifact is passed over.
    case optional
  }

  /// The job's description.
  public var job: String?
  /// The model's artifact.
  public var artifact: String?
  /// Logs, or folders of logs.
  public var logs: [String] = []
  /// Files of metrics.
  public var metrics: [String] = []
  /// The predictions.
  public var predictions: String?
  /// Features and labels to predict and evaluate.
  public var holdout: String?
  /// The rows that the model was trained on, none of which may be held-out rows.
  public var trainingData: String?
  /// Features with recorded outputs.
  public var sample: String?
  /// Where the report goes.
  public var output: String?
  /// Which columns of the predictions mean what.
  public var columns = PredictionColumns()
  /// The positive class.
  public var positiveLabel: Label?
  /// The cut between negative and positive scores.
  public var threshold: Double?
  /// What is required, in order.
  public var gates: [Gate] = []
  /// The metrics of an earlier model.
  public var baseline: String?
  /// Whether there is no earlier model yet; a baseline that is not there is then none.
  public var isFirstRun = false
  /// How far a claim may lie from the recomputed value besides its rounding.
  public var tolerance = 0.0
  /// Whether the model must run.
  public var inference = Inference.required
  /// Whether a job that was stopped may be approved.
  public var allowsStopped = false

  /// Creates settings that name nothing and require nothing.
  public init() {}

  /// Reads a settings file; its paths are relative to its own folder.
  ///
  /// - Throws: ``SettingsError`` with the line.
  public init(path: String, limits: Limits = .standard) throws(VerificationError) {
    let text: String
    do throws(InputError) {
      text = try InputFile.text(of: path, limit: limits.textSize)
    } catch { throw .input(error) }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    do throws(SettingsError) {
      try self.init(yaml: text, at: Place(path), folder: folder)
    } catch { throw .settings(error) }
  }

  init(yaml text: String, at place: Place, folder: String) throws(SettingsError) {
    self.init()
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw .notYAML(place, error)
    } catch {
      throw .notYAML(place, line: 1, reason: "\(error)")
    }
    // A file of comments has no value.
    guard let root else { return }
    guard let mapping = root.mapping else { throw .wrongKind(place, key: "", expected: "keys") }
    let reader = SettingsReader(place: place, folder: folder)
    for (key, value) in mapping {
      try apply(key.string ?? "", value, at: key.mark, reader)
    }
  }

  private mutating func apply(
    _ key: String, _ value: Node, at mark: Mark?, _ reader: SettingsReader
  ) throws(SettingsError) {
    switch key {
    case "job": job = try reader.path(value, key)
    case "artifact": artifact = try reader.path(value, key)
    case "logs": logs = try reader.paths(value, key)
    case "metrics": metrics = try reader.paths(value, key)
    case "predictions": predictions = try reader.path(value, key)
    case "holdout": holdout = try reader.path(value, key)
    case "training_data": trainingData = try reader.path(value, key)
    case "sample": sample = try reader.path(value, key)
    case "output": output = try reader.path(value, key)
    case "columns":
      guard let mapping = value.mapping else {
        throw reader.wrongKind(value, key, "names of columns")
      }
      for (role, name) in mapping {
        let column = try reader.text(name, "columns.\(role.string ?? "")")
        switch role.string ?? "" {
        case "label": columns.label = column
        case "score": columns.score = column
        case "prediction": columns.prediction = column
        case "weight": columns.weight = column
        case "id": columns.id = column
        case let unknown:
          throw reader.unknownKey(
            unknown, at: role.mark, known: ["label", "score", "prediction", "weight", "id"])
        }
      }
    case "positive_label":
      let text = try reader.text(value, key)
      do throws(Label.Fault) {
        positiveLabel = try Label(text)
      } catch { throw reader.wrongKind(value, key, "a class label") }
    case "threshold": threshold = try reader.number(value, key)
    case "tolerance":
      tolerance = try reader.number(value, key)
      guard tolerance >= 0 else { throw reader.wrongKind(value, key, "a number from 0 up") }
    case "gates":
      guard let sequence = value.sequence else {
        throw reader.wrongKind(value, key, "a list such as '- accuracy > 0.90'")
      }
      for item in sequence {
        let text = try reader.text(item, key)
        do throws(GateError) {
          let gate = try Gate(text)
          if !gates.contains(gate) { gates.append(gate) }
        } catch { throw .badGate(reader.place(item), error) }
      }
    case "baseline": baseline = try reader.path(value, key)
    case "inference":
      guard let inference = Inference(rawValue: try reader.text(value, key)) else {
        throw reader.wrongKind(value, key, "'required' or 'optional'")
      }
      self.inference = inference
    default:
      throw reader.unknownKey(key, at: mark, known: SettingsKey.all.map(\.name))
    }
  }
}

/// Reads the values of a settings file.
private struct SettingsReader {
  let place: Place
  let folder: String

  func place(_ node: Node) -> Place { place.at(.line(node.mark?.line ?? 1)) }

  func wrongKind(_ node: Node, _ key: String, _ expected: String) -> SettingsError {
    .wrongKind(place(node), key: key, expected: expected)
  }

  func unknownKey(_ key: String, at mark: Mark?, known: [String]) -> SettingsError {
    .unknownKey(place.at(.line(mark?.line ?? 1)), key: key, known: known)
  }

  func text(_ node: Node, _ key: String) throws(SettingsError) -> String {
    guard let text = node.scalar?.string, !text.isEmpty else {
      throw wrongKind(node, key, "a text")
    }
    return text
  }

  func number(_ node: Node, _ key: String) throws(SettingsError) -> Double {
    guard let text = node.scalar?.string, let value = Double(decimal: text) else {
      throw wrongKind(node, key, "a number")
    }
    return value
  }

  func path(_ node: Node, _ key: String) throws(SettingsError) -> String {
    let path = try text(node, key)
    return path.hasPrefix("/") ? path : folder + path
  }

  func paths(_ node: Node, _ key: String) throws(SettingsError) -> [String] {
    guard let sequence = node.sequence else { return [try path(node, key)] }
    var paths: [String] = []
    for item in sequence { paths.append(try path(item, key)) }
    return paths
  }
}

/// What is wrong with a settings file.
public enum SettingsError: DiagnosedError, Hashable {
  /// The file is not YAML.
  case notYAML(Place, reason: String)
  /// A key is none that settings have.
  case unknownKey(Place, key: String, known: [String])
  /// A key's value is of another kind.
  case wrongKind(Place, key: String, expected: String)
  /// A gate cannot be read.
  case badGate(Place, GateError)

  fileprivate static func notYAML(_ place: Place, line: Int, reason: String) -> SettingsError {
    .notYAML(place.at(.line(line)), reason: reason)
  }

  fileprivate static func notYAML(_ place: Place, _ error: YamlError) -> SettingsError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      .notYAML(place, line: mark.line, reason: problem)
    case .reader(let problem, let offset, _, _):
      .notYAML(place.at(.byte(offset ?? 0)), reason: problem)
    case .duplicatedKeysInMapping(let keys, let context):
      .notYAML(
        place, line: context.mark.line,
        reason: "a key stands twice: \(keys.joined(separator: ", "))")
    default: .notYAML(place, reason: "the parser gives no reason")
    }
  }

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    switch self {
    case .notYAML(let place, let reason):
      Diagnostic("is not YAML: \(reason)", at: place, hint: "mend the line")
    case .unknownKey(let place, let key, let known):
      Diagnostic(
        "'\(key)' is no setting", at: place,
        hint: NearestName.of(key, among: known).map { "did you mean '\($0)'?" }
          ?? "settings are \(known.joined(separator: ", "))")
    case .wrongKind(let place, let key, let expected):
      Diagnostic(key.isEmpty ? "has no keys" : "'\(key)' is not \(expected)", at: place)
    case .badGate(let place, let error):
      Diagnostic(error.message, at: place, hint: error.hint)
    }
  }
}
