internal import DataTables
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

  let link: Link
  private let transform: TransformedScores.Transform

  /// The objective of a name; `nil` where it is none.
  init?(named name: String) {
    guard let found = Self.table[name] else { return nil }
    self = found
  }

  private init(_ link: Link, _ transform: TransformedScores.Transform) {
    self.link = link
    self.transform = transform
  }

  private static let table: [String: XGBoostObjective] = Dictionary(
    uniqueKeysWithValues: [
      (["binary:logistic"], XGBoostObjective(.logOdds, .logisticPair())),
      (["reg:logistic"], XGBoostObjective(.logOdds, .logistic())),
      (
        ["count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft"],
        XGBoostObjective(.logarithm, .exponential)
      ),
      (["binary:hinge"], XGBoostObjective(.identity, .step)),
      (["multi:softprob"], XGBoostObjective(.identity, .softmax)),
      (["multi:softmax"], XGBoostObjective(.identity, .greatestPlace)),
      (
        [
          "binary:logitraw", "rank:pairwise", "rank:ndcg", "rank:map", "reg:linear",
          "reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror",
          "reg:quantileerror", "reg:expectileerror",
        ], XGBoostObjective(.identity, .identity)
      ),
    ].flatMap { names, objective in names.map { ($0, objective) } })

  /// The model that predicts by scores.
  func model(name: String, scorer: any Scorer) throws(ModelError) -> ScoringModel {
    let form: OutputForm
    switch transform {
    case .logisticPair:
      let binary = OutputForm.classes([.integer(0), .integer(1)], .shares)
      form =
        scorer.scoreCount == 1
        ? binary : .several([OutputForm](repeating: binary, count: scorer.scoreCount))
    case .softmax: form = .classes((0..<scorer.scoreCount).map { .integer(Int64($0)) }, .shares)
    default: form = .numbers(.identity)
    }
    return try ScoringModel(
      name: name, scorer: TransformedScores(scorer, transform, isSinglePrecision: true), form: form)
  }
}
