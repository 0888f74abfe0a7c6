import NumericKernels
import TestSupport
import Testing

@Suite struct ChunksTests {
  @Test(arguments: [0, 1, 2, 9, 10, 11, 19, 20, 21, 1000, 1001])
  func everyElementIsInOneChunk(count: Int) {
    let chunks = Chunks.map(count, size: 10) { Array($0) }
    #expect(chunks.flatMap(\.self) == Array(0..<count))
    #expect(chunks.dropLast().allSatisfy { $0.count == 10 })
    #expect(chunks.last.map { (1...10).contains($0.count) } ?? (count == 0))
  }

  @Test(arguments: [0, 1, Chunks.size - 1, Chunks.size, Chunks.size + 1, 3 * Chunks.size])
  func standardChunksBeginAtMultiplesOfTheSize(count: Int) {
    let chunks = Chunks.map(count) { $0 }
    let starts = Array(stride(from: 0, to: count, by: Chunks.size))
    #expect(chunks.map(\.lowerBound) == starts)
    #expect(chunks.map(\.upperBound) == starts.dropFirst() + (count == 0 ? [] : [count]))
  }

  @Test func resultsComeInOrderWhateverEndsFirst() {
    // Early chunks have the most work.
    let sums = Chunks.map(64, size: 1) { rows in
      (0..<(64 - rows.lowerBound) * 500).reduce(rows.lowerBound) { sum, _ in sum }
    }
    #expect(sums == Array(0..<64))
  }

  @Test func floatSumsHaveTheSameBitsEveryTime() {
    var random = SplitMix64(seed: 1)
    let numbers = (0..<20_000).map { _ in
      Double.random(in: -1...1, using: &random) * 1e8
    }
    func sum() -> Double {
      Chunks.map(numbers.count, size: 128) { rows in numbers[rows].reduce(0, +) }.reduce(0, +)
    }
    let first = sum()
    for _ in 0..<20 { #expect(sum().bitPattern == first.bitPattern) }
  }
}
