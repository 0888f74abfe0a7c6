public import DataTables
public import EvaluationMetrics
internal import InputReading

/// What can be drawn of evaluated rows.
public enum FigureKind: String, CaseIterable, Sendable {
  /// True against false positive rates at every threshold.
  case roc
  /// Precision against recall at every threshold.
  case precisionRecall = "pr"
  /// How often rows with a score are positive.
  case calibration
  /// Rows by true and predicted label.
  case confusion
  /// Precision, recall and F1 against the threshold.
  case threshold
  /// How often which score is given to positives and to negatives.
  case histogram
  /// True against predicted numbers.
  case predictions
  /// How far predicted numbers lie above true ones.
  case residuals
}

/// Evaluated rows with what there is to draw of them.
public struct EvaluatedCurves: Sendable {
  /// What they are called where several stand side by side.
  public let name: String
  /// Their metrics.
  public let evaluation: Evaluation
  /// Their curves.
  public let curves: EvaluationCurves

  /// Draws the rows of an evaluation.
  ///
  /// - Parameters:
  ///   - name: What they are called where several stand side by side.
  ///   - evaluation: Their metrics.
  ///   - rows: The rows that these are of.
  /// - Throws: `EvaluationError`, as the evaluation of these rows does.
  public init(
    name: String, evaluation: Evaluation, rows: PredictionRows
  ) throws(EvaluationError) {
    self.name = name.printable
    self.evaluation = evaluation
    curves = try EvaluationCurves(
      of: rows,
      options: EvaluationOptions(
        task: evaluation.task, positiveLabel: evaluation.positiveLabel,
        threshold: evaluation.threshold))
  }
}

extension Figure {
  /// The figures of one kind.
  ///
  /// - Parameters:
  ///   - kind: What is drawn.
  ///   - subjects: The rows; those of several models are drawn into one plot where that is possible.
  /// - Returns: the figures; none where the rows have nothing of the kind.
  public static func figures(_ kind: FigureKind, of subjects: [EvaluatedCurves]) -> [Figure] {
    switch kind {
    case .roc: roc(Self.rankings(of: subjects)).map { [.plot($0)] } ?? []
    case .precisionRecall: precisionRecall(Self.rankings(of: subjects)).map { [.plot($0)] } ?? []
    case .calibration: calibration(Self.rankings(of: subjects)).map { [.plot($0)] } ?? []
    case .confusion: subjects.compactMap { confusion($0, isAlone: subjects.count == 1) }
    case .threshold: Self.rankings(of: subjects).compactMap(threshold)
    case .histogram: Self.rankings(of: subjects).map(histogram)
    case .predictions: subjects.compactMap { predictions($0, isAlone: subjects.count == 1) }
    case .residuals: residuals(subjects).map { [.plot($0)] } ?? []
    }
  }

  /// A class of a model, with what to call it beside others.
  private struct NamedRanking {
    let name: String
    let ranking: EvaluationCurves.Ranking
    let threshold: Threshold?
    let areAlone: Bool
    /// What a title says of it.
    var suffix: String { areAlone ? "" : " (\(name))" }
  }

  private static func rankings(of subjects: [EvaluatedCurves]) -> [NamedRanking] {
    let count = subjects.reduce(0) { $0 + $1.curves.rankings.count }
    return subjects.flatMap { subject in
      subject.curves.rankings.map { ranking in
        let label = subject.curves.rankings.count > 1 ? ranking.label.description.printable : ""
        let model = subjects.count > 1 ? subject.name : ""
        return NamedRanking(
          name: [model, label].filter { !$0.isEmpty }.joined(separator: ": "), ranking: ranking,
          threshold: subject.evaluation.threshold, areAlone: count == 1)
      }
    }
  }

  private static let share = 0.0...1.0

  private static func roc(_ rankings: [NamedRanking]) -> Plot? {
    let series = rankings.compactMap { named -> Plot.Series? in
      let ranking = named.ranking
      guard let area = ranking.rocArea else { return nil }
      return Plot.Series(
        name: [named.name, "AUC \(area.short)"].filter { !$0.isEmpty }.joined(separator: ", "),
        mark: .line,
        points: ranking.cuts.map {
          Plot.Point(
            x: $0.falsePositives / ranking.negatives, y: $0.truePositives / ranking.positives)
        })
    }
    guard !series.isEmpty else { return nil }
    return Plot(
      title: "ROC curve", summary: summary(rankings, "Area under the curve", \.rocArea),
      x: Plot.Axis(title: "false positive rate", range: share),
      y: Plot.Axis(title: "true positive rate", range: share),
      series: [diagonal("chance")] + series)
  }

