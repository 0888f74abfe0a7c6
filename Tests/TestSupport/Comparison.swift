/// Whether two numbers differ by at most `relative` of the larger magnitude; undefined values are
/// close to one another alone.
///
/// Equal infinities are close, and so is NaN to NaN.
public func isClose(_ first: Double?, _ second: Double?, relative: Double = 1e-13) -> Bool {
  guard let first, let second else { return first == nil && second == nil }
  if first == second || (first.isNaN && second.isNaN) { return true }
  guard first.isFinite && second.isFinite else { return false }
  return abs(first - second) <= relative * max(abs(first), abs(second))
}

/// Whether at most `ulps` doubles lie between two numbers, the second of them included.
public func isClose(_ first: Double?, _ second: Double?, ulps: UInt64) -> Bool {
  guard let first, let second else { return first == nil && second == nil }
  if first == second || (first.isNaN && second.isNaN) { return true }
  guard first.isFinite && second.isFinite else { return false }
  // The bit patterns of doubles of one sign are in order.
  func rank(_ number: Double) -> Int64 {
    let magnitude = Int64(number.magnitude.bitPattern)
    return number.sign == .minus ? -magnitude : magnitude
  }
  return (rank(first) - rank(second)).magnitude <= ulps
}
