import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

@Suite struct ScikitLearnReaderTests {
  private typealias P = PickleBytes

  // MARK: What scikit-learn wrote

  /// A file of Datasets/Models/scikit-learn.
  struct File: Sendable, CustomTestStringConvertible {
    let folder: String
    let name: String
    var path: String { dataset("Models/scikit-learn/\(folder)/\(name)") }
    var stem: String { name.split(separator: ".").first.map(String.init) ?? name }
    var testDescription: String { "\(folder)/\(name)" }
  }

  static let versions = [
    "0.20.4", "0.23.2", "0.24.2", "1.0.2", "1.2.2", "1.3.2", "1.4.2", "1.5.2", "1.7.2", "1.9.1",
  ]

  private static func files(_ folder: String, of stems: [String]?) -> [File] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: dataset("Models/scikit-learn/\(folder)"))
    return (names ?? []).sorted().map { File(folder: folder, name: $0) }
      .filter { $0.name.hasSuffix(".joblib") || $0.name.hasSuffix(".pkl") }
      .filter { file in stems?.contains(file.stem) ?? true }
  }

  static let simple = versions.flatMap { files($0, of: ["dt", "lr", "lrm", "lrovr"]) }
  static let extra = files("1.9.1/extra", of: nil)
  static let unrecorded = versions.flatMap { files($0, of: ["pipe", "rf"]) }

  private func numbers(_ path: String, separator: Character) throws -> [[Double]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: separator, omittingEmptySubsequences: false).map {
        $0.isEmpty ? .nan : Double($0) ?? .infinity
      }
    }
  }

  private func loaded(
    _ file: File
  ) throws -> (model: Model, description: ModelDescription) {
    let artifact = try Artifact(path: file.path)
    #expect(artifact.condition == .loadable && artifact.findings.isEmpty && artifact.fault == nil)
    return (
      try #require(artifact.model, "\(artifact.findings)"), try #require(artifact.description)
    )
  }

  @Test func allFilesAreThere() {
    #expect(Self.simple.count == 10 * 2 * 4 - 2)
    #expect(Self.extra.count == 12)
    #expect(Self.unrecorded.count == 20)
  }

  @Test(arguments: simple)
  func predictionsAreTheRecordedOnes(file: File) throws {
    let loaded = try loaded(file)
    #expect(loaded.description.framework == "scikit-learn" && loaded.description.member == nil)
    #expect(loaded.description.frameworkVersion == file.folder)
    #expect(loaded.description.format == (file.name.hasSuffix("joblib") ? "joblib" : "pickle"))
    let folder = dataset("Models/scikit-learn/\(file.folder)")
    let rows = try numbers(folder + "/X.csv", separator: ",")
    let expected = try numbers("\(folder)/\(file.stem).pred", separator: " ")
    let width = try #require(expected.first?.count)
    #expect(loaded.model.classes == (0..<width).map { .integer(Int64($0)) })
    #expect(loaded.model.predictor.treeCount == (file.stem == "dt" ? 1 : nil))
    let output = try loaded.model.predict(
      FeatureMatrix(values: rows.flatMap(\.self), columnCount: 4))
    let probabilities = try #require(output.probabilities)
    #expect(probabilities.count == 20 * width)
    let tolerance = file.stem == "dt" ? 1e-12 : 1e-9
    for (index, (found, expected)) in zip(probabilities, expected.joined()).enumerated() {
      #expect(abs(found - expected) <= tolerance, "row \(index / width + 1)")
    }
    let codes = expected.map { row in Int32(row.firstIndex(of: row.reduce(0, max)) ?? -1) }
    #expect(output.predictions == .classes(codes))
  }

  struct Expectation: Decodable {
    let classes: [JSONLabel]
    let prediction: [JSONLabel]
    let probability: [[Double]]
  }

  struct JSONLabel: Decodable {
    let label: Label

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let truth = try? container.decode(Bool.self) {
        label = .text(truth ? "True" : "False")
      } else if let number = try? container.decode(Int64.self) {
        label = .integer(number)
      } else {
        label = .text(try container.decode(String.self))
      }
    }
  }

  @Test(arguments: extra)
  func variationsPredictTheRecordedLabels(file: File) throws {
    let loaded = try loaded(file)
    let stem = dataset("Models/scikit-learn/\(file.folder)/\(file.stem)")
    let expected = try JSONDecoder().decode(
      Expectation.self, from: Data(contentsOf: URL(fileURLWithPath: stem + ".pred.json")))
    let rows = try numbers(stem + ".X.csv", separator: ",")
    let output = try loaded.model.predict(
      FeatureMatrix(values: rows.flatMap(\.self), columnCount: try #require(rows.first?.count)))
    #expect(output.classes == expected.classes.map(\.label))
    guard case .classes(let codes) = output.predictions else {
      Issue.record("a classifier predicts classes")
      return
    }
    #expect(codes.map { output.classes[Int($0)] } == expected.prediction.map(\.label))
    let tolerance = file.stem.hasPrefix("tree") ? 1e-12 : 1e-9
    let probabilities = try #require(output.probabilities)
    let recorded = expected.probability.flatMap(\.self)
    #expect(probabilities.count == recorded.count)
    for (found, expected) in zip(probabilities, recorded) {
      #expect(abs(found - expected) <= tolerance)
    }
  }

  @Test(arguments: unrecorded)
  func othersPredictToo(file: File) throws {
    let loaded = try loaded(file)
    #expect(loaded.description.frameworkVersion == file.folder)
    let rows = try numbers(dataset("Models/scikit-learn/\(file.folder)/X.csv"), separator: ",")
    let output = try loaded.model.predict(
      FeatureMatrix(values: rows.flatMap(\.self), columnCount: 4))
    let probabilities = try #require(output.probabilities)
    for row in 0..<20 {
      let width = output.classes.count
      #expect(isClose(probabilities[row * width..<(row + 1) * width].reduce(0, +), 1))
    }
  }

  @Test func otherEstimatorsAreUnsupportedByName() throws {
    let path = dataset("Models/scikit-learn/1.9.1/neighbors.joblib")
    let artifact = try Artifact(path: path)
    #expect(artifact.condition == .unsupported && artifact.model == nil)
    let name = "sklearn.neighbors._classification.KNeighborsClassifier"
    #expect(artifact.findings.contains { $0.message.hasPrefix(name + " is not supported") })
    #expect(artifact.findings.allSatisfy { $0.severity == .error })
    let fault = try #require(artifact.fault)
    #expect(fault.description.hasPrefix(path + ": byte "))
    #expect(fault.hint == "give another artifact")
  }

  // MARK: Settings

  private func read(_ value: [UInt8]) -> Result<ScikitLearnReader.Reading, ModelFileError> {
    var machine = PickleMachine(P.pickle(value), limits: .standard)
    do {
      let root = try machine.read()
      #expect(machine.requests.isEmpty)
      do throws(ModelFileError) {
        return .success(try ScikitLearnReader(graph: machine.graph).read(root))
      } catch { return .failure(error) }
    } catch {
      Issue.record("\(error)")
      return .failure(.notAnEstimator)
    }
  }

  private func error(_ value: [UInt8]) -> ModelFileError? {
    if case .failure(let error) = read(value) { error } else { nil }
  }

  private func probabilities(_ value: [UInt8], _ row: [Double]) throws -> [Double] {
    let model = try read(value).get().model
    return try #require(
      model.predict(FeatureMatrix(values: row, columnCount: row.count)).probabilities)
  }

  /// A regression of one feature whose sum is 1 for the row [1].
  private func regression(_ settings: [(String, String)]) -> [UInt8] {
    P.logisticRegression(
      coefficients: P.doubles([1], shape: [1, 1]), intercepts: P.doubles([0]),
      others: settings.map { ($0.0, P.text($0.1)) })
  }

  @Test func twoClassesAreASigmoidExceptInMultinomialMode() throws {
    let share = 1 / (1 + exp(-1.0))
    for settings in [
      [], [("multi_class", "auto")], [("multi_class", "ovr")], [("multi_class", "deprecated")],
      [("multi_class", "warn"), ("solver", "liblinear")],
    ] {
      #expect(isClose(try probabilities(regression(settings), [1])[1], share))
    }
    let double = try probabilities(regression([("multi_class", "multinomial")]), [1])[1]
    #expect(isClose(double, 1 / (1 + exp(-2.0))))
  }

  @Test func manyClassesAreASoftmaxExceptInOneVersusRestMode() throws {
    func model(_ settings: [(String, String)]) -> [UInt8] {
      P.logisticRegression(
        coefficients: P.doubles([1, 2, 3], shape: [3, 1]), intercepts: P.doubles([0, 0, 0]),
        classes: P.integers([0, 1, 2]), others: settings.map { ($0.0, P.text($0.1)) })
    }
    let powers = [1.0, 2, 3].map { exp($0) }
    let shares = [1.0, 2, 3].map { 1 / (1 + exp(-$0)) }
    for settings in [
      [], [("multi_class", "auto"), ("solver", "lbfgs")], [("multi_class", "deprecated")],
      [("multi_class", "multinomial"), ("solver", "liblinear")],
    ] {
      let found = try probabilities(model(settings), [1])
      #expect(isClose(found[0], powers[0] / powers.reduce(0, +)))
    }
    for settings in [
      [("multi_class", "ovr")], [("multi_class", "warn")],
      [("multi_class", "auto"), ("solver", "liblinear")], [("solver", "liblinear")],
    ] {
      let found = try probabilities(model(settings), [1])
      #expect(isClose(found[0], shares[0] / shares.reduce(0, +)))
    }
  }

  @Test func anInterceptOfZeroMayBeANumber() throws {
    let scalar = P.call(
      "numpy.core.multiarray", "scalar", P.dtype("f8"), P.bytes([UInt8](repeating: 0, count: 8)))
    for intercept in [P.float(0), scalar, P.integer(0), P.doubles([0])] {
      let model = P.logisticRegression(
        coefficients: P.doubles([1, 2, 3], shape: [3, 1]), intercepts: intercept,
        classes: P.integers([0, 1, 2]))
      #expect(try probabilities(model, [0]) == [1.0 / 3, 1.0 / 3, 1.0 / 3])
    }
  }

  @Test func labelsAreNumbersOrTexts() throws {
    func classes(_ labels: [UInt8]) -> [Label]? {
      try? read(P.logisticRegression(classes: labels)).get().model.classes
    }
    let two = [UInt8](repeating: 0, count: 3)
    #expect(classes(P.integers([-1, 1])) == [.integer(-1), .integer(1)])
    #expect(classes(P.doubles([3, 7])) == [.integer(3), .integer(7)])
    #expect(
      classes(P.array(shape: [2], P.dtype("b1"), P.bytes([0, 1])))
        == [.text("False"), .text("True")])
    #expect(
      classes(P.array(shape: [2], P.dtype("U1"), P.bytes([97] + two + [98] + two)))
        == [.text("a"), .text("b")])
    #expect(
      classes(P.array(shape: [2], P.dtype("O"), P.list([P.text("yes"), P.text(" no")])))
        == [.text("yes"), .text(" no")])
    #expect(
      classes(P.array(shape: [2], P.dtype("O"), P.list([P.integer(4), P.bool(true)])))
        == [.integer(4), .text("True")])
    // Texts that spell a number are texts all the same.
    #expect(
      classes(P.array(shape: [2], P.dtype("O"), P.list([P.text("01"), P.text("nan")])))
        == [.text("01"), .text("nan")])
  }

  @Test func labelsThatAreNoneAreRefused() {
    for labels in [
      P.doubles([0, 0.5]), P.doubles([0, .nan]), P.doubles([0, .infinity]),
      P.array(shape: [2], P.dtype("O"), P.list([P.none, P.text("a")])),
      P.array(
        shape: [2], P.dtype("O"),
        P.list([P.text("a"), P.text(String(repeating: "b", count: 10_000))])),
      P.list([P.integers([0, 1]), P.integers([0, 1])]),
    ] {
      guard case .unsupportedSetting = error(P.logisticRegression(classes: labels)) else {
        Issue.record("\(String(describing: error(P.logisticRegression(classes: labels))))")
        continue
      }
    }
    for labels in [P.none, P.text("ab"), P.doubles([0, 1], shape: [2, 1])] {
      guard case .badAttribute(_, "classes_", _) = error(P.logisticRegression(classes: labels))
      else {
        Issue.record("\(String(describing: error(P.logisticRegression(classes: labels))))")
        continue
      }
    }
  }

  @Test func namesAreTakenFromWhereverTheyAre() throws {
    let names = P.array(shape: [2], P.dtype("O"), P.list([P.text("a"), P.text("b")]))
    let named = P.logisticRegression(others: [("feature_names_in_", names)])
    #expect(try read(named).get().model.featureNames == ["a", "b"])
    #expect(try read(P.logisticRegression()).get().model.featureNames == nil)
    #expect(try read(P.pipeline([named])).get().model.featureNames == ["a", "b"])
    let one = P.array(shape: [1], P.dtype("O"), P.list([P.text("a")]))
    let error = error(P.logisticRegression(others: [("feature_names_in_", one)]))
    #expect(
      error
        == .model(
          .featureNameCount(names: 1, features: 2),
          object: "sklearn.linear_model._logistic.LogisticRegression"))
  }

  // MARK: Pipelines

  @Test func pipelinesAreUnfolded() throws {
    let model = P.logisticRegression()
    let scaled = P.pipeline([P.standardScaler(2), model])
    let expected = try probabilities(scaled, [3, 5])
    #expect(try read(scaled).get().version == "1.9.1")
    #expect(try read(scaled).get().model.steps.map(\.name) == ["StandardScaler"])
    #expect(expected == (try probabilities(model, [1, 2])))
    for pipeline in [
      P.pipeline([P.pipeline([P.standardScaler(2)]), model]),
      P.pipeline([P.standardScaler(2), P.pipeline([model])]),
      P.pipeline([P.pipeline([P.standardScaler(2), model])]),
      P.pipeline([P.text("passthrough"), P.standardScaler(2), P.none, model]),
    ] {
      #expect(try probabilities(pipeline, [3, 5]) == expected)
    }
    let twice = try read(P.pipeline([P.standardScaler(2), P.standardScaler(2), model])).get()
    #expect(twice.model.steps.count == 2)
  }

  @Test func pipelinesThatAreNoneAreRefused() {
    for steps in [
      P.list([]), P.none, P.list([P.text("x")]), P.list([P.tuple(P.text("x"))]),
      P.list([P.tuple(P.text("x"), P.text("passthrough"))]),
    ] {
      let pipeline = P.object("sklearn.pipeline", "Pipeline", [("steps", steps)])
      guard case .badAttribute("sklearn.pipeline.Pipeline", "steps", _) = error(pipeline) else {
        Issue.record("\(String(describing: error(pipeline)))")
        continue
      }
    }
    #expect(
      error(P.object("sklearn.pipeline", "Pipeline", []))
        == .missingAttribute("sklearn.pipeline.Pipeline", "steps"))
    #expect(
      error(P.pipeline([P.logisticRegression(), P.logisticRegression()]))
        == .unsupportedEstimator("sklearn.linear_model._logistic.LogisticRegression"))
    #expect(
      error(P.pipeline([P.standardScaler(2)]))
        == .unsupportedEstimator("sklearn.preprocessing._data.StandardScaler"))
    #expect(
      error(P.pipeline([P.standardScaler(3), P.logisticRegression()]))
        == .model(
          .stepWidth(step: "LogisticRegression", takes: 2, given: 3),
          object: "sklearn.pipeline.Pipeline"))
  }

  /// A pipeline that is its own step, one time and many.
  @Test(arguments: [1, 2, 10, 1_000])
  func pipelinesInsideThemselvesEnd(count: Int) {
    let steps = (0..<count).map { _ in P.tuple(P.text("step"), P.get(9)) }
    let pipeline =
      P.global("sklearn.pipeline", "Pipeline") + P.emptyTuple + P.newObject + P.put(9)
      + P.dictionary([("steps", P.list(steps))]) + P.build
    let time = processorTime {
      guard case .tooManyParts = error(pipeline) else {
        Issue.record("\(String(describing: error(pipeline)))")
        return
      }
    }
    #expect(time < .seconds(5))
  }

  // MARK: What is no model

  @Test func valuesThatAreNoEstimatorsAreTold() {
    for value in [
      P.none, P.list([]), P.dictionary([("a", P.none)]), P.text("x"), P.doubles([1]),
      P.global("sklearn.pipeline", "Pipeline"), P.call("collections", "OrderedDict"),
    ] {
      #expect(error(value) == .notAnEstimator)
    }
    let name = "sklearn.linear_model._logistic.LogisticRegression"
    let unfitted = P.global(P.logisticRegression, "LogisticRegression") + P.emptyTuple + P.newObject
    #expect(error(unfitted) == .notFitted(name))
    #expect(error(P.object(P.logisticRegression, "LogisticRegression", [])) == .notFitted(name))
    #expect(error(unfitted + P.none + P.build) == .notFitted(name))
  }

  @Test func partsOfAnotherKindAreTold() {
    for (coefficients, intercepts) in [
      (P.none, nil), (P.text("x"), nil), (P.list([P.text("x")]), nil),
      (P.doubles([1, 2], shape: [1, 1, 2]), nil),
      (P.doubles([1, 2, 3, 4], shape: [4, 1]), nil), (P.doubles([], shape: [0, 2]), nil),
      (nil, P.none), (nil, P.text("0")),
    ] as [([UInt8]?, [UInt8]?)] {
      let model = P.logisticRegression(coefficients: coefficients, intercepts: intercepts)
      guard case .badAttribute = error(model) else {
        Issue.record("\(String(describing: error(model)))")
        continue
      }
    }
  }

  @Test func partsThatDoNotFitAreTold() {
    let three = P.integers([0, 1, 2])
    for model in [
      P.logisticRegression(intercepts: P.doubles([1, 2])),
      P.logisticRegression(intercepts: P.doubles([.nan])),
      P.logisticRegression(coefficients: P.doubles([1, .infinity], shape: [1, 2])),
      P.logisticRegression(classes: P.integers([1])),
      P.logisticRegression(classes: P.integers([1, 1])), P.logisticRegression(classes: three),
      P.logisticRegression(
        coefficients: P.doubles([1, 2, 3], shape: [3, 1]), intercepts: P.doubles([0, 0]),
        classes: three),
      P.pipeline([P.standardScaler(0), P.logisticRegression()]),
    ] {
      let error = error(model)
      switch error {
      case .model, .badAttribute: break
      default: Issue.record("\(String(describing: error))")
      }
    }
    // As many numbers as three rows of two have, in two rows.
    let lie = P.logisticRegression(
      coefficients: P.doubles([1, 2, 3, 4, 5, 6], shape: [2, 3]), intercepts: P.doubles([0, 0, 0]),
      classes: three)
    guard case .badAttribute = error(lie) else {
      Issue.record("\(String(describing: error(lie)))")
      return
    }
  }

  // MARK: Trees

  private static let fork = [
    P.Node(left: 1, right: 2, feature: 0, threshold: 0.5), P.Node(), P.Node(),
  ]

  @Test func countsBecomeShares() throws {
    let counts = P.decisionTree(Self.fork, values: [9, 9, 3, 1, 0, 5])
    #expect(try probabilities(counts, [0, 0]) == [0.75, 0.25])
    #expect(try probabilities(counts, [1, 0]) == [0, 1])
    let empty = P.decisionTree(Self.fork, values: [0, 0, 0, 0, 0, 5])
    #expect(try probabilities(empty, [0, 0]) == [0, 0])
  }

  @Test func missingValuesNeedAVersionThatKnowsThem() throws {
    let model = try read(P.decisionTree(Self.fork, values: [1, 1, 1, 0, 0, 1])).get().model
    #expect(!model.predictor.acceptsMissingValues)
  }

  struct Lie: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let model: [UInt8]
  }

  private static func lie(
    _ name: String, _ nodes: [P.Node], values: [Double]? = nil, features: Int = 2,
    classes: [UInt8]? = nil, nodesArray: [UInt8]? = nil, valuesArray: [UInt8]? = nil
  ) -> Lie {
    Lie(
      testDescription: name,
      model: P.decisionTree(
        nodes, values: values ?? [Double](repeating: 1, count: 2 * nodes.count),
        features: features, classes: classes, nodesArray: nodesArray, valuesArray: valuesArray))
  }

  private static func fork(_ left: Int, _ right: Int, _ feature: Int = 0, _ threshold: Double = 0)
    -> [P.Node]
  {
    [P.Node(left: left, right: right, feature: feature, threshold: threshold), P.Node(), P.Node()]
  }

  @Test(
    arguments: [
      lie("no nodes", []), lie("child beyond the nodes", fork(1, 3)),
      lie("child far beyond", fork(1, .max)), lie("right child missing", fork(1, -1)),
      lie("right child far below", fork(1, .min)), lie("own child", fork(0, 1)),
      lie("one child twice", fork(1, 1)), lie("unreached node", fork(-1, -1)),
      lie(
        "a cycle",
        [P.Node(), P.Node(left: 2, right: 1, feature: 0), P.Node(left: 1, right: 2, feature: 0)]),
      lie(
        "a cycle below the root",
        [
          P.Node(left: 1, right: 2, feature: 0, threshold: 0),
          P.Node(left: 2, right: 1, feature: 0, threshold: 0), P.Node(),
        ]),
      lie("no such feature", fork(1, 2, 2)), lie("feature below 0", fork(1, 2, -1)),
      lie("feature beyond 32 bits", fork(1, 2, 1 << 40), features: 1 << 41),
      lie("feature beyond 53 bits", fork(1, 2, (1 << 53) + 1), features: .max),
      lie("more features than there can be", fork(1, 2), features: .max),
      lie("no features", [P.Node()], features: 0),
      lie("features below 0", [P.Node()], features: -1),
      lie("threshold not a number", fork(1, 2, 0, .nan)),
      lie("leaf not finite", fork(1, 2), values: [1, 1, 1, .infinity, 1, 1]),
      lie("leaf not a number", fork(1, 2), values: [1, 1, 1, 1, 1, .nan]),
      lie("fewer values", fork(1, 2), values: [1, 1, 1]),
      lie("more classes than values", fork(1, 2), classes: P.integers([0, 1, 2])),
      lie("fewer classes than values", fork(1, 2), classes: P.integers([0])),
      lie("no classes", fork(1, 2), classes: P.integers([])),
      lie("nodes no array", fork(1, 2), nodesArray: P.none),
      lie("nodes without fields", fork(1, 2), nodesArray: P.doubles([1, 2, 3])),
      lie(
        "nodes of other fields", fork(1, 2),
        nodesArray: P.array(
          shape: [1], P.dtype(size: 8, fields: [("x", P.dtype("f8"), P.integer(0))]),
          P.bytes([UInt8](repeating: 0, count: 8)))),
      lie(
        "huge nodes of nothing", fork(1, 2),
        nodesArray: P.array(shape: [1 << 62], P.dtype(size: 0, fields: []), P.bytes([])),
        valuesArray: P.doubles([], shape: [0, 1, 2])),
      lie("values no array", fork(1, 2), valuesArray: P.list([])),
      lie(
        "values of text", fork(1, 2), valuesArray: P.array(shape: [0], P.dtype("U1"), P.bytes([]))),
    ])
  func treesThatLieAreRefused(lie: Lie) {
    let error = error(lie.model)
    switch error {
    case .model, .badAttribute: #expect(error?.isUnsupported == false)
    default: Issue.record("\(String(describing: error))")
    }
  }

  /// Lists, tuples, dictionaries and states that hold themselves.
  @Test func valuesInsideThemselvesEnd() {
    let list: [UInt8] = [0x5D] + P.put(9) + P.get(9) + [0x61]
    let dictionary: [UInt8] = [0x7D] + P.put(9) + P.text("steps") + P.get(9) + [0x73]
    let tuple: [UInt8] =
      [0x5D] + P.put(9) + P.get(9) + [0x85] + P.put(8) + [0x61] + P.get(8) + [0x86]
    for value in [list, dictionary, tuple] {
      #expect(error(value) != nil)
      for name in ["coef_", "classes_", "intercept_"] {
        let others = [(name, value)]
        #expect(error(P.logisticRegression(others: others)) != nil)
      }
      #expect(error(P.object("sklearn.pipeline", "Pipeline", [("steps", value)])) != nil)
    }
    let state =
      P.global(P.logisticRegression, "LogisticRegression") + P.emptyTuple + P.newObject + P.put(9)
      + P.dictionary([("coef_", P.get(9)), ("classes_", P.get(9)), ("intercept_", P.get(9))])
      + P.build
    #expect(error(state) != nil)
  }

  @Test func everyErrorHasItsSentence() {
    let errors: [ModelFileError] = [
      .notAnEstimator, .unsupportedEstimator("a.B"), .unsupportedSetting("a.B", "x"),
      .notFitted("a.B"), .missingAttribute("a.B", "x"), .badAttribute("a.B", "x", expected: "y"),
      .model(.badShape("x"), object: "a.B"), .tooManyParts("a.B"),
    ]
    #expect(Set(errors.map(\.message)).count == errors.count)
    let stranger = ModelFileError.unsupportedEstimator("a.B").message
    #expect(stranger.hasPrefix("a.B is not supported; supported are "))
    #expect(stranger.contains("linear models") && stranger.count < 250)
    let sibling = ModelFileError.unsupportedEstimator("sklearn.naive_bayes.ComplementNB").message
    #expect(sibling.hasSuffix("supported of sklearn.naive_bayes are GaussianNB"))
  }
}
