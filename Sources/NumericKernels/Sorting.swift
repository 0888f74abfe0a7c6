internal import CHighway
internal import Dispatch

/// Sorting of scores by Highway's vectorised quicksort, and what sorted scores tell.
public enum Sorting {
  /// Sorts two arrays into ascending order, each on a core of its own.
  ///
  /// Neither holds a NaN. Zeros of either sign are equal, and neither their order nor their sign is
  /// kept.
  ///
  /// - Complexity: O(*n* log *n*).
  public static func sort(_ first: inout [Double], _ second: inout [Double]) {
    unsafe first.withUnsafeMutableBufferPointer { first in
      unsafe second.withUnsafeMutableBufferPointer { second in
        unsafe sort(first, second)
      }
    }
  }

  /// The scores of the rows that are positive and of those that are not, each ascending.
  ///
  /// - Parameters:
  ///   - isPositive: *n* classes.
  ///   - scores: *n* numbers, none of them NaN.
  /// - Returns: arrays of *n* numbers together.
  /// - Complexity: O(*n* log *n*), on all cores.
  public static func sorted(
    byClass isPositive: [Bool], _ scores: [Double]
  ) -> (positives: [Double], negatives: [Double]) {
    precondition(isPositive.count == scores.count, "a score for each class")
    return sorted(scores, isPositive)
  }

  /// The scores of the rows that are of one class and of those that are not, each ascending.
  ///
  /// - Parameters:
  ///   - labels: The classes, *n* codes.
  ///   - positive: The code of that class.
  ///   - scores: *n* numbers, none of them NaN.
  /// - Returns: arrays of *n* numbers together.
  /// - Complexity: O(*n* log *n*), on all cores; no memory but that of the result.
  public static func sorted(
    byClass labels: [Int32], positive: Int32, _ scores: [Double]
  ) -> (positives: [Double], negatives: [Double]) {
    precondition(labels.count == scores.count, "a score for each class")
    return sorted(scores, CodedClasses(labels: labels, positive: positive))
  }

  private static func sorted(
    _ scores: [Double], _ classes: some BinaryClasses
  ) -> (positives: [Double], negatives: [Double]) {
    // Each chunk writes behind the ones before it.
    let chunk = Chunks.size
    let counts = Chunks.map(scores.count, size: chunk) { rows in
      rows.reduce(0) { $0 &+ (classes[$1] ? 1 : 0) }
    }
    var starts = [0]
    for count in counts { starts.append(starts[starts.count - 1] + count) }
    let positiveCount = starts[starts.count - 1]
    var negatives: [Double] = []
    let positives = unsafe [Double](unsafeUninitializedCapacity: positiveCount) {
      first, firstCount in
      negatives = unsafe [Double](unsafeUninitializedCapacity: scores.count - positiveCount) {
        second, secondCount in
        unsafe HugePages.ask(for: first)
        unsafe HugePages.ask(for: second)
        // Safety: each chunk writes places of its own, as many as its rows of the class.
        nonisolated(unsafe) let (first, second) = unsafe (first, second)
        let ends = starts
        _ = Chunks.map(scores.count, size: chunk) { rows in
          var positive = ends[rows.lowerBound / chunk]
          var negative = rows.lowerBound - positive
          for row in rows {
            let step = classes[row] ? 1 : 0
            // One store to a chosen place has no branch to mispredict.
            guard let top = unsafe step == 1 ? first.baseAddress : second.baseAddress else { break }
            unsafe (top + (step == 1 ? positive : negative)).initialize(to: scores[row])
            positive &+= step
            negative &+= 1 &- step
          }
          return rows.count
        }
        unsafe sort(first, second)
        (firstCount, secondCount) = (positiveCount, scores.count - positiveCount)
      }
    }
    return (positives, negatives)
  }

  /// The indices of numbers, from the smallest number to the greatest; of equal ones the lower index
  /// comes first.
  ///
  /// - Parameter numbers: *n* numbers, none of them NaN; fewer than 2^32.
  /// - Returns: *n* indices.
  /// - Complexity: O(*n* log *n*) time, 16 bytes a number while it runs.
  public static func order(of numbers: [Double]) -> [UInt32] {
    precondition(numbers.count <= Int(UInt32.max), "indices of 32 bits")
    let size = 16 * numbers.count
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer { unsafe scratch.deallocate() }
    unsafe HugePages.ask(for: scratch.bindMemory(to: UInt8.self))
    return unsafe [UInt32](unsafeUninitializedCapacity: numbers.count) { order, count in
      count = numbers.count
      guard let start = order.baseAddress else { return }
      unsafe numbers.withUnsafeBufferPointer { numbers in
        unsafe chw_sort_order(numbers.baseAddress, numbers.count, scratch.baseAddress, start)
      }
    }
  }

  /// Sorts pairs of a number and a weight, neither of them NaN, into ascending order.
  ///
  /// Equal numbers are ordered by weight; -0.0 becomes 0.0.
  ///
  /// - Complexity: O(*n* log *n*) time, 16 bytes a pair while it runs.
  public static func sort(_ numbers: inout [Double], withWeights weights: inout [Double]) {
    precondition(numbers.count == weights.count, "a weight for each number")
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 16 * numbers.count, alignment: 16)
    defer { unsafe scratch.deallocate() }
    unsafe HugePages.ask(for: scratch.bindMemory(to: UInt8.self))
    unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      unsafe weights.withUnsafeMutableBufferPointer { weights in
        guard let first = numbers.baseAddress, let second = weights.baseAddress else { return }
        unsafe chw_sort_pairs(first, second, numbers.count, scratch.baseAddress)
      }
    }
  }

  /// Twice the pairs in which the one of `first` is greater, plus those in which both are equal.
  ///
  /// Both arrays are ascending and hold no NaN.
  ///
  /// - Complexity: O(*n*), on all cores.
  public static func halfWins(of first: [Double], over second: [Double]) -> Int {
    // Fewer numbers are not worth a thread.
    let size = max(second.count / 8, Chunks.size)
    return Chunks.map(second.count, size: size) { rows in
      unsafe first.withUnsafeBufferPointer { first in
        unsafe second.withUnsafeBufferPointer { second in
          let part = unsafe UnsafeBufferPointer(rebasing: second[rows])
          let wins = unsafe chw_half_wins(
            first.baseAddress, first.count, part.baseAddress, part.count)
          return Int(wins)
        }
      }
    }.reduce(0, +)
  }

  private static func sort(
    _ first: UnsafeMutableBufferPointer<Double>, _ second: UnsafeMutableBufferPointer<Double>
  ) {
    // Safety: each iteration sorts an array of its own.
    nonisolated(unsafe) let arrays = unsafe [first, second]
    if first.count + second.count > Chunks.size {
      DispatchQueue.concurrentPerform(iterations: 2) { unsafe sort(arrays[$0]) }
    } else {
      unsafe arrays.forEach { unsafe sort($0) }
    }
  }

  private static func sort(_ numbers: UnsafeMutableBufferPointer<Double>) {
    guard let start = numbers.baseAddress else { return }
    unsafe chw_sort(start, numbers.count)
  }
}

/// Which rows are positive; a type rather than a closure, so that loops are compiled for it.
private protocol BinaryClasses: Sendable {
  subscript(row: Int) -> Bool { get }
}

extension Array: BinaryClasses where Element == Bool {}

/// Classes by their codes.
private struct CodedClasses: BinaryClasses {
  let labels: [Int32]
  let positive: Int32

  subscript(row: Int) -> Bool { labels[row] == positive }
}
