import NumericKernels
import TestSupport
import Testing

@Suite struct SortedRunsTests {
  /// All numbers from the greatest to the smallest, with their weights.
  private func read(
    _ runs: [SortedRuns], capacity: Int
  ) throws(ScratchError) -> [(number: Double, weight: Double?)] {
    var blocks = SortedBlocks(runs, capacity: capacity)
    var all: [(Double, Double?)] = []
    while let block = try blocks.next() {
      #expect(
        !block.numbers.isEmpty
          && block.weights.map(\.count) ?? block.numbers.count == block.numbers.count)
      for place in block.numbers.indices.reversed() {
        all.append((block.numbers[place], block.weights?[place]))
      }
    }
    return all
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func numbersComeSorted(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let file = try ScratchFile()
    let isWeighted = seed % 2 == 0
    let steps = [2, 100, 1 << 50].randomElement(using: &random) ?? 2
    var runs = (0..<3).map { _ in
      SortedRuns(
        in: file, isWeighted: isWeighted, capacity: Int.random(in: 1...300, using: &random))
    }
    var expected: [(Double, Double)] = []
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let side = Int.random(in: 0...2, using: &random)
      let numbers = (0..<Int.random(in: 0...500, using: &random)).map { _ in
        Double(Int.random(in: -steps...steps, using: &random))
      }
      let weights = numbers.map { _ in Double(Int.random(in: 0...4, using: &random)) }
      try runs[side].add(numbers, weights: isWeighted ? weights : nil)
      expected += zip(numbers, isWeighted ? weights : numbers.map { _ in 0 })
    }
    for side in runs.indices { try runs[side].putAside() }
    #expect(runs.reduce(0) { $0 + $1.count } == expected.count)
    let found = try read(runs, capacity: Int.random(in: 1...900, using: &random))
    let sorted = expected.sorted { $0 > $1 }
    #expect(found.map(\.number) == sorted.map(\.0))
    if isWeighted { #expect(found.map(\.weight) == sorted.map(\.1)) }
  }

  @Test func pairsAreSortedByNumberAndThenByWeight() {
    var random = SplitMix64(seed: 5)
    let extremes = [
      0.0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude, -1, 1,
      -.greatestFiniteMagnitude,
    ]
    for count in [0, 1, 7, 1_000] {
      var numbers = (0..<count).map { _ in extremes.randomElement(using: &random) ?? 0 }
      var weights = (0..<count).map { _ in extremes.randomElement(using: &random) ?? 0 }
      let expected = zip(numbers, weights).sorted { $0 < $1 }
      Sorting.sort(&numbers, withWeights: &weights)
      #expect(numbers == expected.map(\.0))
      #expect(weights == expected.map(\.1))
    }
  }

  @Test func columnsAreReadInAnyOrder() throws {
    var column = try ScratchColumn<Int32>()
    try column.append(Array(0..<1_000))
    try column.append([])
    try column.append(Array(1_000..<5_000))
    #expect(column.count == 5_000)
    #expect(try column.elements(990..<1_010) == Array(990..<1_010))
    #expect(try column.elements(0..<0).isEmpty)
    #expect(try column.elements(4_999..<5_000) == [4_999])
  }
}
