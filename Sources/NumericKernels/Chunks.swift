internal import Dispatch

/// Work over many elements, divided the same way on every machine.
///
/// The partition depends on the number of elements and never on the number of cores, and results
/// are merged in order: float sums have the same bits however many cores there are.
public enum Chunks {
  /// Elements of one chunk: large enough to pay for a thread, small enough for its caches.
  public static let size = 1 << 16

  /// Calls `body` for each chunk of `0..<count`, on all cores, and returns the results in order.
  ///
  /// - Complexity: O(*count*) calls' work, divided by the cores.
  public static func map<Result: Sendable>(
    _ count: Int, size: Int = Chunks.size, _ body: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    precondition(count >= 0 && size > 0)
    let chunkCount = (count + size - 1) / size
    @Sendable func range(_ chunk: Int) -> Range<Int> {
      chunk * size..<min(count, (chunk + 1) * size)
    }
    guard chunkCount > 1 else { return (0..<chunkCount).map { body(range($0)) } }
    var results = [Result?](repeating: nil, count: chunkCount)
    unsafe results.withUnsafeMutableBufferPointer { results in
      // Safety: each iteration writes one element of its own.
      nonisolated(unsafe) let slots = unsafe results
      DispatchQueue.concurrentPerform(iterations: chunkCount) { chunk in
        unsafe slots[chunk] = body(range(chunk))
      }
    }
    return results.compactMap(\.self)
  }
}
