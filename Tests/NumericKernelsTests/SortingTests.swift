import NumericKernels
import TestSupport
import Testing

@Suite struct SortingTests {
  /// Expects both arrays to be sorted as the standard library does it.
  private func expectSorted(
    _ first: [Double], _ second: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var (sortedFirst, sortedSecond) = (first, second)
    Sorting.sort(&sortedFirst, &sortedSecond)
    #expect(sortedFirst == first.sorted(), sourceLocation: sourceLocation)
    #expect(sortedSecond == second.sorted(), sourceLocation: sourceLocation)
  }

  @Test func fewNumbersAreSorted() {
    expectSorted([], [])
    expectSorted([1], [])
    expectSorted([], [2, 1])
    expectSorted([3, 1, 2], [-1, -3, -2])
    expectSorted([1, 1, 1], [2, 1, 2, 1])
  }

  @Test func extremesAreSorted() {
    let extremes = [
      0.0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNormalMagnitude, 1, 1.nextUp,
      1.nextDown, -1,
    ]
    expectSorted(extremes, extremes.reversed())
    expectSorted(
      Array(repeatElement(extremes, count: 50).joined()),
      Array(repeatElement([-0.0, 0.0], count: 100).joined()))
    expectSorted(
      Array(repeating: .infinity, count: 300),
      Array(repeating: -.infinity, count: 300) + [.infinity])
    for count in [1, 20, 100, 1000] {
      var random = SplitMix64(seed: UInt64(count))
      expectSorted(
        (0..<count).map { _ in extremes.randomElement(using: &random) ?? 0 },
        (0..<count).map { _ in [-.infinity, 1, .infinity].randomElement(using: &random) ?? 0 })
    }
  }

  @Test(arguments: [2, 15, 16, 17, 63, 128, 255, 256, 257, 1000, 5000])
  func randomNumbersAreSorted(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    let wide = (0..<count).map { _ in
      Double.random(in: -1...1, using: &random) * (random.next() % 2 == 0 ? 1 : 1e300)
    }
    let tied = (0..<count / 2).map { _ in Double(Int.random(in: -3...3, using: &random)) }
    expectSorted(wide, tied)
  }

  @Test func arraysSortedOnTwoCoresAreSorted() {
    var random = SplitMix64(seed: 7)
    let large = (0..<Chunks.size + 1000).map { _ in Double.random(in: 0...1, using: &random) }
    let tied = (0..<Chunks.size).map { _ in Double(Int.random(in: 0..<100, using: &random)) / 100 }
    expectSorted(large, tied)
    expectSorted(large, [])
    expectSorted(large.sorted(), large.sorted().reversed())
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func orderIsThatOfAStableSort(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let special: [Double] = [
      0.0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    ]
    let numbers = (0..<Int(seed) * 53).map { _ in
      Bool.random(using: &random)
        ? special[Int.random(in: 0..<special.count, using: &random)]
        : Double(Int.random(in: -9...9, using: &random)) / 3
    }
    let expected = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    #expect(Sorting.order(of: numbers).map(Int.init) == expected)
  }
}
