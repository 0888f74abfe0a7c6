internal import Glibc
internal import PredictiveModels

/// What a booster's scores mean by its objective.
///
/// Source: XGBoost 3.2, src/objective.
struct XGBoostObjective: Sendable {
  /// What `base_score`, which is a prediction, is as a score.
  enum Link: Sendable {
    case identity
    case logOdds
    case logarithm

    func score(of prediction: Float) -> Float {
      switch self {
      case .identity: prediction
      case .logOdds: -logf(1 / prediction - 1)
      case .logarithm: logf(prediction)
      }
    }
  }

  private let link: Link
  private let linkBefore13: Link
  /// What the library makes of scores.
  let transform: TransformedScores.Transform
  /// What comes of it.
  let meaning: BoosterFile.Meaning

  /// The objective of a name; `nil` where it is none.
  init?(named name: String) {
    guard let found = Self.table[name] else { return nil }
    self = found
  }

  /// What `base_score` is in files of a version.
  func link(of version: [Int]) -> Link {
    version.lexicographicallyPrecedes([1, 3]) ? linkBefore13 : link
  }

  private init(
    _ link: Link, _ transform: TransformedScores.Transform,
    _ meaning: BoosterFile.Meaning = .numbers, linkBefore13: Link? = nil
  ) {
    self.link = link
    self.linkBefore13 = linkBefore13 ?? link
    self.transform = transform
    self.meaning = meaning
  }

  private static let table: [String: XGBoostObjective] = Dictionary(
    uniqueKeysWithValues: [
      (["binary:logistic"], XGBoostObjective(.logOdds, .logistic(), .secondOfTwo)),
      (["reg:logistic"], XGBoostObjective(.logOdds, .logistic())),
      (
        ["count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft"],
        XGBoostObjective(.logarithm, .exponential)
      ),
      (["binary:hinge"], XGBoostObjective(.identity, .step)),
      (["multi:softprob"], XGBoostObjective(.identity, .softmax, .shares)),
      (["multi:softmax"], XGBoostObjective(.identity, .greatestPlace)),
      (
        ["binary:logitraw"], XGBoostObjective(.identity, .identity, linkBefore13: .logOdds)
      ),
      (
        [
          "rank:pairwise", "rank:ndcg", "rank:map", "reg:linear",
          "reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror",
          "reg:quantileerror", "reg:expectileerror",
        ], XGBoostObjective(.identity, .identity)
      ),
    ].flatMap { names, objective in names.map { ($0, objective) } })
}
