public import InputReading

/// A metric that a job defines: a name, and the regular expression whose first group is its value.
public struct MetricDefinition: Hashable, Sendable {
  /// The metric's name, `validation:auc`.
  public let name: String
  /// The regular expression.
  public let pattern: String

  /// Creates a definition.
  public init(name: String, pattern: String) {
    self.name = name
    self.pattern = pattern
  }

  /// The definitions in a list of objects with `Name` and `Regex`; others are passed over.
  static func all(in list: RecordNode?) -> [MetricDefinition] {
    (list?.elements ?? []).compactMap { entry in
      guard let name = entry["Name"]?.string, let pattern = entry["Regex"]?.text else {
        return nil
      }
      return MetricDefinition(name: name, pattern: pattern)
    }
  }
}

/// A file of metric definitions: a job's description, what a job is created from, or a bare list.
public struct MetricDefinitionFile: Hashable, Sendable {
  /// The definitions, in the file's order.
  public let definitions: [MetricDefinition]
  /// The library that the job's image is of, where the file names one.
  public let framework: Framework?
  /// Whether they are a built-in algorithm's, which defines every metric that it could ever print.
  public let areBuiltIn: Bool

  /// Reads a file in JSON or YAML.
  ///
  /// - Throws: ``JobRecordError`` if it cannot be read, or has no definitions.
  public init(path: String, limits: Limits = .standard) throws(JobRecordError) {
    let place = Place(path)
    let root = try RecordNode(path: path, limits: limits)
    let algorithm = root["AlgorithmSpecification"] ?? root
    let image = (algorithm["TrainingImage"] ?? algorithm["image_uri"])?.string
    framework = image.flatMap(Framework.init(image:))
    areBuiltIn =
      image != nil && framework?.isBuiltIn == true
      && root["HyperParameters"]?["sagemaker_program"] == nil
    definitions = MetricDefinition.all(
      in: algorithm["MetricDefinitions"] ?? algorithm["metric_definitions"] ?? root)
    guard !definitions.isEmpty else { throw .noDefinitions(place) }
  }
}
