internal import Glibc

/// A reproducible stream of random numbers: xoshiro256++, seeded by SplitMix64.
///
/// One seed and stream give the same numbers on every machine. It is not for secrets.
///
/// Source: Blackman and Vigna 2021, doi:10.1145/3460772; Steele, Lea and Flood 2014,
/// doi:10.1145/2660193.2660195.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Creates a stream.
  ///
  /// - Parameters:
  ///   - seed: What tells runs apart.
  ///   - stream: What tells the streams of one run apart, such as the number of a replicate.
  public init(seed: UInt64, stream: UInt64 = 0) {
    // The stream is mixed in before the seed is spread, so that neighbours have nothing in common.
    var mixer = seed &+ Self.mixed(stream &+ 0x9E37_79B9_7F4A_7C15)
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      return Self.mixed(mixer)
    }
    state = (next(), next(), next(), next())
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 {
    func turned(_ value: UInt64, _ count: UInt64) -> UInt64 {
      (value << count) | (value >> (64 &- count))
    }
    let result = turned(state.0 &+ state.3, 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = turned(state.3, 45)
    return result
  }

  /// A number in 0..<1, of 53 bits.
  public mutating func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// How many of `count` trials succeed, each with a probability of its own accord.
  ///
  /// - Parameters:
  ///   - count: The trials, at least 0.
  ///   - probability: Of success, in 0...1.
  /// - Returns: a number in 0...count, distributed exactly but for rounding.
  /// - Complexity: O(1), about 0.1 microseconds.
  ///
  /// Source: Hörmann 1993, doi:10.1080/00949659308811496 (transformed rejection).
  public mutating func binomial(_ count: Int, probability: Double) -> Int {
    precondition(count >= 0 && probability >= 0 && probability <= 1, "trials of a probability")
    if count == 0 || probability == 0 { return 0 }
    if probability > 0.5 { return count - binomial(count, probability: 1 - probability) }
    return Double(count) * probability < 10
      ? smallBinomial(count, probability) : largeBinomial(count, probability)
  }

  /// Counts the failures between successes, whose lengths are geometric.
  private mutating func smallBinomial(_ count: Int, _ probability: Double) -> Int {
    let scale = log1p(-probability)
    var successes = 0
    var trials = 0.0
    while true {
      // 1 - fraction is never 0, whose logarithm is infinite.
      trials += (log(1 - nextFraction()) / scale).rounded(.down) + 1
      guard trials <= Double(count) else { return successes }
      successes += 1
    }
  }

  private mutating func largeBinomial(_ count: Int, _ probability: Double) -> Int {
    let trials = Double(count)
    let odds = probability / (1 - probability)
    let deviation = (trials * probability * (1 - probability)).squareRoot()
    let b = 1.15 + 2.53 * deviation
    let a = -0.0873 + 0.0248 * b + 0.01 * probability
    let c = trials * probability + 0.5
    let alpha = (2.83 + 5.1 / b) * deviation
    let mode = ((trials + 1) * probability).rounded(.down)
    while true {
      let u = nextFraction() - 0.5
      let v = 1 - nextFraction()
      let distance = 0.5 - abs(u)
      let k = ((2 * a / distance + b) * u + c).rounded(.down)
      // Most draws lie where the curve is surely above them.
      if distance >= 0.07 && v <= 0.92 - 4.2 / b { return Int(k) }
      guard k >= 0 && k <= trials else { continue }
      let bound =
        logGamma(mode + 1) + logGamma(trials - mode + 1) - logGamma(k + 1)
        - logGamma(trials - k + 1) + (k - mode) * log(odds)
      if log(v * alpha / (a / (distance * distance) + b)) <= bound { return Int(k) }
    }
  }

  private func logGamma(_ value: Double) -> Double { lgamma(value).0 }

  /// How `total` draws fall into cells, each as likely as it is large.
  ///
  /// - Parameters:
  ///   - total: The draws, at least 0.
  ///   - cells: The cells' sizes, not negative, one of them above 0.
  ///   - counts: As many numbers as there are cells, which are set to the draws of each.
  /// - Complexity: O(*cells*).
  public mutating func multinomial(
    _ total: Int, cells: [Double], into counts: inout [Double]
  ) {
    precondition(cells.count == counts.count, "a count for each cell")
    var rest = total
    var size = cells.reduce(0, +)
    precondition(size > 0, "a cell to fall into")
    for (index, cell) in cells.enumerated() {
      let drawn = binomial(rest, probability: cell >= size ? (cell > 0 ? 1 : 0) : cell / size)
      counts[index] = Double(drawn)
      rest -= drawn
      size -= cell
    }
  }
}
