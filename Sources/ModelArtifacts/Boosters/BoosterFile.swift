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
  let model: Model
  /// The booster and what it was set up with.
  let booster: ModelDescription.Estimator
  /// The rounds of training, where the file says which one was best.
  let rounds: Rounds?
  /// What the model's trees take in memory.
  let byteCount: Int

  /// Rounds that were trained, and those up to the best one.
  struct Rounds: Hashable, Sendable {
    let all: Int
    let best: Int
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
            return try read(source.bytes, options.trees, options.limits).reading(options.trees)
          } catch {
            return ModelReading(error)
          }
        })
    }
  }

  static let formats = XGBoostModel.formats + [LightGBMModel.text]

  /// The format that bytes are written in; `nil` where it is none of these.
  static func format(of bytes: [UInt8]) -> Format? {
    formats.first { $0.fits(bytes) }
  }

  /// What is told of the file.
  func reading(_ trees: TreeChoice) -> ModelReading {
    ModelReading(
      findings: findings(trees),
      description: ModelDescription(
        format: format, framework: framework, frameworkVersion: version, algorithm: booster.name,
        estimators: [booster], arrayBytes: byteCount),
      model: model)
  }

  /// What a reader should know besides.
  func findings(_ trees: TreeChoice) -> [Finding] {
    guard let rounds, rounds.best < rounds.all else { return [] }
    let used = trees == .best ? "the rounds up to the best one" : "all rounds"
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
