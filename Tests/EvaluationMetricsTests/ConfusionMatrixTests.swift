import TestSupport
import Testing

@testable import EvaluationMetrics

@Suite struct ConfusionMatrixTests {
  /// Truth in rows: 5 and 1 right of 6 and 4.
  private let binary = ConfusionMatrix(classCount: 2, cells: [5, 1, 3, 1])

  private func randomRows(
    _ count: Int, classes: Int32, seed: UInt64
  ) -> (labels: [Int32], predictions: [Int32], weights: [Double]) {
    var random = SplitMix64(seed: seed)
    return (
      (0..<count).map { _ in Int32.random(in: 0..<classes, using: &random) },
      (0..<count).map { _ in Int32.random(in: 0..<classes, using: &random) },
      (0..<count).map { _ in Double.random(in: 0...2, using: &random) }
    )
  }

  // MARK: Counting

  @Test(arguments: [0, 1, 100, 65_535, 65_536, 65_537, 140_000])
  func cellsAreCounts(count: Int) {
    let (labels, predictions, _) = randomRows(count, classes: 3, seed: UInt64(count))
    var naive = [Double](repeating: 0, count: 9)
    for row in 0..<count { naive[Int(labels[row] * 3 + predictions[row])] += 1 }
    var matrix = ConfusionMatrix(classCount: 3)
    matrix.add(labels: labels, predictions: predictions)
    #expect(matrix.cells == naive)
    #expect(matrix.total == Double(count))
  }

