/// What the service's container of a model's library makes of an artifact.
///
/// Sources: aws/sagemaker-xgboost-container at cb8df91, algorithm_mode/serve_utils.py; the service's
/// documentation of Linear Learner's response and of the other frameworks' containers.
public struct Serving: Hashable, Sendable {
  /// The container, by its library.
  public let container: String
  /// The members that it loads; none where a script of the user's loads what it wants.
  public let files: [String]
  /// Whether it loads the same wherever the archive is unpacked; `nil` where a script decides.
  public let isDeterministic: Bool?
  /// The trees that predict; `nil` where there are none, or a script decides.
  public let treeCount: Int?
  /// What it answers with.
  public let answer: String
  /// Where that is not what is evaluated here, or does not work: a sentence each.
  public let differences: [String]

  /// What a container sees of an artifact.
  fileprivate struct Contents {
    /// The files, by their paths without `./`.
    let files: [String]

    init(_ members: [Member]) {
      files = members.filter { ![.folder, .link, .special].contains($0.kind) }.map { member in
        member.path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
      }
    }

    /// Those in the root, but for those that begin with a dot.
    var roots: [String] { files.filter { !$0.contains("/") && !$0.hasPrefix(".") } }
    /// Whether there is a script to load the model with.
    var hasScript: Bool { files.contains { $0.hasPrefix("code/") && $0.hasSuffix(".py") } }
  }

  /// A container of the service's.
  private struct Container: Sendable {
    /// How libraries' names begin whose models it serves.
    let library: String
    let serve: @Sendable (Contents, ModelDescription, _ treeCount: Int?) -> Serving?
  }

  private static let containers = [
    Container(library: "XGBoost", serve: xgboost),
    Container(library: "MXNet", serve: linearLearner),
    Container(library: "TensorFlow", serve: tensorFlow),
    Container(library: "scikit-learn", serve: script),
    Container(library: "LightGBM", serve: script),
    Container(library: "CatBoost", serve: script), Container(library: "PyTorch", serve: script),
  ]

  /// What becomes of an artifact.
  ///
  /// - Parameters:
  ///   - members: The artifact's members.
  ///   - description: Its model.
  ///   - treeCount: The trees that predict here.
  /// - Returns: what the container makes of it; `nil` where there is none for the model's library.
  static func of(
    _ members: [Member], _ description: ModelDescription, treeCount: Int?
  ) -> Serving? {
    containers.first { description.framework.hasPrefix($0.library) }?
      .serve(Contents(members), description, treeCount)
  }

  // MARK: Containers

  /// It loads every file of the root and averages their predictions; before its ensembles, and without
  /// them, the one that the file system lists first.
  private static func xgboost(
    _ contents: Contents, _ description: ModelDescription, _ treeCount: Int?
  ) -> Serving {
    guard !contents.hasScript else { return script(contents, description, treeCount) }
    let roots = contents.roots
    var differences: [String] = []
    if roots.isEmpty {
      differences.append("the XGBoost container finds no model: no file lies in the archive's root")
    } else if roots.count > 1 {
      differences.append(
        "the XGBoost container takes each of \(roots.count) files in the archive's root for a model "
          + "and averages them, or takes the one that the file system lists first where ensembles "
          + "are off or not known; one is evaluated here")
    } else if let member = description.member, !contents.isSame(member, roots[0]) {
      differences.append(
        "the XGBoost container loads '\(roots[0])', and '\(member)' is evaluated here")
    }
    if ["pickle", "joblib"].contains(description.format), description.algorithm != "Booster" {
      differences.append(
        "the XGBoost container takes boosters, and needs a script to load this \(description.algorithm)"
      )
    }
    let served = description.servedTreeCount
    if let served, let treeCount, served != treeCount {
      differences.append(
        "the XGBoost container predicts by \(served) of the trees, and \(treeCount) are evaluated here"
      )
    }
    return Serving(
      container: "XGBoost", files: roots, isDeterministic: roots.count <= 1, treeCount: served,
      answer: "what the library's predict returns: for binary:logistic the probability, no class",
      differences: differences)
  }

  /// It loads `model_algo-1`; `nil` where the archive is that file.
  private static func linearLearner(
    _ contents: Contents, _ description: ModelDescription, _ treeCount: Int?
  ) -> Serving? {
    guard !contents.roots.contains(where: { $0.hasSuffix("-symbol.json") }) else { return nil }
    let threshold = description.estimators.first?.parameters.first { $0.name == "threshold" }?.value
    let files = contents.roots.filter { $0.hasPrefix("model_algo-") }
    return Serving(
      container: description.algorithm, files: files, isDeterministic: files.count <= 1,
      treeCount: nil,
      answer: threshold.map { "score, and predicted_label: whether it is above \($0)" }
        ?? (description.algorithm == LinearLearner.name ? "score" : "the algorithm's own response"),
      differences: files.isEmpty
        ? ["the container finds no model_algo-1 in the archive's root"] : [])
  }

  /// It loads the folder with the highest number.
  private static func tensorFlow(
    _ contents: Contents, _ description: ModelDescription, _ treeCount: Int?
  ) -> Serving {
    let versions = contents.files.compactMap { path -> (number: Int, path: String)? in
      let parts = path.split(separator: "/")
      guard parts.count >= 2, parts.last == "saved_model.pb" else { return nil }
      return Int(parts[parts.count - 2]).map { ($0, path) }
    }
    let served = versions.max { $0.number < $1.number }?.path
    var differences: [String] = []
    if served == nil {
      differences.append(
        "the TensorFlow container finds no model: no numbered folder has a saved_model.pb")
    } else if let served, let member = description.member, !contents.isSame(member, served) {
      differences.append(
        "the TensorFlow container loads '\(served)', and '\(member)' is evaluated here")
    }
    return Serving(
      container: "TensorFlow", files: served.map { [$0] } ?? [], isDeterministic: true,
      treeCount: nil, answer: "what the signature serving_default returns", differences: differences
    )
  }

  /// The user's script loads the model and says what is answered.
  private static func script(
    _ contents: Contents, _ description: ModelDescription, _ treeCount: Int?
  ) -> Serving {
    Serving(
      container: description.framework, files: [], isDeterministic: nil, treeCount: nil,
      answer: contents.hasScript
        ? "what the script in code/ says" : "what a script says that is given at deployment",
      differences: [])
  }
}

extension Serving.Contents {
  /// Whether a member's path, as the archive has it, is a file.
  fileprivate func isSame(_ member: String, _ file: String) -> Bool {
    member.split(separator: "/").filter { $0 != "." }.joined(separator: "/") == file
  }
}