  private static func precisionRecall(_ rankings: [NamedRanking]) -> Plot? {
    let series = rankings.compactMap { named -> Plot.Series? in
      let ranking = named.ranking
      guard let average = ranking.averagePrecision else { return nil }
      return Plot.Series(
        name: [named.name, "AP \(average.short)"].filter { !$0.isEmpty }.joined(separator: ", "),
        mark: .steps,
        points: ranking.cuts.dropFirst().map {
          Plot.Point(
            x: $0.truePositives / ranking.positives,
            y: $0.truePositives / ($0.truePositives + $0.falsePositives))
        })
    }
    guard !series.isEmpty else { return nil }
    var chance: [Plot.Series] = []
    if rankings.count == 1, let ranking = rankings.first?.ranking {
      let prevalence = ranking.positives / (ranking.positives + ranking.negatives)
      chance = [
        Plot.Series(
          name: "chance \(prevalence.short)", mark: .line,
          points: [Plot.Point(x: 0, y: prevalence), Plot.Point(x: 1, y: prevalence)],
          isReference: true)
      ]
    }
    return Plot(
      title: "Precision and recall",
      summary: summary(rankings, "Average precision", \.averagePrecision),
      x: Plot.Axis(title: "recall", range: share), y: Plot.Axis(title: "precision", range: share),
      series: chance + series)
  }

  private static func calibration(_ rankings: [NamedRanking]) -> Plot? {
    var series: [Plot.Series] = []
    for named in rankings {
      guard let bins = named.ranking.calibration else { continue }
      let error = bins.expectedCalibrationError
      series.append(
        Plot.Series(
          name: [named.name, "ECE \(error.short)"].filter { !$0.isEmpty }.joined(separator: ", "),
          mark: .line, hasDots: true,
          points: bins.bins.compactMap { bin in
            guard let score = bin.meanScore, let fraction = bin.positiveFraction else { return nil }
            return Plot.Point(x: score, y: fraction)
          }))
    }
    guard !series.isEmpty else { return nil }
    return Plot(
      title: "Calibration",
      summary: summary(rankings, "Expected calibration error") {
        $0.calibration?.expectedCalibrationError
      },
      x: Plot.Axis(title: "mean score", range: share),
      y: Plot.Axis(title: "fraction of positives", range: share),
      series: [diagonal("as it should be")] + series)
  }

  private static func threshold(_ named: NamedRanking) -> Figure? {
    let ranking = named.ranking
    let cuts = ranking.cuts.dropFirst()
    guard ranking.positives > 0, !cuts.isEmpty else { return nil }
    func series(_ name: String, _ value: (CutCounts) -> Double) -> Plot.Series {
      Plot.Series(
        name: name, mark: .line, points: cuts.map { Plot.Point(x: $0.threshold, y: value($0)) })
    }
    let all = [
      series("precision") { $0.truePositives / ($0.truePositives + $0.falsePositives) },
      series("recall") { $0.truePositives / ranking.positives },
      series("F1") {
        2 * $0.truePositives / ($0.truePositives + $0.falsePositives + ranking.positives)
      },
    ]
    let best = zip(cuts, all[2].points).max { $0.1.y < $1.1.y }
    let range =
      ranking.calibration == nil ? Plot.Axis.range(of: cuts.lazy.map(\.threshold)) : share
    return .plot(
      Plot(
        title: "Threshold\(named.suffix)",
        summary: best.map {
          "Precision, recall and F1 by threshold; F1 is highest, \($0.1.y.short), at "
            + "\($0.0.threshold.short)."
        } ?? "",
        x: Plot.Axis(title: "threshold", range: range), y: Plot.Axis(title: "value", range: share),
        series: all,
        rules: named.threshold.map { [Plot.Rule(name: "now \($0.value.short)", x: $0.value)] } ?? []
      ))
  }

