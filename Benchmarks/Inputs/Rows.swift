/// A seeded generator, so that every run measures the same rows.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

/// Rows of a problem of two classes, whose scores tell something of their labels, or of ten.
public struct Rows: Sendable {
  public private(set) var labels: [Int32] = []
  public private(set) var predictions: [Int32] = []
  /// Of two classes only.
  public private(set) var scores: [Double] = []

  public init(_ count: Int, hasTenClasses: Bool = false) {
    var random = SplitMix64(seed: UInt64(count))
    labels.reserveCapacity(count)
    predictions.reserveCapacity(count)
    if !hasTenClasses { scores.reserveCapacity(count) }
    for _ in 0..<count {
      if hasTenClasses {
        let label = Int32.random(in: 0..<10, using: &random)
        let isRight = Int.random(in: 0..<10, using: &random) < 7
        labels.append(label)
        predictions.append(isRight ? label : Int32.random(in: 0..<10, using: &random))
      } else {
        let isPositive = Double.random(in: 0..<1, using: &random) < 0.4
        let score = Double.random(in: 0..<0.6, using: &random) + (isPositive ? 0.4 : 0)
        labels.append(isPositive ? 1 : 0)
        predictions.append(score > 0.5 ? 1 : 0)
        scores.append(score)
      }
    }
  }

  public var isPositive: [Bool] { labels.map { $0 == 1 } }
}
