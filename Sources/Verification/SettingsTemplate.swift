internal import DataTables
internal import EvaluationMetrics
public import InputReading
internal import TableFiles
internal import TrainingRecords

/// A commented `assay.yaml` for a job's folder, from what is found in it.
public struct SettingsTemplate: Sendable {
  /// The file's text.
  public let text: String

  /// Looks into a folder.
  ///
  /// Files that are found are named; the columns are those that the usual names tell. Gates are those
  /// of a baseline, `constraints.json`; others are proposed as comments, since nobody but the user
  /// knows what is required.
  ///
  /// - Throws: ``VerificationError`` if the folder cannot be read, or a file in it that tells what to
  ///   write is malformed.
  public init(folder path: String, limits: Limits = .standard) throws(VerificationError) {
    let folder = try JobFolder(path: path)
    let found = try Settings().completed(from: folder)
    let evaluation = try found.predictions.map { path throws(VerificationError) in
      try EvaluatedColumns(path, limits: limits)
    }
    let required = try folder.file("constraints.json").map { path throws(VerificationError) in
      try Self.gateLines(ofBaseline: path, limits: limits)
    }
    func name(_ path: String) -> String { String(path.dropFirst(folder.path.count)) }
    var blocks = [Self.introduction]
    for key in SettingsKey.all {
      var lines = Self.comment(key.meaning)
      switch key.name {
      case "job": lines += Self.path(key, found.job.map(name), usual: "training-job.json")
      case "artifact": lines += Self.path(key, found.artifact.map(name), usual: "model.tar.gz")
      case "logs": lines += Self.paths(key, found.logs.map(name), usual: "logs")
      case "metrics": lines += Self.paths(key, found.metrics.map(name), usual: "metrics.json")
      case "predictions":
        lines += Self.path(key, found.predictions.map(name), usual: "predictions.csv")
      case "holdout": lines += Self.path(key, found.holdout.map(name), usual: "holdout.csv")
      case "training_data": lines.append("# training_data: training.csv")
      case "sample": lines += Self.path(key, found.sample.map(name), usual: "sample.csv")
      case "columns": lines += evaluation?.columnLines ?? ["# columns: {label: label}"]
      case "positive_label": lines += evaluation?.positiveLines ?? ["# positive_label: 1"]
      case "threshold": lines.append("# threshold: 0.5")
      case "gates":
        lines += (required ?? ["gates: []"]) + (evaluation?.gateLines ?? ["#   - accuracy > 0.90"])
      case "baseline": lines.append("# baseline: baseline.json")
      case "tolerance": lines.append("# tolerance: 0")
      case "inference": lines.append("# inference: required")
      default: lines.append("# \(key.name): report.txt")
      }
      blocks.append(lines.joined(separator: "\n"))
    }
    text = blocks.joined(separator: "\n\n") + "\n"
  }

  private static let introduction = """
    # Settings of 'assay verify' for this folder. What is commented shows what holds without it, or
    # an example. 'assay init --schema' prints the JSON Schema of this file.
    """

  /// What a baseline of Model Monitor requires, as gates.
  private static func gateLines(
    ofBaseline path: String, limits: Limits
  ) throws(VerificationError) -> [String] {
    let requirements: [MonitorConstraints.Requirement]
    do throws(InputError) {
      requirements = MonitorConstraints(try JSONDocument(path: path, limits: limits)).requirements
    } catch { throw .input(error) }
    guard !requirements.isEmpty else { return ["gates: []"] }
    return ["gates:", "  # These are the baseline's, of constraints.json."]
      + requirements.map { "  - \($0.gate)" }
  }

  /// A sentence as lines of comment.
  private static func comment(_ sentence: String) -> [String] {
    var lines: [String] = []
    for word in sentence.split(separator: " ") {
      if let last = lines.last, last.count + word.count < widest {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append("# \(word)")
      }
    }
    return lines
  }

  private static let widest = 99

  private static func path(_ key: SettingsKey, _ found: String?, usual: String) -> [String] {
    [found.map { "\(key.name): \(quoted($0))" } ?? "# \(key.name): \(usual)"]
  }

  private static func paths(_ key: SettingsKey, _ found: [String], usual: String) -> [String] {
    guard !found.isEmpty else { return ["# \(key.name): [\(usual)]"] }
    return ["\(key.name):"] + found.map { "  - \(quoted($0))" }
  }

  /// A class label as YAML has it.
  fileprivate static func written(_ label: Label) -> String {
    if case .integer = label { "\(label)" } else { quoted("\(label)") }
  }

  /// A text as YAML has it, in quotation marks where it could be read as something else.
  fileprivate static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        || "._-/".unicodeScalars.contains($0)
    }
    let words: Set<String> = ["yes", "no", "on", "off", "true", "false", "null", "y", "n"]
    if isPlain, text.first?.isLetter == true, !words.contains(text.lowercased()) { return text }
    return "'" + text.replacing("'", with: "''") + "'"
  }
}

/// What a file of predictions tells of its columns, classes and metrics.
private struct EvaluatedColumns {
  let columnLines: [String]
  let positiveLines: [String]
  let gateLines: [String]

  init(_ path: String, limits: Limits) throws(VerificationError) {
    let file = try PredictionFile.read(
      TableInput(path: path), columns: PredictionColumns(), limits: limits)
    columnLines =
      ["columns:"]
      + file.usedColumns.map { "  \($0.role): \(SettingsTemplate.quoted($0.name))" }
    var evaluation = try? Evaluation(of: file.rows)
    if let positive = evaluation?.positiveLabel {
      positiveLines = ["# positive_label: \(SettingsTemplate.written(positive))"]
    } else if let table = file.rows.classTable, table.classes.count == 2 {
      // Which class is positive cannot be told; the last is as good a guess as any, and said to be one.
      let guess = table.classes[1]
      let labels = table.classes.map { "'\($0)'" }.joined(separator: " or ")
      positiveLines = [
        "# Check this: it is \(labels).", "positive_label: \(SettingsTemplate.written(guess))",
      ]
      evaluation = try? Evaluation(
        of: file.rows, options: EvaluationOptions(positiveLabel: guess))
    } else {
      positiveLines = ["# positive_label: 1"]
    }
    let shown = ["accuracy", "f1", "f1_macro", "roc_auc", "r2"].compactMap { name in
      evaluation?[name]?.number.map {
        "#   - \(name) > 0.90    # the predictions give \(($0 * 1e6).rounded() / 1e6)"
      }
    }
    gateLines = shown.isEmpty ? ["#   - accuracy > 0.90"] : shown
  }
}
