import Foundation
import DataTables
import PredictiveModels
import TestSupport
import Testing

@Suite struct OutputFormTests {
  private static let two: [Label] = [.text("no"), .text("yes")]
  private static let three: [Label] = [.integer(0), .integer(1), .integer(2)]

  /// A classifier of one feature whose sum is the feature itself.
  private func logistic(factor: Double = 1) throws -> ScoringModel {
    try linearClassifier(
      name: "Linear", classes: Self.two, coefficients: [1], intercepts: [0],
      link: .logistic(factor: factor))
  }

  /// A classifier of three classes whose sums are the three features.
  private func threeSums(_ link: OutputForm.ClassLink) throws -> ScoringModel {
    try linearClassifier(
      name: "Linear", classes: Self.three, coefficients: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      intercepts: [0, 0, 0], link: link)
  }

  private func rows(_ values: [Double], columns: Int) -> FeatureMatrix {
    FeatureMatrix(values: values, columnCount: columns)
  }

  // MARK: Links

  @Test(arguments: [1.0, 2.0])
  func logisticGivesTheSecondClassItsProbability(factor: Double) throws {
    let output = try logistic(factor: factor).predict(rows([0, 1, -1, 0.25], columns: 1))
    #expect(output.classes == Self.two)
    #expect(output.predictions == .classes([0, 1, 0, 1]))
    let expected = [0, 1, -1, 0.25].flatMap { (sum: Double) -> [Double] in
      let share = odds(factor * sum)
      return [1 - share, share]
    }
    let probabilities = try #require(output.probabilities)
    #expect(probabilities[0] == 0.5 && probabilities[1] == 0.5)
    for (probability, expected) in zip(probabilities, expected) {
      #expect(isClose(probability, expected))
    }
  }

  @Test func aSoftmaxOfOppositeSumsIsALogisticOfTwiceTheSum() throws {
    let softmax = try linearClassifier(
      name: "Linear", classes: Self.two, coefficients: [-1, 1], intercepts: [0, 0], link: .softmax()
    )
    let features = rows([-3, -0.5, 0.125, 2, 40], columns: 1)
    let expected = try #require(try softmax.predict(features).probabilities)
    let found = try #require(try logistic(factor: 2).predict(features).probabilities)
    for (found, expected) in zip(found, expected) {
      #expect(isClose(found, expected) || abs(found - expected) < 1e-16)
    }
  }

  @Test func softmaxSharesAreExponentials() throws {
    let output = try threeSums(.softmax()).predict(rows([1, 2, 3, 0, 0, 0], columns: 3))
    let exponentials = [1.0, 2, 3].map { exp($0) }
    let total = exponentials.reduce(0, +)
    let expected = exponentials.map { $0 / total } + [Double](repeating: 1 / 3, count: 3)
    for (found, expected) in zip(try #require(output.probabilities), expected) {
      #expect(isClose(found, expected))
    }
    #expect(output.predictions == .classes([2, 0]))
  }

  @Test func oneVersusRestSharesAreLogistics() throws {
    let output = try threeSums(.oneVersusRest).predict(rows([1, -2, 3], columns: 3))
    let shares = [1.0, -2, 3].map(odds)
    let total = shares.reduce(0, +)
    for (found, share) in zip(try #require(output.probabilities), shares) {
      #expect(isClose(found, share / total))
    }
    #expect(output.predictions == .classes([2]))
  }

  // MARK: Ties and margins

  @Test func theFirstOfEqualSumsIsPredicted() throws {
    for link in [OutputForm.ClassLink.softmax(), .oneVersusRest] {
      let output = try threeSums(link).predict(
        rows([1, 1, 1, 0, 2, 2, 5, -1, 5, 0.0, -0.0, 0.0], columns: 3))
      #expect(output.predictions == .classes([0, 1, 0, 0]))
    }
  }

