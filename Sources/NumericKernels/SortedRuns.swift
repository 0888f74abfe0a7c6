/// Numbers that are sorted beyond memory: parts that fit are sorted and put aside on disk.
///
/// Numbers may have weights, which go along and decide among equal numbers.
public struct SortedRuns: Sendable {
  /// Sorted numbers on disk.
  fileprivate struct Run: Sendable {
    let file: ScratchFile
    let count: Int
    /// Where the numbers begin, and their weights, in bytes.
    let numbersStart: Int
    let weightsStart: Int?
  }

  private let file: ScratchFile
  private let capacity: Int
  private var numbers: [Double] = []
  private var weights: [Double]?
  fileprivate private(set) var runs: [Run] = []
  /// The numbers added.
  public private(set) var count = 0

  /// Creates runs of no numbers.
  ///
  /// - Parameters:
  ///   - file: Where runs are put aside.
  ///   - isWeighted: Whether numbers have weights.
  ///   - capacity: The numbers of a run, at least 1: no more than as many again as are added at a time
  ///     are held in memory.
  public init(in file: ScratchFile, isWeighted: Bool, capacity: Int) {
    precondition(capacity > 0, "a run has numbers")
    self.file = file
    self.capacity = capacity
    weights = isWeighted ? [] : nil
  }

  /// Adds numbers, none of them NaN.
  ///
  /// - Throws: ``ScratchError``.
  /// - Complexity: O(*n* log *n*).
  public mutating func add(_ numbers: [Double], weights: [Double]? = nil) throws(ScratchError) {
    precondition((weights == nil) == (self.weights == nil), "weights for all numbers or for none")
    precondition(weights.map { $0.count == numbers.count } ?? true, "a weight for each number")
    var start = 0
    while start < numbers.count {
      let end = min(numbers.count, start + capacity - self.numbers.count)
      self.numbers += numbers[start..<end]
      if let weights { self.weights? += weights[start..<end] }
      start = end
      if self.numbers.count == capacity { try putAside() }
    }
    count += numbers.count
  }

  /// Puts the last numbers aside; more can be added still.
  ///
  /// - Throws: ``ScratchError``.
  public mutating func putAside() throws(ScratchError) {
    guard !numbers.isEmpty else { return }
    if weights != nil {
      var own = weights ?? []
      weights = []
      Sorting.sort(&numbers, withWeights: &own)
      let (first, second) = (try file.append(numbers), try file.append(own))
      runs.append(Run(file: file, count: numbers.count, numbersStart: first, weightsStart: second))
      own.removeAll(keepingCapacity: true)
      weights = own
    } else {
      // Two halves are two runs, sorted side by side.
      var second = Array(numbers[(numbers.count / 2)...])
      numbers.removeLast(second.count)
      Sorting.sort(&numbers, &second)
      for half in [numbers, second] where !half.isEmpty {
        let start = try file.append(half)
        runs.append(Run(file: file, count: half.count, numbersStart: start, weightsStart: nil))
      }
    }
    numbers.removeAll(keepingCapacity: true)
  }
}

/// The numbers of sorted runs from the greatest to the smallest, block by block.
///
/// Runs are read from their ends, a piece at a time. What is not below the smallest number of any
/// piece that has others before it comes before all that is not read yet: it is taken out, sorted and
/// given.
public struct SortedBlocks {
  /// Numbers, ascending, and their weights where they have some.
  public struct Block: Sendable {
    /// The numbers.
    public fileprivate(set) var numbers: [Double] = []
    /// The weights, equal numbers' ascending.
    public fileprivate(set) var weights: [Double]?
  }

  private struct Source {
    let run: SortedRuns.Run
    /// The numbers that are not read yet.
    var left: Int
    var piece = Block()

    mutating func readOn(_ size: Int) throws(ScratchError) {
      guard piece.numbers.isEmpty, left > 0 else { return }
      let count = min(size, left)
      left -= count
      let offset = left * MemoryLayout<Double>.stride
      piece.numbers = try run.file.read(count, at: run.numbersStart + offset)
      if let start = run.weightsStart {
        piece.weights = try run.file.read(count, at: start + offset)
      }
    }
  }

  private var sources: [Source]
  private let pieceSize: Int
  private let isWeighted: Bool

  /// Begins at the greatest number.
  ///
  /// - Parameters:
  ///   - runs: What is read as one.
  ///   - capacity: The numbers that are read at a time, of all runs together, where that is more than
  ///     64 of each.
  public init(_ runs: [SortedRuns], capacity: Int) {
    let all = runs.flatMap(\.runs)
    sources = all.map { Source(run: $0, left: $0.count) }
    pieceSize = max(capacity / max(all.count, 1), 64)
    isWeighted = all.contains { $0.weightsStart != nil }
  }

  /// The next block, whose numbers are none above those of the block before; `nil` behind the last.
  ///
  /// - Throws: ``ScratchError``.
  /// - Complexity: O(*n* log *n*) for all blocks.
  public mutating func next() throws(ScratchError) -> Block? {
    var threshold: (number: Double, weight: Double)?
    for index in sources.indices {
      try sources[index].readOn(pieceSize)
      guard sources[index].left > 0, let number = sources[index].piece.numbers.first else {
        continue
      }
      let first = (number, sources[index].piece.weights?.first ?? 0)
      if let highest = threshold, first <= highest { continue }
      threshold = first
    }
    sources.removeAll { $0.piece.numbers.isEmpty }
    guard !sources.isEmpty else { return nil }
    var block = Block(weights: isWeighted ? [] : nil)
    for index in sources.indices {
      let start = threshold.map { sources[index].piece.place(notBelow: $0) } ?? 0
      block.take(from: start, of: &sources[index].piece)
    }
    if isWeighted {
      var weights = block.weights ?? []
      block.weights = nil
      Sorting.sort(&block.numbers, withWeights: &weights)
      block.weights = weights
    } else {
      var none: [Double] = []
      Sorting.sort(&block.numbers, &none)
    }
    return block
  }
}

extension SortedBlocks.Block {
  /// The first place whose number, or of equal ones whose weight, is not below another.
  fileprivate func place(notBelow other: (number: Double, weight: Double)) -> Int {
    var low = 0
    var high = numbers.count
    while low < high {
      let middle = (low + high) / 2
      let number = numbers[middle]
      let isBelow =
        number < other.number
        || number == other.number && (weights.map { $0[middle] < other.weight } ?? false)
      if isBelow { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Takes another's numbers from a place on.
  fileprivate mutating func take(from start: Int, of other: inout Self) {
    let count = other.numbers.count - start
    numbers += other.numbers[start...]
    other.numbers.removeLast(count)
    if let others = other.weights {
      weights? += others[start...]
      other.weights?.removeLast(count)
    }
  }
}
