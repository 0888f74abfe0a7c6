import EvaluationMetrics
import TestSupport
import Testing

@Suite struct ClassRanksTests {
  /// Of equal probabilities the lower class comes first.
  @Test func tiesFollowTheOrderOfClasses() {
    var ranks = ClassRanks(classCount: 3)
    let uniform = [Double](repeating: 1.0 / 3, count: 9)
    ranks.add(labels: [0, 1, 2], probabilities: uniform)
    #expect(ranks.accuracy(top: 1) == 1.0 / 3)
    #expect(ranks.accuracy(top: 2) == 2.0 / 3)
    #expect(ranks.accuracy(top: 3) == nil)
  }

  @Test(arguments: 0..<10 as Range<UInt64>, 1...4)
  func ranksAreThoseOfSorting(seed: UInt64, k: Int) {
    var random = SplitMix64(seed: seed)
    let labels = (0..<100).map { _ in Int32.random(in: 0..<5, using: &random) }
    let probabilities = (0..<500).map { _ in Double(Int.random(in: 0..<6, using: &random)) }
    var ranks = ClassRanks(classCount: 5)
    ranks.add(labels: Array(labels[..<30]), probabilities: Array(probabilities[..<150]))
    var rest = ClassRanks(classCount: 5)
    rest.add(labels: Array(labels[30...]), probabilities: Array(probabilities[150...]))
    ranks.merge(rest)
    let hits = labels.indices.count { row in
      let order = (0..<5).sorted { first, second in
        let (p, q) = (probabilities[row * 5 + first], probabilities[row * 5 + second])
        return p > q || (p == q && first < second)
      }
      return order.prefix(k).contains(Int(labels[row]))
    }
    #expect(ranks.accuracy(top: k) == Double(hits) / 100)
  }
}
