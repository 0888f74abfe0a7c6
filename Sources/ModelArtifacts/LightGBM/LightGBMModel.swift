internal import InputReading
internal import PredictiveModels

/// Reads the models that LightGBM writes as text, since 2.0.
///
/// Source: LightGBM 4.7, src/boosting/gbdt_model_text.cpp and src/io/tree.cpp, and what versions 2.3 to
/// 4.7 write.
enum LightGBMModel {
  static let text = BoosterFile.Format(
    name: "LightGBM's text",
    fits: { bytes in bytes.starts(with: "tree\n".utf8) || bytes.starts(with: "tree\r\n".utf8) },
    read: { bytes, _, limits throws(ModelFormatError) in try file(of: bytes, limits: limits) })

  /// What the library's interface drops from rows as 0: kZeroThreshold of include/LightGBM/meta.h.
  private static let zeroThreshold = Double(1e-35 as Float)

  /// The line behind the last tree.
  private static let end: Substring = "end of trees"

  /// Reads a model's text.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - best: How many rounds were found best in training, where the text has all; `nil` where all were,
  ///     or the text has no others.
  ///   - choice: Which trees predict; the library's own predict uses those up to the best round.
  ///   - limits: How many scores a row may have.
  /// - Returns: the model.
  /// - Throws: ``ModelFormatError``.
  static func file(
    of bytes: [UInt8], best: Int? = nil, choice: TreeChoice = .library, limits: Limits
  ) throws(ModelFormatError) -> BoosterFile {
    let span = bytes.span
    guard UTF8Check.isValid(span) else { throw .damaged("is not UTF-8 text", offset: nil) }
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map {
      $0.hasSuffix(" ") ? Substring($0.trimmingWhitespace) : $0
    }
    guard let endIndex = lines.firstIndex(of: end) else {
      throw .damaged("the text ends before '\(end)'", offset: bytes.count)
    }
    var sections = [LightGBMSection(path: "")]
    for line in lines[1..<endIndex] {
      if line.hasPrefix("Tree=") {
        let path = "Tree=\(sections.count - 1)"
        guard line == path else {
          throw .badField(String(line.prefix(40)), expected: "the next tree, \(path)")
        }
        sections.append(LightGBMSection(path: path))
      } else {
        sections[sections.count - 1].append(line)
      }
    }
    let head = sections.removeFirst()
    return try file(
      head, trees: sections, settings: settings(lines[endIndex...]), best: best, choice: choice,
      limits: limits)
  }

  private static func file(
    _ head: LightGBMSection, trees: [LightGBMSection], settings: [(String, String)], best: Int?,
    choice: TreeChoice, limits: Limits
  ) throws(ModelFormatError) -> BoosterFile {
    let version = head["version"] ?? "v2"
    guard ["v2", "v3", "v4"].contains(version) else {
      throw .unsupported("LightGBM's text format '\(version.prefix(20))'")
    }
    let featureCount = try head.count("max_feature_idx") + 1
    let scoreCount = try head.count("num_tree_per_iteration")
    guard scoreCount > 0, scoreCount <= limits.columnCount else {
      throw head.error("num_tree_per_iteration", expected: "the number of a round's trees")
    }
    guard try head.count("num_class") == scoreCount else {
      throw head.error("num_class", expected: "\(scoreCount), the number of a round's trees")
    }
    guard try head.integers("tree_sizes").count == trees.count, trees.count % scoreCount == 0
    else { throw head.error("tree_sizes", expected: "a size for each of \(trees.count) trees") }
    let objective = try LightGBMObjective(head["objective"], scoreCount: scoreCount)
    var grown: [TreeEnsemble.Tree] = []
    for (index, section) in trees.enumerated() {
      grown.append(try TreeEnsemble.Tree(lightGBM: section, index: index))
    }

    let roundCount = trees.count / scoreCount
    var rounds: BoosterFile.Rounds?
    if let best, best > 0, best < roundCount {
      rounds = BoosterFile.Rounds(
        all: roundCount, best: best, usesBest: choice != .all, isGuess: false)
    }
    let usedRounds = if let rounds, rounds.usesBest { rounds.best } else { roundCount }

    // A forest's sums are divided by its rounds before anything is made of them.
    let isForest = head.flags.contains("average_output")
    let name = settings.first { $0.0 == "boosting" }?.1 ?? (isForest ? "rf" : "gbdt")
    let names = head["feature_names"]?.split(separator: " ").map(String.init) ?? []
    let isNamed = names.enumerated().contains { $0.element != "Column_\($0.offset)" }
    do throws(ModelError) {
      var ensemble = try TreeEnsemble(
        featureCount: featureCount, outputCount: 1, comparison: .lessOrEqual,
        roundsToSinglePrecision: false, zeroThreshold: zeroThreshold)
      for tree in grown { try ensemble.append(tree) }
      // What it calls scores are not divided.
      let divisor = isForest ? Double(max(1, usedRounds)) : 1
      let scorer = try TreeSums(
        trees: ensemble, groups: (0..<usedRounds * scoreCount).map { $0 % scoreCount },
        weights: [Double](repeating: 1, count: usedRounds * scoreCount),
        starts: [Double](repeating: 0, count: scoreCount),
        divisor: divisor, isSinglePrecision: false)
      return BoosterFile(
        format: "lightgbm-text", framework: "LightGBM", version: nil,
        featureNames: isNamed ? names : nil,
        scores: scorer, transform: objective.transform, meaning: objective.meaning,
        isSinglePrecision: false, decisionFactor: divisor,
        booster: ModelDescription.Estimator(
          name: name,
          parameters: [("format", version), ("objective", head["objective"] ?? "none")]
            + settings.filter { Self.told.contains($0.0) }),
        rounds: rounds, byteCount: ensemble.byteCount)
    } catch { throw .model(error) }
  }

  /// The settings that a person asks for, of the hundred that a file has.
  private static let told: Set<String> = [
    "num_iterations", "learning_rate", "num_leaves", "max_depth", "min_data_in_leaf",
    "bagging_fraction", "feature_fraction", "lambda_l1", "lambda_l2", "linear_tree",
    "zero_as_missing", "use_missing", "is_unbalance", "scale_pos_weight", "alpha",
  ]

  /// The lines behind the trees: importances, which are passed over, and `[name: value]`.
  ///
  /// - Throws: ``ModelFormatError/damaged(_:offset:)`` if they begin and do not end.
  private static func settings(
    _ lines: ArraySlice<Substring>
  ) throws(ModelFormatError) -> [(String, String)] {
    guard let begin = lines.firstIndex(of: "parameters:") else { return [] }
    guard let end = lines.firstIndex(of: "end of parameters") else {
      throw .damaged("the text ends before 'end of parameters'", offset: nil)
    }
    var settings: [(String, String)] = []
    for line in lines[min(begin, end)..<end] where line.hasPrefix("[") && line.hasSuffix("]") {
      let parts = line.dropFirst().dropLast().split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { settings.append((String(parts[0]), parts[1].trimmingWhitespace)) }
    }
    return settings
  }
}