  private static func histogram(_ named: NamedRanking) -> Figure {
    let ranking = named.ranking
    func series(_ name: String, _ histogram: EvaluationCurves.Histogram) -> Plot.Series {
      Plot.Series(name: name, mark: .bars, points: histogram.points)
    }
    let heights = ranking.positiveScores.counts + ranking.negativeScores.counts
    let range = ranking.positiveScores.range
    return .plot(
      Plot(
        title: "Scores\(named.suffix)",
        summary: "How many rows have which score: \(ranking.positives.short) of class "
          + "'\(ranking.label)' and \(ranking.negatives.short) of others.",
        x: Plot.Axis(title: "score", range: range),
        y: Plot.Axis(title: "rows", range: 0...max(heights.max() ?? 1, .leastNormalMagnitude)),
        series: [
          series("'\(ranking.label)'".printable, ranking.positiveScores),
          series("others", ranking.negativeScores),
        ],
        rules: named.threshold.map { [Plot.Rule(name: "cut \($0.value.short)", x: $0.value)] } ?? []
      ))
  }

  /// The most labels whose matrix is drawn.
  private static let mostLabels = 30

  private static func confusion(_ subject: EvaluatedCurves, isAlone: Bool) -> Figure? {
    let evaluation = subject.evaluation
    guard let matrix = evaluation.matrix, evaluation.labels.count <= mostLabels else { return nil }
    let labels = evaluation.labels
    return .matrix(
      MatrixPlot(
        title: "Confusion matrix" + (isAlone ? "" : " (\(subject.name))"),
        summary: "\(matrix.correct.short) of \(matrix.total.short) rows are predicted as they are "
          + "labelled.",
        rowTitle: "true label", columnTitle: "predicted label",
        names: labels.map(\.description.printable),
        values: labels.indices.map { row in labels.indices.map { matrix[row, $0] } }))
  }

  private static func predictions(_ subject: EvaluatedCurves, isAlone: Bool) -> Figure? {
    guard let numbers = subject.curves.numbers else { return nil }
    let range = Plot.Axis.range(
      of: numbers.groups.lazy.map(\.target) + numbers.groups.lazy.map(\.prediction))
    return .plot(
      Plot(
        title: "Predicted and true" + (isAlone ? "" : " (\(subject.name))"),
        summary: "Predictions against targets between \(range.lowerBound.short) and "
          + "\(range.upperBound.short).",
        x: Plot.Axis(title: "true", range: range), y: Plot.Axis(title: "predicted", range: range),
        series: [
          Plot.Series(
            name: "as it should be", mark: .line,
            points: [range.lowerBound, range.upperBound].map { Plot.Point(x: $0, y: $0) },
            isReference: true),
          Plot.Series(
            name: "", mark: .dots(areas: numbers.groups.map { Double($0.count) }),
            points: numbers.groups.map { Plot.Point(x: $0.target, y: $0.prediction) }),
        ]))
  }

  private static func residuals(_ subjects: [EvaluatedCurves]) -> Plot? {
    let all = subjects.compactMap { subject in
      subject.curves.numbers.map { (subject.name, $0.residuals) }
    }
    guard !all.isEmpty else { return nil }
    let range = Plot.Axis.range(of: all.flatMap { [$0.1.range.lowerBound, $0.1.range.upperBound] })
    let highest = all.flatMap(\.1.counts).max() ?? 1
    return Plot(
      title: "Residuals", summary: "How many rows are predicted how far above their true value.",
      x: Plot.Axis(title: "predicted less true", range: range),
      y: Plot.Axis(title: "rows", range: 0...max(highest, .leastNormalMagnitude)),
      series: all.map { name, histogram in
        Plot.Series(
          name: all.count > 1 ? name : "", mark: .bars, points: histogram.points)
      }, rules: [Plot.Rule(name: "0", x: 0)])
  }

  private static func diagonal(_ name: String) -> Plot.Series {
    Plot.Series(
      name: name, mark: .line, points: [Plot.Point(x: 0, y: 0), Plot.Point(x: 1, y: 1)],
      isReference: true)
  }

  /// Each model or class with the number that sums its curve up.
  private static func summary(
    _ rankings: [NamedRanking], _ what: String, _ value: (EvaluationCurves.Ranking) -> Double?
  ) -> String {
    let values = rankings.compactMap { named in
      value(named.ranking).map { (named.name.isEmpty ? "" : "\(named.name) ") + $0.short }
    }
    return "\(what): \(values.joined(separator: ", "))."
  }
}

extension EvaluationCurves.Histogram {
  /// Each bin's lower end with its count.
  fileprivate var points: [Plot.Point] {
    let width = (range.upperBound - range.lowerBound) / Double(counts.count)
    return counts.enumerated().map { bin, count in
      Plot.Point(x: range.lowerBound + width * Double(bin), y: count)
    }
  }
}
