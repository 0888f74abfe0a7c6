import Testing

@testable import ModelArtifacts

@Suite struct FindingTests {
  @Test func severitiesAreInOrder() {
    let order: [Finding.Severity] = [.info, .warning, .error, .critical]
    #expect(order.shuffled().sorted() == order)
  }
}
