import NumericKernels
import Testing

@Suite struct ResamplingTests {
  @Test func oneSeedGivesOneStream() {
    func numbers(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
      var source = RandomSource(seed: seed, stream: stream)
      return (0..<8).map { _ in source.next() }
    }
    #expect(numbers(1, 0) == numbers(1, 0))
    let others = [numbers(1, 0), numbers(2, 0), numbers(1, 1), numbers(0, 1), numbers(0, 2)]
    #expect(Set(others).count == others.count)
  }

  /// Trials and probabilities on both sides of where the method changes, and at the ends.
  private static let binomials: [(count: Int, probability: Double)] = [
    (1, 0.5), (7, 0.3), (40, 0.2), (40, 0.24), (40, 0.26), (60, 0.9), (1_000, 0.004),
    (1_000, 0.011), (1_000, 0.5), (100_000, 0.25), (10_000_000, 0.37), (10_000_000, 1e-7),
  ]

  @Test(arguments: 0..<binomials.count)
  func binomialNumbersHaveTheirMeanAndVariance(index: Int) {
    let (count, probability) = Self.binomials[index]
    var source = RandomSource(seed: 5, stream: UInt64(index))
    let draws = 20_000
    let numbers = (0..<draws).map { _ in
      Double(source.binomial(count, probability: probability))
    }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 <= Double(count) && $0 == $0.rounded() })
    let mean = Double(count) * probability
    let variance = mean * (1 - probability)
    let found = numbers.reduce(0, +) / Double(draws)
    let spread = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws)
    #expect(abs(found - mean) < 4.5 * (variance / Double(draws)).squareRoot())
    // A binomial's fourth moment is 3 variance² + variance (1 - 6 p (1 - p)).
    let fourth = 2 * variance * variance + variance * (1 - 6 * probability * (1 - probability))
    #expect(abs(spread - variance) < 4.5 * (max(fourth, 0) / Double(draws)).squareRoot() + 1e-12)
  }

  @Test func smallBinomialsHaveTheirProbabilities() {
    var source = RandomSource(seed: 9)
    for probability in [0.1, 0.5, 0.8] {
      var counts = [Double](repeating: 0, count: 5)
      for _ in 0..<40_000 { counts[source.binomial(4, probability: probability)] += 1 }
      let ways: [Double] = [1, 4, 6, 4, 1]
      var chi = 0.0
      for successes in 0...4 {
        var expected = 40_000 * ways[successes]
        for trial in 0..<4 { expected *= trial < successes ? probability : 1 - probability }
        chi += (counts[successes] - expected) * (counts[successes] - expected) / expected
      }
      // Of four degrees of freedom, exceeded once in 10,000 times.
      #expect(chi < 23.5, "\(probability): \(counts)")
    }
  }

  @Test func certainAndImpossibleTrialsTakeNoChance() {
    var source = RandomSource(seed: 1)
    #expect(source.binomial(0, probability: 0.5) == 0)
    #expect(source.binomial(9, probability: 0) == 0)
    #expect(source.binomial(9, probability: 1) == 9)
  }

  @Test func multinomialDrawsAddUpAndLeaveEmptyCellsEmpty() {
    var source = RandomSource(seed: 3)
    let cells: [Double] = [0, 5, 0, 1, 94, 0]
    var sums = [Double](repeating: 0, count: cells.count)
    for _ in 0..<5_000 {
      var counts = cells
      source.multinomial(100, cells: cells, into: &counts)
      #expect(counts.reduce(0, +) == 100)
      for index in cells.indices { sums[index] += counts[index] / 5_000 }
    }
    for (sum, cell) in zip(sums, cells) {
      let deviation = (cell * (1 - cell / 100) / 5_000).squareRoot()
      #expect(abs(sum - cell) <= 4.5 * deviation, "\(sums)")
    }
  }

  @Test(arguments: [0, 1, 2, 7, 4_095, 4_096, 4_097, 8_192, 20_000])
  func asManyRowsAreDrawnAsThereAre(count: Int) {
    var source = RandomSource(seed: 11, stream: UInt64(count))
    var draws = [UInt8](repeating: 7, count: count)
    for _ in 0..<3 {
      Resampling.draw(into: &draws, using: &source)
      #expect(draws.reduce(0) { $0 + Int($1) } == count)
    }
  }

  @Test func everyRowIsDrawnAlike() {
    // A whole block and a piece of one, whose rows must be as likely as any other.
    let count = 4_096 + 500
    var source = RandomSource(seed: 2)
    var draws = [UInt8](repeating: 0, count: count)
    var sums = [Double](repeating: 0, count: count)
    var squares = 0.0
    let rounds = 2_000
    for _ in 0..<rounds {
      Resampling.draw(into: &draws, using: &source)
      for row in 0..<count {
        sums[row] += Double(draws[row])
        squares += Double(draws[row]) * Double(draws[row])
      }
    }
    // Each sum is nearly Poisson distributed around the rounds, and so are draws around 1.
    let chi = sums.reduce(0) { $0 + ($1 - 2_000) * ($1 - 2_000) / 2_000 }
    #expect(abs(chi - Double(count)) < 5 * (2 * Double(count)).squareRoot())
    #expect(abs(squares / Double(rounds * count) - 2) < 0.005)
    let head = sums[..<4_096].reduce(0, +) / Double(rounds)
    let deviation = (4_096.0 * 500 / Double(count) / Double(rounds)).squareRoot()
    #expect(abs(head - 4_096) < 5 * deviation)
  }
}
