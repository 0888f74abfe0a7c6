internal import CHighway
internal import Dispatch

/// Sorting of scores by Highway's vectorised quicksort.
public enum Sorting {
  /// Sorts two arrays into ascending order, each on a core of its own.
  ///
  /// Neither holds a NaN. Zeros of either sign are equal, and may change their sign.
  ///
  /// - Complexity: O(*n* log *n*).
  public static func sort(_ first: inout [Double], _ second: inout [Double]) {
    let isLarge = first.count + second.count > Chunks.size
    unsafe first.withUnsafeMutableBufferPointer { first in
      unsafe second.withUnsafeMutableBufferPointer { second in
        // Safety: each iteration sorts an array of its own.
        nonisolated(unsafe) let arrays = unsafe [first, second]
        if isLarge {
          DispatchQueue.concurrentPerform(iterations: 2) { unsafe sort(arrays[$0]) }
        } else {
          unsafe arrays.forEach { unsafe sort($0) }
        }
      }
    }
  }

  private static func sort(_ numbers: UnsafeMutableBufferPointer<Double>) {
    guard let start = numbers.baseAddress else { return }
    unsafe chw_sort(start, numbers.count)
  }
}