  @Test func aSumOfZeroIsTheFirstClass() throws {
    let sums = [0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude]
    #expect(
      try logistic().predict(rows(sums, columns: 1)).predictions == .classes([0, 0, 1, 0]))
  }

  @Test func largeMarginsAreNumbers() throws {
    let far = [1e3, -1e3, 1e300, -1e300, 710, -710, 745, -745]
    let output = try logistic(factor: 2).predict(rows(far, columns: 1))
    let probabilities = try #require(output.probabilities)
    #expect(probabilities.allSatisfy { (0...1).contains($0) })
    for (row, margin) in far.enumerated() {
      let expected: Double = margin > 0 ? 1 : 0
      #expect(abs(probabilities[2 * row + 1] - expected) < 1e-300, "margin \(margin)")
    }
    let softmax = try threeSums(.softmax()).predict(
      rows([1e300, -1e300, 0, 1e3, 1e3, -1e3, -1e3, -1e3, -1e3], columns: 3))
    let third = 1.0 / 3
    #expect(softmax.probabilities == [1, 0, 0, 0.5, 0.5, 0, third, third, third])
  }

  /// scipy's expit(-720) is 2e-313 and not 0, so scikit-learn shares it out.
  @Test func sumsFarBelowZeroStillHaveShares() throws {
    let output = try threeSums(.oneVersusRest).predict(rows([-720, -720, -1e4], columns: 3))
    #expect(output.probabilities == [0.5, 0.5, 0])
  }

  @Test func probabilitiesAddUpToOne() throws {
    var random = SplitMix64(seed: 11)
    let features = rows((0..<300).map { _ in .random(in: -30...30, using: &random) }, columns: 3)
    for link in [OutputForm.ClassLink.softmax(), .oneVersusRest] {
      let probabilities = try #require(try threeSums(link).predict(features).probabilities)
      for row in 0..<100 {
        let sum = probabilities[3 * row..<3 * row + 3].reduce(0, +)
        #expect(abs(sum - 1) <= 4 * .ulpOfOne, "row \(row)")
      }
    }
  }

  // MARK: Shapes

  @Test func whatItIsIsTold() throws {
    let classifier = try threeSums(.softmax())
    #expect(classifier.name == "Linear")
    #expect(classifier.featureCount == 3)
    #expect(classifier.classes == Self.three)
    #expect(classifier.treeCount == nil)
    #expect(!classifier.acceptsMissingValues && !classifier.roundsToSinglePrecision)
  }

  @Test func noRowsGiveNoPredictions() throws {
    let output = try threeSums(.softmax()).predict(rows([], columns: 3))
    #expect(output.rowCount == 0 && output.probabilities == [])
  }

  struct BadShape: Sendable {
    let classes: [Label]
    let coefficients: [Double]
    let intercepts: [Double]
    let link: OutputForm.ClassLink
  }

  @Test(arguments: [
    BadShape(classes: [], coefficients: [1], intercepts: [0], link: .logistic(factor: 1)),
    BadShape(classes: [], coefficients: [], intercepts: [], link: .softmax()),
    BadShape(classes: [.integer(1)], coefficients: [1], intercepts: [0], link: .softmax()),
    BadShape(
      classes: [.integer(1), .integer(1)], coefficients: [1], intercepts: [0],
      link: .logistic(factor: 1)),
    BadShape(classes: three, coefficients: [1], intercepts: [0], link: .logistic(factor: 1)),
    BadShape(classes: two, coefficients: [1, 2], intercepts: [0, 0], link: .logistic(factor: 1)),
    BadShape(classes: two, coefficients: [], intercepts: [0], link: .logistic(factor: 1)),
    BadShape(classes: three, coefficients: [1, 2, 3], intercepts: [0], link: .softmax()),
    BadShape(classes: three, coefficients: [1, 2, 3, 4], intercepts: [0, 0, 0], link: .softmax()),
    BadShape(classes: three, coefficients: [], intercepts: [0, 0, 0], link: .oneVersusRest),
  ])
  func shapesThatDoNotFitAreRefused(shape: BadShape) {
    let error = #expect(throws: ModelError.self) {
      try linearClassifier(
        name: "Linear", classes: shape.classes, coefficients: shape.coefficients,
        intercepts: shape.intercepts, link: shape.link)
    }
    guard case .badShape(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("Linear "))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func numbersThatAreNotFiniteAreRefused(number: Double) {
    for (coefficient, intercept) in [(number, 0), (1, number)] {
      #expect(throws: ModelError.badNumber("Linear has a coefficient that is not finite")) {
        try linearClassifier(
          name: "Linear", classes: Self.two, coefficients: [coefficient],
          intercepts: [intercept], link: .logistic(factor: 1))
      }
    }
  }

  // MARK: The fast path and its twin

  struct Size: Sendable, CustomTestStringConvertible {
    let rows: Int
    let features: Int
    let classes: Int
    var testDescription: String { "\(rows) rows, \(features) features, \(classes) classes" }
  }

  /// One-vs-rest turns one sum into one probability at a time, so sums are compared through it.
  @Test(arguments: [
    Size(rows: 1, features: 1, classes: 2), Size(rows: 7, features: 3, classes: 2),
    Size(rows: 50, features: 30, classes: 2), Size(rows: 13, features: 5, classes: 3),
    Size(rows: 40, features: 64, classes: 10), Size(rows: 4_100, features: 4, classes: 2),
    Size(rows: 4_097, features: 3, classes: 3), Size(rows: 3, features: 1_000, classes: 4),
  ])
  func sumsAreThoseOfTheNaiveLoop(size: Size) throws {
    var random = SplitMix64(seed: UInt64(size.rows * 1_000 + size.features))
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in .random(in: -1...1, using: &random) }
    }
    let sumCount = size.classes == 2 ? 1 : size.classes
    let coefficients = numbers(sumCount * size.features)
    let intercepts = numbers(sumCount)
    let values = numbers(size.rows * size.features)
    let link: OutputForm.ClassLink = sumCount == 1 ? .logistic(factor: 1) : .softmax()
    let classifier = try linearClassifier(
      name: "Linear", classes: (0..<size.classes).map { .integer(Int64($0)) },
      coefficients: coefficients, intercepts: intercepts, link: link)
    let output = try classifier.predict(rows(values, columns: size.features))
    let probabilities = try #require(output.probabilities)
    guard case .classes(let codes) = output.predictions else {
      Issue.record("a classifier predicts classes")
      return
    }
    for row in 0..<size.rows {
      let products = (0..<sumCount).map { sum in
        (0..<size.features).map {
          coefficients[sum * size.features + $0] * values[row * size.features + $0]
        }
      }
      let sums = products.enumerated().map { $1.reduce(intercepts[$0], +) }
      let bounds = products.enumerated().map { sum, products in
        4 * Double(size.features) * .ulpOfOne
          * products.reduce(abs(intercepts[sum])) { $0 + abs($1) }
      }
      // The log of the odds is the sum, or the difference of two sums.
      let shares = Array(probabilities[row * size.classes..<(row + 1) * size.classes])
      let smallest = shares.reduce(1, min)
      for other in 1..<size.classes {
        let found = log(shares[other] / shares[0])
        let expected = sumCount == 1 ? sums[0] : sums[other] - sums[0]
        let bound = bounds[0] + (sumCount == 1 ? 0 : bounds[other])
        // Taking the logarithm of the shares loses a few bits more.
        let slack = 64 * .ulpOfOne * (1 + abs(expected)) * max(1, 1 / smallest)
        #expect(abs(found - expected) <= bound + slack, "row \(row), class \(other)")
      }
      if sumCount == 1 {
        if abs(sums[0]) > bounds[0] { #expect(codes[row] == (sums[0] > 0 ? 1 : 0)) }
      } else {
        let greatest = sums.reduce(-.infinity, max)
        #expect(sums[Int(codes[row])] >= greatest - 2 * bounds.reduce(0, max))
      }
    }
  }
}

/// The logistic function, plainly.
private func odds(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
