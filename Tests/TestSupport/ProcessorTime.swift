internal import Glibc

/// The time that the calling thread works on something, however busy the machine is.
public func processorTime(_ work: () throws -> Void) rethrows -> Duration {
  func now() -> Duration {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
  let start = now()
  try work()
  return now() - start
}

/// Whether work on four times as much takes at most about four times as long.
///
/// Quadratic work takes sixteen times as long. Neither should be so small that it is over in
/// microseconds, nor so large that it would not end if it were quadratic.
public func takesLinearTime(_ count: Int, _ work: (Int) throws -> Void) rethrows -> Bool {
  // A cold cache may spoil one measurement.
  for _ in 0..<3 {
    let small = try processorTime { try work(count) }
    let large = try processorTime { try work(4 * count) }
    if large < small * 8 + .milliseconds(20) { return true }
  }
  return false
}
