internal import EvaluationMetrics

extension ReportFormat {
  /// One object of names and numbers, as `mlflow.log_metrics` takes it.
  static let mlflow = ReportFormat(
    "mlflow", "names and numbers for mlflow.log_metrics", of: { $0 is any MeasuredReport.Type }
  ) { report, _ in (report as? any MeasuredReport)?.trackedMetrics.text }
}

extension MeasuredReport {
  /// Every metric that is defined, the ends of its interval, and the same of every slice:
  /// `accuracy`, `accuracy.low`, `slice/region/eu/accuracy`.
  ///
  /// MLflow shows names together that have the same words before a slash, and keeps what stands
  /// before one as a folder, so that no metric is called as another one's folder. Of names that are
  /// the same once the characters that MLflow takes are left, the first counts.
  fileprivate var trackedMetrics: JSONText {
    var members: [(String, JSONText)] = []
    var names: Set<String> = []
    func add(_ evaluation: Evaluation, before prefix: String) {
      for entry in evaluation.entries {
        let values = [
          ("", entry.value.number), (".low", entry.interval?.low), (".high", entry.interval?.high),
        ]
        for (suffix, value) in values {
          let name = MLflowName.of(prefix + entry.metric.id + suffix)
          if let value, names.insert(name).inserted { members.append((name, .number(value))) }
        }
      }
    }
    if let measured { add(measured, before: "") }
    for slice in measuredSlices {
      let parts = zip(slice.columns, slice.values).flatMap { [$0, $1] }
      add(
        slice.evaluation,
        before: "slice/" + parts.map { $0.replacing("/", with: "_") + "/" }.joined())
    }
    return .object(members)
  }
}

/// What MLflow takes as the name of a metric.
///
/// Source: mlflow/utils/validation.py of MLflow 3.17.2: letters, digits, `_`, `-`, `.`, blanks, `:`
/// and `/`; no path that leads upwards or begins at the root; 250 letters at most.
enum MLflowName {
  private static let longest = 250

  static func of(_ text: String) -> String {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { part in
      var name = ""
      for scalar in part.unicodeScalars {
        name.unicodeScalars.append(isTaken(scalar) ? scalar : "_")
      }
      return name.allSatisfy { $0 == "." } ? "_" : name
    }
    return String(parts.joined(separator: "/").prefix(longest))
  }

  private static func isTaken(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: "_-. :".unicodeScalars.contains(scalar)
    }
  }
}
