/// Rows drawn with replacement, as often as there are rows: the replicates of the bootstrap.
public enum Resampling {
  /// Rows of one block, whose counters stay in the fastest cache; a power of two.
  private static let blockSize = 1 << 12

  /// Draws as many rows as there are and counts how often each was drawn.
  ///
  /// Draws are first shared out over blocks of rows, as exactly as they would fall there, and then
  /// over the rows of a block, so that counters are not touched at random all over memory.
  ///
  /// - Parameters:
  ///   - counts: One number a row, set to its draws. More than 255 draws of one row do not occur:
  ///     of a million rows they have a probability below 10^-500.
  ///   - random: The stream that decides.
  /// - Complexity: O(*n*), about a nanosecond a row.
  public static func draw(into counts: inout [UInt8], using random: inout RandomSource) {
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      guard let start = counts.baseAddress else { return }
      unsafe start.update(repeating: 0, count: counts.count)
      var source = random
      var draws = counts.count
      var rows = 0
      while rows < counts.count {
        let size = min(blockSize, counts.count - rows)
        let isLast = rows + size == counts.count
        let own =
          isLast
          ? draws
          : source.binomial(draws, probability: Double(size) / Double(counts.count - rows))
        // Safety: the block's rows lie within the counts.
        if size == blockSize {
          unsafe drawFull(own, into: start + rows, using: &source)
        } else {
          for _ in 0..<own {
            unsafe start[rows + Int.random(in: 0..<size, using: &source)] &+= 1
          }
        }
        draws -= own
        rows += size
      }
      random = source
    }
  }

  /// Draws among a whole block's rows, five at a time from the bits of one random number.
  private static func drawFull(
    _ draws: Int, into counts: UnsafeMutablePointer<UInt8>, using random: inout RandomSource
  ) {
    let mask = UInt64(blockSize - 1)
    let width = UInt64(blockSize.trailingZeroBitCount)
    for _ in 0..<draws / 5 {
      let bits = random.next()
      unsafe counts[Int(bits & mask)] &+= 1
      unsafe counts[Int((bits >> width) & mask)] &+= 1
      unsafe counts[Int((bits >> (2 * width)) & mask)] &+= 1
      unsafe counts[Int((bits >> (3 * width)) & mask)] &+= 1
      unsafe counts[Int((bits >> (4 * width)) & mask)] &+= 1
    }
    for _ in 0..<draws % 5 { unsafe counts[Int(random.next() & mask)] &+= 1 }
  }
}
