import TestSupport
import Testing

@testable import TextSearch

@Suite struct RequiredLiteralTests {
  @Test(arguments: [
    (
      #".*\[[0-9]+\].*#011validation-auc:([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?).*"#,
      "#011validation-auc:"
    ),
    (
      #"#quality_metric: host=\S+, train binary_f_\S+ <score>=(\S+)"#, "#quality_metric: host="
    ),
    ("'eval_accuracy': ([0-9]+(.|e\\-)[0-9]+),?", "'eval_accuracy': "),
    ("ab+c", "ab"), ("abc?d", "ab"), ("ab*", "a"), ("a{2}bc", "bc"), ("^acc: (.*)$", "acc: "),
    (#"\bacc\b"#, "acc"), ("(?i)acc", "acc"), ("(x|y)acc", "acc"), ("[]a]bc", "bc"),
    (#"a\.b"#, "a.b"), ("[[:digit:]]+ab", "ab"), (#"loss: ([0-9.]*?) "#, "loss: "),
  ])
  func literalsAreFound(pattern: String, literal: String) {
    #expect(RequiredLiteral.of(pattern).map { String(decoding: $0, as: UTF8.self) } == literal)
  }

  @Test(arguments: [
    "a|b", "(acc)", "[0-9]+", ".*", "", #"\x41bc"#, #"\Qa+b\E"#, "(?x) a b", "a?", "(", "[", #"\"#,
  ])
  func whereNoneIsCertainThereIsNone(pattern: String) {
    #expect(RequiredLiteral.of(pattern) == nil)
  }

  /// Whatever an expression matches has its literal.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func noMatchLacksIt(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let parts = [
      "a", "b", "ab", "c", ".", "?", "*", "+", "{0,1}", "{2}", "(", ")", "|", "[ab]", "[^a]", "\\b",
      "\\.", "\\d", "^", "$", "(?:", "(?i)",
    ]
    for _ in 0..<20 {
      let pattern = (0..<6).map { _ in parts.randomElement(using: &random) ?? "a" }.joined()
      guard let expression = try? RegularExpression(pattern),
        let literal = RequiredLiteral.of(pattern)
      else { continue }
      for _ in 0..<20 {
        let text = (0..<8).map { _ in
          ["a", "b", "c", "B", ".", "1"].randomElement(using: &random) ?? "a"
        }
        .joined()
        guard let match = expression.groups(in: text)?[0] else { continue }
        let wanted = String(decoding: literal, as: UTF8.self).lowercased()
        #expect(match.lowercased().contains(wanted), "\(pattern) in \(text)")
      }
    }
  }
}
