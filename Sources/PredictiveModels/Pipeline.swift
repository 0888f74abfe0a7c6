public import DataTables

/// Steps one after another, as one step.
public struct StepSequence: PreprocessingStep {
  /// The steps.
  public let steps: [any PreprocessingStep]
  /// The sequence's name.
  public let name: String
  /// The number of columns that the first step takes.
  public let inputCount: Int?
  /// The number of columns that the last step gives.
  public let outputCount: Int?

  /// The steps look at missing values themselves.
  public var acceptsMissingValues: Bool { true }
  /// The texts of all steps.
  public var texts: [String] { steps.flatMap(\.texts) }

  /// The columns that the first step does not look at.
  public var ignoredColumns: Set<Int> { steps.first?.ignoredColumns ?? [] }

  /// The first step's columns of text, and those that become columns of text for later ones.
  public func textInputs(for outputs: Set<Int>) -> Set<Int> {
    steps.reversed().reduce(outputs) { $1.textInputs(for: $0) }
  }

  /// Creates a sequence; those inside it are unfolded.
  ///
  /// - Throws: ``ModelError/stepWidth(step:takes:given:)`` if a step does not give the number of
  ///   columns that the next one takes.
  public init(_ steps: [any PreprocessingStep], name: String = "Pipeline") throws(ModelError) {
    self.name = name
    self.steps = steps.flatMap { ($0 as? StepSequence)?.steps ?? [$0] }
    var input: Int?
    var width: Int?
    // Whether the first step is still given what the sequence is.
    var isOpen = true
    for step in self.steps {
      if let takes = step.inputCount {
        if let width, takes != width {
          throw .stepWidth(step: step.name, takes: takes, given: width)
        }
        if isOpen, input == nil { input = takes }
        width = takes
      }
      if let gives = step.outputCount {
        width = gives
        isOpen = false
      }
    }
    inputCount = input
    outputCount = isOpen && input == nil ? nil : width
  }

  /// Applies the steps in order.
  public func apply(to features: inout FeatureMatrix) throws(PredictionError) {
    for step in steps { try step.transform(&features) }
  }
}

/// Steps, and what predicts from what they make.
public struct Pipeline: Predictor {
  /// What happens to features before they are predicted from, in order.
  public let steps: [any PreprocessingStep]
  /// What predicts.
  public let predictor: any Predictor
  private let sequence: StepSequence
  /// The number of columns that the first step takes.
  public let featureCount: Int?

  /// The predictor's name.
  public var name: String { predictor.name }
  /// What the predictor predicts.
  public var targets: [Target] { predictor.targets }
  /// Whether the predictor says probabilities.
  public var hasProbabilities: Bool { predictor.hasProbabilities }
  /// Whether the predictor says what it decides by.
  public var hasDecisions: Bool { predictor.hasDecisions }
  /// Steps and predictor look at missing values themselves.
  public var acceptsMissingValues: Bool { true }
  /// The number of the predictor's trees.
  public var treeCount: Int? { predictor.treeCount }
  /// The steps' and the predictor's columns of text.
  public var textColumns: Set<Int> { sequence.textInputs(for: predictor.textColumns) }
  /// The columns that the first step, or without one the predictor, does not look at.
  public var ignoredColumns: Set<Int> {
    steps.isEmpty ? predictor.ignoredColumns : sequence.ignoredColumns
  }
  /// The steps' and the predictor's texts.
  public var texts: [String] { sequence.texts + predictor.texts }

  /// Creates a pipeline; those inside it are unfolded.
  ///
  /// - Throws: ``ModelError/stepWidth(step:takes:given:)`` if a step does not give the number of
  ///   columns that the next one takes.
  public init(
    steps: [any PreprocessingStep], predictor: any Predictor
  ) throws(ModelError) {
    let inner = predictor as? Pipeline
    sequence = try StepSequence(steps + (inner?.steps ?? []))
    self.steps = sequence.steps
    self.predictor = inner?.predictor ?? predictor
    let takes = self.predictor.featureCount
    if let takes, let given = sequence.outputCount, takes != given {
      throw .stepWidth(step: self.predictor.name, takes: takes, given: given)
    }
    featureCount = sequence.inputCount ?? (sequence.outputCount == nil ? takes : nil)
  }

  /// Predicts rows.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    guard !steps.isEmpty else { return try predictor.predict(features) }
    var features = features
    try sequence.transform(&features)
    return try predictor.predict(features)
  }
}
