import TestSupport
import Testing

@testable import TextSearch

@Suite struct LiteralSetTests {
  /// Every hit as the literal's index and its end, sorted.
  private func hits(_ literals: [String], in text: String, cutAt cut: Int? = nil) -> [[Int]] {
    let set = LiteralSet(literals.map { Array($0.utf8) })
    let bytes = Array(text.utf8)
    let span = bytes.span
    var hits: [[Int]] = []
    var state = 0
    let cut = cut ?? bytes.count
    for part in [0..<cut, cut..<bytes.count] {
      var start = part.lowerBound
      while let hit = set.next(in: span, start..<part.upperBound, state: &state) {
        hits += set.literals(of: hit).map { [$0, hit.end] }
        start = hit.end
      }
    }
    return hits.sorted { ($0[1], $0[0]) < ($1[1], $1[0]) }
  }

  /// The same by trying every place.
  private func plainHits(_ literals: [String], in text: String) -> [[Int]] {
    let bytes = Array(text.lowercased().utf8)
    return (0...bytes.count).flatMap { end in
      literals.indices.compactMap { index in
        bytes[..<end].suffix(literals[index].utf8.count)
          .elementsEqual(literals[index].lowercased().utf8) ? [index, end] : nil
      }
    }
  }

  @Test func overlappingLiteralsAreAllFound() {
    #expect(hits(["he", "she", "hers", "his"], in: "uSHErs") == [[0, 4], [1, 4], [2, 6]])
    #expect(hits([], in: "abc") == [])
    #expect(hits(["aa"], in: "aaaa") == [[0, 2], [0, 3], [0, 4]])
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func allPlacesAreFound(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func word(_ length: Int) -> String {
      String(
        (0..<length).map { _ in ["a", "B", "b", "c"].randomElement(using: &random) ?? "a" }
          .joined())
    }
    let literals = (0..<6).map { _ in word(Int.random(in: 1...4, using: &random)) }
    let text = word(60)
    #expect(hits(literals, in: text) == plainHits(literals, in: text), "seed \(seed)")
    #expect(hits(literals, in: text, cutAt: 31) == plainHits(literals, in: text), "seed \(seed)")
  }
}
