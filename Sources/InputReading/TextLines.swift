/// Where each line of a text begins, to tell a byte's line.
public struct LineIndex: Hashable, Sendable {
  private let starts: [Int]

  /// Finds the lines of `bytes`.
  public init(_ bytes: Span<UInt8>) {
    var starts = [0]
    for index in bytes.indices where bytes[index] == 0x0A { starts.append(index + 1) }
    self.starts = starts
  }

  /// The line, from 1, of the byte at `offset`.
  ///
  /// - Complexity: O(log *n*) of the lines.
  public func line(of offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
