import NumericKernels
import TestSupport
import Testing

@Suite struct BLASTests {
  private static func vector(_ count: Int, _ random: inout SplitMix64) -> [Double] {
    (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
  }

  /// Whether a sum of `count` products of numbers up to 1 is right, in any order of addition.
  private static func isSum(_ sum: Double, _ expected: Double, of count: Int) -> Bool {
    abs(sum - expected) <= Double(count + 1) * Double(count + 1).squareRoot() * Double.ulpOfOne
  }

  @Test(arguments: [0, 1, 2, 3, 7, 8, 31, 64, 1000])
  func dotIsTheSumOfProducts(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    let x = Self.vector(count, &random)
    let y = Self.vector(count, &random)
    let naive = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    let sum = BLAS.dot(x.span, y.span)
    #expect(Self.isSum(sum, naive, of: count))
  }

  @Test(arguments: [0, 1, 2, 3, 7, 8, 31, 64, 1000])
  func absoluteSumIsTheSumOfMagnitudes(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    let x = Self.vector(count, &random)
    let naive = x.reduce(0) { $0 + abs($1) }
    let sum = BLAS.absoluteSum(x.span)
    #expect(isClose(sum, naive, relative: Double(count) * Double.ulpOfOne))
  }

  @Test func wholeNumbersAddUpExactly() {
    let x = (1...100).map(Double.init)
    let negatives = x.map { -$0 }
    let (squares, sum) = (BLAS.dot(x.span, x.span), BLAS.absoluteSum(negatives.span))
    #expect(squares == 338_350)
    #expect(sum == 5050)
  }

  @Test(arguments: [0, 1, 2, 5, 33], [1, 2, 3, 10])
  func multiplyAddIsTheMatrixProduct(rowCount: Int, outputCount: Int) {
    for innerCount in [1, 2, 4, 17] {
      var random = SplitMix64(seed: UInt64(1000 * rowCount + 10 * outputCount + innerCount))
      let rows = Self.vector(rowCount * innerCount, &random)
      let weights = Self.vector(outputCount * innerCount, &random)
      let start = Self.vector(rowCount * outputCount, &random)
      var result = start
      var span = result.mutableSpan
      BLAS.multiplyAdd(
        rows.span, byTransposed: weights.span, innerCount: innerCount, into: &span)
      for row in 0..<rowCount {
        for output in 0..<outputCount {
          var naive = start[row * outputCount + output]
          for inner in 0..<innerCount {
            naive += rows[row * innerCount + inner] * weights[output * innerCount + inner]
          }
          #expect(
            Self.isSum(result[row * outputCount + output], naive, of: innerCount + 1),
            "row \(row), output \(output), inner count \(innerCount)")
        }
      }
    }
  }

  @Test func noOutputsLeaveNothingToDo() {
    let rows = [1.0, 2]
    let weights: [Double] = []
    var result: [Double] = []
    var span = result.mutableSpan
    BLAS.multiplyAdd(rows.span, byTransposed: weights.span, innerCount: 2, into: &span)
    #expect(result.isEmpty)
  }

  @Test func vectorsOfDifferentLengthsAreAnError() async {
    await #expect(processExitsWith: .failure) {
      let x = [1.0, 2]
      let y = [1.0]
      _ = BLAS.dot(x.span, y.span)
    }
  }

  @Test func matricesThatDoNotFitAreAnError() async {
    await #expect(processExitsWith: .failure) {
      let rows = [1.0, 2, 3]
      let weights = [1.0, 2]
      var result = [0.0]
      var span = result.mutableSpan
      BLAS.multiplyAdd(rows.span, byTransposed: weights.span, innerCount: 2, into: &span)
    }
  }
}
