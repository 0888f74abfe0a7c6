extension Double {
  /// Reads a decimal number: ASCII digits with an optional point, sign and exponent, and nothing else.
  ///
  /// Swift's own conversion also takes hexadecimal digits, "inf" and "nan". `nil` for these, and for
  /// what no double holds.
  public init?(decimal text: some StringProtocol) {
    let isDecimal = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0)
    }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    self = value
  }
}
