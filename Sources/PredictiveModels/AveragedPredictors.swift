public import DataTables

/// Several predictors of one target, or of the same numbers, each heard with a weight: bagging and voting.
public struct AveragedPredictors: CompositePredictor {
  /// A predictor among others.
  public struct Member: Sendable {
    /// The predictor.
    public var predictor: any Predictor
    /// The columns that it is given, in its order; `nil` for all.
    public var columns: [Int]?
    /// What it is heard with; not below 0.
    public var weight: Double
    /// Which of all classes each of its own is; empty where it predicts numbers.
    public var places: [Int]

    /// Creates a member.
    public init(
      predictor: any Predictor, columns: [Int]? = nil, weight: Double = 1, places: [Int] = []
    ) {
      self.predictor = predictor
      self.columns = columns
      self.weight = weight
      self.places = places
    }
  }

  /// How members are heard.
  public enum Rule: Sendable, Hashable {
    /// The mean of their numbers.
    case numbers
    /// The mean of their probabilities.
    case probabilities
    /// The class that most predict, the first of equal ones; what share that is, is told or not.
    case votes(tellsShares: Bool)
  }

  /// The algorithm's name.
  public let name: String
  /// What is predicted.
  public let targets: [Target]
  /// The number of columns.
  public let featureCount: Int?
  private let members: [Member]
  private let rule: Rule

  /// All members' predictors.
  public var parts: [any Predictor] { members.map(\.predictor) }
  /// Whether it says probabilities.
  public var hasProbabilities: Bool { rule == .probabilities || rule == .votes(tellsShares: true) }
  /// Whether it says what it decides by: the mean of what its members decide by.
  public let hasDecisions: Bool

  /// Creates a predictor.
  ///
  /// - Parameters:
  ///   - name: The algorithm's name.
  ///   - members: At least one; of classifiers or regressors of one target.
  ///   - classes: A classifier's classes; `nil` for a regressor.
  ///   - rule: How members are heard.
  ///   - tellsDecisions: Whether the mean of what members decide by is told, where all say it.
  ///   - featureCount: The number of columns, where members do not tell it.
  /// - Throws: ``ModelError`` if members do not fit one another, the classes or the rule.
  public init(
    name: String, members: [Member], classes: [Label]?, rule: Rule, tellsDecisions: Bool = false,
    featureCount: Int?
  ) throws(ModelError) {
    let total = members.reduce(0) { $0 + $1.weight }
    guard !members.isEmpty, total.isFinite, total > 0, members.allSatisfy({ $0.weight >= 0 }) else {
      throw .badShape("\(name) has no members, or weights that are none")
    }
    guard classes.map({ !$0.isEmpty && Set($0).count == $0.count }) ?? true else {
      throw .badShape("\(name) needs different classes")
    }
    var count = featureCount
    for member in members {
      if let columns = member.columns {
        guard let featureCount, columns.allSatisfy({ (0..<featureCount).contains($0) }),
          member.predictor.featureCount ?? columns.count == columns.count
        else { throw .badShape("\(name) has a member of columns that there are not") }
      } else if let takes = member.predictor.featureCount {
        guard count ?? takes == takes else {
          throw .stepWidth(step: member.predictor.name, takes: takes, given: count ?? 0)
        }
        count = takes
      }
      if let classes {
        guard let own = member.predictor.classes, own.count == member.places.count,
          member.places.allSatisfy({ classes.indices.contains($0) }),
          rule != .probabilities || member.predictor.hasProbabilities
        else { throw .badShape("\(name) has a member that predicts other classes") }
      } else {
        guard member.predictor.targets.allSatisfy({ $0 == .number }),
          member.predictor.targets.count == members[0].predictor.targets.count
        else { throw .badShape("\(name) has a member that does not predict the same numbers") }
      }
    }
    guard (classes == nil) == (rule == .numbers) else {
      throw .badShape("\(name) averages what its members do not say")
    }
    self.name = name
    self.members = members
    self.rule = rule
    self.featureCount = count
    hasDecisions =
      tellsDecisions
      && members.allSatisfy { member in
        member.predictor.hasDecisions && member.places == classes.map { Array($0.indices) }
      }
    targets = classes.map { [.classes($0)] } ?? members[0].predictor.targets
  }

  /// Predicts rows.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    let width = classes?.count ?? targets.count
    var sums = [Double](repeating: 0, count: features.rowCount * width)
    var total = 0.0
    var decisions: [Double] = []
    for member in members {
      let matrix = member.columns.map { features.selecting(columns: $0) } ?? features
      let output = try member.predictor.predict(matrix)
      total += member.weight
      if hasDecisions, let own = output.decisions {
        if decisions.isEmpty { decisions = [Double](repeating: 0, count: own.count) }
        for (index, decision) in own.enumerated() { decisions[index] += member.weight * decision }
      }
      switch rule {
      case .numbers:
        for (target, numbers) in output.targets.enumerated() {
          for (row, number) in (numbers.numbers ?? []).enumerated() {
            sums[row * width + target] += member.weight * number
          }
        }
      case .votes:
        for (row, code) in (output.codes ?? []).enumerated() {
          sums[row * width + member.places[Int(code)]] += member.weight
        }
      case .probabilities:
        let own = member.places.count
        for (index, share) in (output.probabilities ?? []).enumerated() {
          sums[index / own * width + member.places[index % own]] += member.weight * share
        }
      }
    }
    if total != 1 { for index in sums.indices { sums[index] /= total } }
    guard let classes else {
      return OutputForm.numbers(.identity).output(of: sums, scoreCount: width)
    }
    for index in decisions.indices { decisions[index] /= total }
    return ModelOutput(
      classes: classes, codes: greatestPlaces(sums, width: width),
      probabilities: hasProbabilities ? sums : nil, decisions: hasDecisions ? decisions : nil)
  }
}