  @Test(arguments: [0, 1, 100, 140_000])
  func weightedCellsAreSumsOfWeights(count: Int) {
    let (labels, predictions, weights) = randomRows(count, classes: 3, seed: UInt64(count))
    var naive = [Double](repeating: 0, count: 9)
    for row in 0..<count { naive[Int(labels[row] * 3 + predictions[row])] += weights[row] }
    var matrix = ConfusionMatrix(classCount: 3)
    matrix.add(labels: labels, predictions: predictions, weights: weights)
    for (cell, sum) in zip(matrix.cells, naive) { #expect(isClose(cell, sum, relative: 1e-12)) }
  }

  @Test func manyClassesAreCounted() {
    let (labels, predictions, _) = randomRows(5000, classes: 300, seed: 1)
    var matrix = ConfusionMatrix(classCount: 300)
    matrix.add(labels: labels, predictions: predictions)
    #expect(matrix[7, 11] == Double(zip(labels, predictions).count { $0 == (7, 11) }))
    #expect(matrix.support(of: 299) == Double(labels.count { $0 == 299 }))
    #expect(matrix.predictedCount(of: 0) == Double(predictions.count { $0 == 0 }))
  }

  @Test(arguments: [1, 777, 65_536, 99_999])
  func partsAddUpToTheWholeBitForBit(cut: Int) {
    let (labels, predictions, _) = randomRows(100_000, classes: 4, seed: 9)
    var whole = ConfusionMatrix(classCount: 4)
    whole.add(labels: labels, predictions: predictions)
    var merged = ConfusionMatrix(classCount: 4)
    var second = ConfusionMatrix(classCount: 4)
    merged.add(labels: Array(labels[..<cut]), predictions: Array(predictions[..<cut]))
    second.add(labels: Array(labels[cut...]), predictions: Array(predictions[cut...]))
    merged.merge(second)
    #expect(merged == whole)
  }

  @Test func addingTwiceCountsBoth() {
    var matrix = ConfusionMatrix(classCount: 2)
    matrix.add(labels: [0, 1], predictions: [1, 1])
    matrix.add(labels: [0], predictions: [1], weights: [0.5])
    #expect(matrix.cells == [0, 1.5, 0, 1])
  }

  @Test func restrictionKeepsTheClassesAskedFor() {
    let matrix = ConfusionMatrix(classCount: 3, cells: [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(matrix.restricted(to: [0, 2]).cells == [1, 3, 7, 9])
    #expect(matrix.restricted(to: []).classCount == 0)
  }

  @Test func presentClassesAreTrueOrPredicted() {
    let matrix = ConfusionMatrix(
      classCount: 4, cells: [1, 0, 2, 0] + [0, 0, 0, 0] + [0, 0, 0, 0] + [0, 0, 0, 0])
    #expect(matrix.trueClasses == [0])
    #expect(matrix.presentClasses == [0, 2])
  }

  // MARK: Measures

  @Test func measuresAreTheirDefinitions() {
    #expect(binary.accuracy == 0.6)
    #expect(binary.precision(of: 0).value == 5.0 / 8)
    #expect(binary.precision(of: 1).value == 1.0 / 2)
    #expect(binary.recall(of: 0).value == 5.0 / 6)
    #expect(binary.recall(of: 1).value == 1.0 / 4)
    #expect(binary.f1(of: 1).value == 2.0 / 6)
    #expect(binary.jaccard(of: 1).value == 1.0 / 5)
    #expect(isClose(binary.balancedAccuracy, (5.0 / 6 + 1.0 / 4) / 2))
  }

  @Test func quotientsOfNothingAreMarked() {
    #expect(Quotient(0, over: 0).value == 0)
    #expect(Quotient(0, over: 0).isZeroDivision)
    #expect(!Quotient(0, over: 5).isZeroDivision)
    #expect(Quotient(1, over: 4).value == 0.25)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func binaryCorrelationIsTheProductFormula(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let cells = (0..<4).map { _ in Double(Int.random(in: 0...30, using: &random)) }
    let (tn, fp, fn, tp) = (cells[0], cells[1], cells[2], cells[3])
    let matrix = ConfusionMatrix(classCount: 2, cells: cells)
    let product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    let naive = product == 0 ? nil : (tp * tn - fp * fn) / product.squareRoot()
    #expect(isClose(matrix.matthewsCorrelation, naive), "seed \(seed)")
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func kappaIsAgreementBeyondChance(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let cells = (0..<9).map { _ in Double(Int.random(in: 0...30, using: &random)) }
    let matrix = ConfusionMatrix(classCount: 3, cells: cells)
    let total = cells.reduce(0, +)
    let chance = (0..<3).reduce(0) { sum, label in
      sum + matrix.support(of: label) / total * matrix.predictedCount(of: label) / total
    }
    let naive = (matrix.accuracy - chance) / (1 - chance)
    let kappa = try #require(matrix.cohenKappa)
    #expect(abs(kappa - naive) <= 1e-13, "seed \(seed)")
  }

  @Test func correlationsAreUndefinedOnlyForConstants() {
    let oneTrue = ConfusionMatrix(classCount: 2, cells: [3, 2, 0, 0])
    #expect(oneTrue.matthewsCorrelation == nil)
    #expect(oneTrue.cohenKappa == 0)
    let onePredicted = ConfusionMatrix(classCount: 2, cells: [3, 0, 2, 0])
    #expect(onePredicted.matthewsCorrelation == nil)
    #expect(onePredicted.cohenKappa == 0)
    let allRight = ConfusionMatrix(classCount: 2, cells: [3, 0, 0, 0])
    #expect(allRight.matthewsCorrelation == nil)
    #expect(allRight.cohenKappa == nil)
    let allWrong = ConfusionMatrix(classCount: 2, cells: [0, 3, 0, 0])
    #expect(allWrong.cohenKappa == 0)
  }

  @Test func perfectAndInvertedPredictionsAreTheEnds() {
    let right = ConfusionMatrix(classCount: 3, cells: [7, 0, 0, 0, 11, 0, 0, 0, 13])
    #expect(right.matthewsCorrelation == 1)
    #expect(right.cohenKappa == 1)
    let inverted = ConfusionMatrix(classCount: 2, cells: [0, 7, 7, 0])
    #expect(inverted.matthewsCorrelation == -1)
    #expect(inverted.cohenKappa == -1)
  }

  @Test func rareClassesKeepTheirDigits() throws {
    // The squares of these counts are beyond the doubles' precision, and within that of integers.
    for cells in [[1_000_000_000, 1, 1, 1], [999_999_937, 60, 3, 0], [5, 2, 700, 1_000_000_007]] {
      let (tn, fp, fn, tp) = (cells[0], cells[1], cells[2], cells[3])
      let covariance = Double(tp * tn - fp * fn)
      let truth = Double((tn + fp) * (fn + tp))
      let prediction = Double((tn + fn) * (fp + tp))
      let matrix = ConfusionMatrix(classCount: 2, cells: cells.map(Double.init))
      #expect(
        isClose(
          matrix.matthewsCorrelation, covariance / (truth.squareRoot() * prediction.squareRoot())))
      let expected =
        Double((tn + fp) * (fp + tp) + (fn + tp) * (tn + fn)) / Double(cells.reduce(0, +))
      let kappa = try #require(matrix.cohenKappa)
      #expect(abs(kappa - (1 - Double(fp + fn) / expected)) <= 1e-15)
    }
  }

  @Test(
    arguments: [[1e17, 1, 0, 0], [1e17, 0, 1, 0], [1e17, 0, 0, 1], [1e17, 1, 1, 1]] as [[Double]])
  func weightsTooLightToCountDoNoHarm(cells: [Double]) {
    let matrix = ConfusionMatrix(classCount: 2, cells: cells)
    for value in [matrix.matthewsCorrelation, matrix.cohenKappa].compactMap(\.self) {
      #expect((-1...1).contains(value))
    }
  }

  @Test(arguments: [1e-300, 1e-160, 1e160, 1e300])
  func theUnitOfWeightsDoesNotMatter(unit: Double) {
    let matrix = ConfusionMatrix(classCount: 2, cells: binary.cells.map { $0 * unit })
    #expect(isClose(matrix.accuracy, binary.accuracy))
    #expect(isClose(matrix.matthewsCorrelation, binary.matthewsCorrelation))
    #expect(isClose(matrix.cohenKappa, binary.cohenKappa))
  }

  @Test func matricesOfOtherClassesDoNotAddUp() async {
    await #expect(processExitsWith: .failure) {
      var matrix = ConfusionMatrix(classCount: 2)
      matrix.merge(ConfusionMatrix(classCount: 3))
    }
  }
}
