import Testing

@testable import EvaluationMetrics

@Suite struct CompensatedSumTests {
  @Test func smallTermsAreKeptBesideLargeOnes() {
    var sum = CompensatedSum()
    for term in [1, 1e100, 1, -1e100] { sum += term }
    #expect(sum.value == 2)
    var other = CompensatedSum()
    other += 0.5
    sum += other
    #expect(sum.value == 2.5)
  }

  @Test func manyTermsDoNotAddUpTheirErrors() {
    var sum = CompensatedSum()
    for _ in 0..<1_000_000 { sum += 0.1 }
    #expect(abs(sum.value - 100_000.00000000000555) <= 1.5e-11)
  }
}
