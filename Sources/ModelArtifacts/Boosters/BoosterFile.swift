internal import DataTables
internal import InputReading
internal import PredictiveModels

/// A file that a gradient-boosting library wrote, read as the model that the library would predict by.
struct BoosterFile {
  /// How the file is written, in a word: `xgboost-json`.
  let format: String
  /// The library.
  let framework: String
  /// The library's version, where the file tells it.
  let version: String?
  /// The names of the features, where the file has any.
  let featureNames: [String]?
  /// The sums that everything is made of.
  let scores: any Scorer
  /// What the library makes of them.
  let transform: TransformedScores.Transform
  /// What that means.
  let meaning: Meaning
  /// Whether the library computes in single precision.
  let isSinglePrecision: Bool
  /// The classes; `nil` where they are numbered from 0, or numbers are predicted.
  var labels: [Label]?
  /// What the sums are to be multiplied with for what the library calls them.
  var decisionFactor = 1.0
  /// The booster and what it was set up with.
  let booster: ModelDescription.Estimator
  /// The rounds of training, where the file says which one was best.
  let rounds: Rounds?
  /// What the model's trees take in memory.
  let byteCount: Int
  /// The trees that XGBoost's container of the service's predicts by.
  var servedTreeCount: Int?

  /// What a row's outputs are.
  enum Meaning: Hashable, Sendable {
    /// Numbers.
    case numbers
    /// The second one's probability, of two classes.
    case secondOfTwo
    /// A probability for each class.
    case shares
  }

  /// Rounds that were trained, and those up to the best one.
  struct Rounds: Hashable, Sendable {
    let all: Int
    let best: Int
    /// Whether those up to the best one predict here.
    let usesBest: Bool
    /// Whether the file does not tell the trees of a round, and one for each score is taken.
    let isGuess: Bool
  }

  /// A format: how it is recognised, and its reader.
  struct Format: Sendable {
    let name: String
    let fits: @Sendable (_ bytes: [UInt8]) -> Bool
    let read:
      @Sendable (_ bytes: [UInt8], _ trees: TreeChoice, _ limits: Limits) throws(ModelFormatError)
        -> BoosterFile

    /// The format, among all others.
    var ofModels: ModelFormat {
      ModelFormat(
        name: name, fits: { source, _ in fits(source.bytes) },
        read: { source, options in
          do throws(ModelFormatError) {
            return try read(source.bytes, options.trees, options.limits).reading()
          } catch {
            return ModelReading(error)
          }
        })
    }
  }

  static let formats = XGBoostModel.formats + [LightGBMModel.text, CatBoostModel.json]

  /// The format that bytes are written in; `nil` where it is none of these.
  static func format(of bytes: [UInt8]) -> Format? {
    formats.first { $0.fits(bytes) }
  }

  /// What is told of the file.
  func reading() throws(ModelFormatError) -> ModelReading {
    var description = ModelDescription(
      format: format, framework: framework, frameworkVersion: version, algorithm: booster.name,
      estimators: [booster], arrayBytes: byteCount)
    description.servedTreeCount = servedTreeCount
    return ModelReading(findings: findings, description: description, model: try model())
  }

  /// What the library's own predict returns of a row.
  var outputs: any Scorer {
    TransformedScores(scores, transform, isSinglePrecision: isSinglePrecision)
  }

  /// The model that predicts numbers or classes.
  func model() throws(ModelFormatError) -> Model {
    do throws(ModelError) {
      return try Model(featureNames: featureNames, predictor: predictor())
    } catch { throw .model(error) }
  }

  /// Predicts by the outputs as the library does by the booster alone.
  func predictor() throws(ModelError) -> ScoringModel {
    switch meaning {
    case .numbers:
      try ScoringModel(name: booster.name, scorer: outputs, form: .numbers(.identity))
    case .secondOfTwo: try classifier(of: labels ?? [.integer(0), .integer(1)])
    case .shares:
      try classifier(of: labels ?? (0..<scores.scoreCount).map { .integer(Int64($0)) })
    }
  }

  /// Predicts classes by the outputs: one for each class; or of two classes the second one's, perhaps
  /// for each of several targets.
  ///
  /// - Parameters:
  ///   - labels: The classes.
  ///   - name: The classifier's name, if it is not the booster's.
  ///   - tellsDecisions: Whether it says the sums too; those that do are in double precision.
  /// - Returns: the classifier.
  /// - Throws: `ModelError` if there are more or fewer outputs than classes.
  func classifier(
    of labels: [Label], name: String? = nil, tellsDecisions: Bool = false
  ) throws(ModelError) -> ScoringModel {
    let name = name ?? booster.name
    if tellsDecisions {
      return try ScoringModel(
        name: name, scorer: scores,
        form: .classes(
          labels,
          .function(transform, scoreCount: scores.scoreCount, decisionFactor: decisionFactor)))
    }
    let outputs = outputs
    guard meaning != .shares, labels.count == 2 else {
      return try ScoringModel(
        name: name, scorer: outputs, form: .classes(labels, .shares))
    }
    let form = OutputForm.classes(labels, .shares)
    return try ScoringModel(
      name: name,
      scorer: TransformedScores(outputs, .complemented, isSinglePrecision: isSinglePrecision),
      form: outputs.scoreCount == 1
        ? form : .several([OutputForm](repeating: form, count: outputs.scoreCount)))
  }

  /// What a reader should know besides.
  var findings: [Finding] {
    guard let rounds, rounds.best < rounds.all else { return [] }
    let used = rounds.usesBest ? "the rounds up to the best one" : "all rounds"
    let guess =
      rounds.isGuess
      ? "; the file does not tell how many trees a round has, and one for each score is taken" : ""
    return [
      Finding(
        .info, "model.early_stopping",
        "has \(String(rounds.all, of: "round")), of which the first \(rounds.best) were found best "
          + "in training; \(used) are used here: --trees best and --trees all differ"
          + guess)
    ]
  }
}

/// Which trees of an early-stopped booster predict.
public enum TreeChoice: String, CaseIterable, Hashable, Sendable {
  /// Those that the library's own predict uses.
  case library
  /// Those up to the round that was found best in training.
  case best
  /// All.
  case all
}
