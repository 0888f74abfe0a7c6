import DataTables
import PredictiveModels
import TestSupport
import Testing

@Suite struct ModelTests {
  private static let classes: [Label] = [.integer(0), .integer(1)]

  /// Two features; the sum is their difference.
  private static func linear() throws -> ScoringModel {
    try linearClassifier(
      name: "Linear", classes: classes, coefficients: [1, -1], intercepts: [0],
      link: .logistic())
  }

  private static func tree(acceptsMissingValues: Bool) throws -> ScoringModel {
    let nodes = [
      Node(feature: 0, threshold: 0.5, left: 1, right: 2, missingGoesLeft: true),
      Node(leaf: [1, 0]), Node(leaf: [0.25, 0.75]),
    ]
    return try treeClassifier(
      [nodes], classes: classes, features: 2, acceptsMissingValues: acceptsMissingValues)
  }

  private static func scaler(_ scale: Double = 1, columns: Int = 2) throws -> Standardization {
    try Standardization(
      name: "Scaler", means: nil, scales: [Double](repeating: scale, count: columns),
      columnCount: columns)
  }

  private func model(
    names: [String]? = nil, steps: [any PreprocessingStep] = [], _ predictor: any Predictor
  ) throws -> Model {
    try Model(featureNames: names, steps: steps, predictor: predictor)
  }

  private func rows(_ values: [Double], names: [String]? = nil) -> FeatureMatrix {
    FeatureMatrix(names: names, values: values, columnCount: 2)
  }

  // MARK: Parts

  @Test func partsMustFitOneAnother() throws {
    #expect(throws: ModelError.stepWidth(step: "Linear", takes: 2, given: 3)) {
      try model(steps: [Self.scaler(columns: 3)], Self.linear())
    }
    #expect(throws: ModelError.stepWidth(step: "Scaler", takes: 3, given: 2)) {
      try model(steps: [Self.scaler(), Self.scaler(columns: 3)], Self.linear())
    }
    #expect(throws: ModelError.featureNameCount(names: 1, features: 2)) {
      try model(names: ["a"], Self.linear())
    }
  }

  @Test func whatItIsIsTold() throws {
    let model = try model(names: ["a", "b"], steps: [Self.scaler()], Self.linear())
    #expect(model.featureCount == 2 && model.featureNames == ["a", "b"])
    #expect(model.classes == Self.classes)
  }

  @Test func errorsSayWhatIsWrong() {
    #expect(
      ModelError.stepWidth(step: "Scaler", takes: 3, given: 2).message
        == "Scaler takes 3 columns and is given 2")
    #expect(
      ModelError.featureNameCount(names: 1, features: 2).message
        == "there are 1 feature names for 2 features")
    #expect(
      ModelError.badTree(tree: 0, node: 4, reason: "the threshold is not a number").message
        == "tree 0, node 4: the threshold is not a number")
    #expect(ModelError.badShape("x").message == "x" && ModelError.badNumber("y").message == "y")
  }

  // MARK: Columns

  @Test func columnsAreMatchedByNameWhereAllAreThere() throws {
    let model = try model(names: ["a", "b"], Self.linear())
    #expect(try model.featureColumns(in: ["b", "a"]) == [1, 0])
    #expect(try model.featureColumns(in: ["x", "b", "y", "a"]) == [3, 1])
  }

  @Test func columnsAreMatchedByPositionOtherwise() throws {
    let named = try model(names: ["a", "b"], Self.linear())
    #expect(try named.featureColumns(in: ["a", "c"]) == [0, 1])
    #expect(try named.featureColumns(in: ["1", "2"]) == [0, 1])
    let unnamed = try model(Self.linear())
    #expect(try unnamed.featureColumns(in: ["b", "a"]) == [0, 1])
  }

  @Test func columnsOfOneNameAreRefusedWhereTheyAreAFeatures() throws {
    let model = try model(names: ["a", "b"], Self.linear())
    #expect(throws: PredictionError.featureTwice("a")) {
      try model.featureColumns(in: ["a", "a", "b"])
    }
    #expect(try model.featureColumns(in: ["x", "a", "x", "b"]) == [1, 3])
  }

  @Test func otherNumbersOfColumnsAreRefused() throws {
    let model = try model(names: ["a", "b"], Self.linear())
    #expect(throws: PredictionError.columnCount(found: 3, expected: 2)) {
      try model.featureColumns(in: ["a", "x", "y"])
    }
    #expect(throws: PredictionError.columnCount(found: 0, expected: 2)) {
      try model.featureColumns(in: [])
    }
    #expect(throws: PredictionError.columnCount(found: 3, expected: 2)) {
      try model.predict(FeatureMatrix(values: [1, 2, 3], columnCount: 3))
    }
  }

  @Test func manyColumnsAreMatchedInNoTime() throws {
    let names = (0..<5_000).map { "feature \($0)" }
    let wide = try linearClassifier(
      name: "Linear", classes: Self.classes,
      coefficients: [Double](repeating: 0, count: names.count), intercepts: [0],
      link: .logistic())
    let model = try model(names: names, wide)
    var columns: [Int] = []
    let time = try processorTime { columns = try model.featureColumns(in: names.reversed()) }
    #expect(columns == Array(names.indices.reversed()))
    #expect(time < .seconds(1))
  }

  // MARK: Values that the model's library refuses

  @Test func infinitiesAreRefusedWithTheirPlace() throws {
    for predictor in [
      try Self.linear() as any Predictor, try Self.tree(acceptsMissingValues: true),
    ] {
      let model = try model(predictor)
      #expect(throws: PredictionError.infinity(row: 2, column: "b")) {
        try model.predict(rows([1, 2, .nan, -.infinity], names: ["a", "b"]))
      }
      #expect(throws: PredictionError.infinity(row: 3, column: "1")) {
        try model.predict(rows([1, 2, 3, 4, .infinity, 6]))
      }
    }
  }

  @Test func infinitiesThatScalingMakesAreRefused() throws {
    let linear = try model(steps: [Self.scaler(1e-300)], Self.linear())
    #expect(throws: PredictionError.infinity(row: 2, column: "b")) {
      try linear.predict(rows([1, 2, 3, 1e200], names: ["a", "b"]))
    }
  }

  @Test func missingValuesAreRefusedWhereThePredictorTakesNone() throws {
    for (predictor, name) in [
      (try Self.linear() as any Predictor, "Linear"),
      (try Self.tree(acceptsMissingValues: false), "Trees"),
    ] {
      let model = try model(steps: [Self.scaler()], predictor)
      #expect(throws: PredictionError.missingValue(row: 2, column: "a", predictor: name)) {
        try model.predict(rows([1, 2, .nan, 4], names: ["a", "b"]))
      }
    }
    let output = try model(Self.tree(acceptsMissingValues: true)).predict(rows([.nan, .nan, 1, 1]))
    #expect(output.predictions == .classes([0, 1]))
  }

  @Test func valuesBeyondSinglePrecisionAreRefusedWhereTheyAreRounded() throws {
    let tree = try model(Self.tree(acceptsMissingValues: true))
    let largest = Double(Float.greatestFiniteMagnitude)
    #expect(throws: PredictionError.tooLargeForSinglePrecision(row: 2, column: "2")) {
      try tree.predict(rows([largest, -largest, .nan, -1e39]))
    }
    #expect(try tree.predict(rows([largest, -largest])).predictions == .classes([1]))
    #expect(try model(Self.linear()).predict(rows([1e39, 0])).predictions == .classes([1]))
  }

  @Test func sumsThatOverflowIntoNoNumberAreRefused() throws {
    let huge = try linearClassifier(
      name: "Linear", classes: Self.classes, coefficients: [1e300, 0, 1e300, 0],
      intercepts: [0, 0], link: .softmax())
    #expect(throws: PredictionError.resultNotANumber(row: 2)) {
      try model(huge).predict(rows([1, 1, 1e300, 1]))
    }
  }

  // MARK: Rows

  @Test func stepsComeBeforeThePredictor() throws {
    let model = try model(steps: [Self.scaler(4), Self.scaler(0.5)], Self.linear())
    let expected = try Model(featureNames: nil, steps: [], predictor: Self.linear())
      .predict(rows([4, 1]))
    #expect(try model.predict(rows([8, 2])) == expected)
  }

  @Test func aTreesRowDoesNotDependOnTheRowsBesideIt() throws {
    var random = SplitMix64(seed: 3)
    let values = (0..<400).map { _ in Double.random(in: 0...1, using: &random) }
    let model = try model(Self.tree(acceptsMissingValues: false))
    let all = try #require(model.predict(rows(values)).probabilities)
    for row in 0..<200 {
      let alone = try model.predict(rows(Array(values[2 * row..<2 * row + 2])))
      #expect(alone.probabilities == Array(all[2 * row..<2 * row + 2]), "row \(row)")
    }
  }

  @Test(arguments: [2, 3])
  func aSumsRowDoesNotDependOnTheRowsBesideIt(classCount: Int) throws {
    var random = SplitMix64(seed: 5)
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
    }
    let sumCount = classCount == 2 ? 1 : classCount
    let width = 30
    let model = try model(
      linearClassifier(
        name: "Linear", classes: (0..<classCount).map { .integer(Int64($0)) },
        coefficients: numbers(sumCount * width), intercepts: numbers(sumCount),
        link: sumCount == 1 ? .logistic() : .softmax()))
    let values = numbers(101 * width)
    let all = try model.predict(FeatureMatrix(values: values, columnCount: width))
    guard case .classes(let codes) = all.predictions, let shares = all.probabilities else {
      Issue.record("a classifier predicts classes")
      return
    }
    for row in 0..<101 {
      let alone = try model.predict(
        FeatureMatrix(values: Array(values[row * width..<(row + 1) * width]), columnCount: width))
      #expect(alone.predictions == .classes([codes[row]]), "row \(row)")
      let beside = shares[row * classCount..<(row + 1) * classCount]
      for (first, second) in zip(try #require(alone.probabilities), beside) {
        #expect(isClose(first, second), "row \(row)")
      }
    }
  }

  @Test func outputsCountTheirRows() {
    #expect(ModelOutput(numbers: [1, 2, 3]).rowCount == 3)
    #expect(ModelOutput(numbers: []).probabilities == nil)
    #expect(ModelOutput(classes: [], codes: [], probabilities: []).rowCount == 0)
  }
}
