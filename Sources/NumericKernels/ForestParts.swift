internal import CHighway

/// The arrays of a ``Forest``, as its kernel takes them.
@safe
final class ForestParts: @unchecked Sendable {
  /// What values are compared in.
  let precision: Forest.Precision
  /// Whether trees go on below the parts that are evaluated as a whole.
  let hasLowerParts: Bool
  // Safety: what it points to is copied from a builder's arrays, never changes, and is freed with this
  // object.
  private let forest: chw_forest
  private let buffers: [UnsafeMutableRawPointer]

  /// Lays trees out; `nil` where they are too large for it.
  init?(
    trees: some Sequence<Forest.Tree>, columnCount: Int, leafValues: [Double], outputCount: Int,
    precision: Forest.Precision, sumPrecision: Forest.Precision
  ) {
    var builder = ForestBuilder(
      columnCount: columnCount, outputCount: outputCount, precision: precision,
      sumPrecision: sumPrecision)
    for tree in trees {
      guard builder.append(tree, leafValues) else { return nil }
    }
    self.precision = precision
    hasLowerParts = builder.trees.contains { $0.lower_depth > 0 }
    var buffers = unsafe [UnsafeMutableRawPointer]()
    func kept<Element>(_ array: [Element]) -> UnsafePointer<Element>? {
      guard !array.isEmpty else { return nil }
      let buffer = UnsafeMutablePointer<Element>.allocate(capacity: array.count)
      unsafe buffer.initialize(from: array, count: array.count)
      unsafe buffers.append(UnsafeMutableRawPointer(buffer))
      return unsafe UnsafePointer(buffer)
    }
    unsafe forest = unsafe chw_forest(
      trees: kept(builder.trees), tree_count: builder.trees.count,
      word_ends: kept(builder.wordEnds), test_columns: kept(builder.testColumns),
      thresholds32: kept(builder.thresholds32), thresholds64: kept(builder.thresholds64),
      masks32: kept(builder.masks32), masks64: kept(builder.masks64),
      exit_nodes: kept(builder.exitNodes), nodes32: kept(builder.nodes32),
      nodes64: kept(builder.nodes64), category_splits: kept(builder.categorySplits),
      category_words: kept(builder.categoryWords), values32: kept(builder.values32),
      values64: kept(builder.values64), output_count: outputCount)
    unsafe self.buffers = unsafe buffers
  }

  deinit {
    unsafe buffers.forEach { unsafe $0.deallocate() }
  }

  /// Lends the arrays to the kernel.
  @unsafe
  func withForest(_ body: (UnsafePointer<chw_forest>) -> Void) {
    unsafe withUnsafePointer(to: forest) { unsafe body($0) }
  }
}

/// Lays trees out, one after another.
private struct ForestBuilder {
  let columnCount: Int
  let outputCount: Int
  let precision: Forest.Precision
  let sumPrecision: Forest.Precision

  var trees: [chw_tree] = []
  var wordEnds: [UInt32] = []
  var testColumns: [UInt32] = []
  var thresholds32: [Float] = []
  var thresholds64: [Double] = []
  var masks32: [UInt32] = []
  var masks64: [UInt64] = []
  var exitNodes: [UInt32] = []
  var nodes32: [chw_node32] = []
  var nodes64: [chw_node64] = []
  var categorySplits: [chw_category_split] = []
  var categoryWords: [UInt32] = []
  var values32: [Float] = []
  var values64: [Double] = []
  private var leafCount = 0

  init(
    columnCount: Int, outputCount: Int, precision: Forest.Precision,
    sumPrecision: Forest.Precision
  ) {
    self.columnCount = columnCount
    self.outputCount = outputCount
    self.precision = precision
    self.sumPrecision = sumPrecision
  }

  /// Exits of a word.
  private var wordSize: Int { precision == .single ? 32 : 64 }
  /// A tree of no more leaves has no lower part.
  private static let mostLeaves = 128
  /// Exits of a larger tree's upper part.
  private static let mostExits = 64

  /// Lays a tree out; fails where a number does not fit its field.
  mutating func append(_ tree: Forest.Tree, _ leafValues: [Double]) -> Bool {
    let inner = upperPart(of: tree)
    let layout = UpperLayout(nodes: tree.nodes, inner: inner)
    let exits = layout.exits
    let columnLimit = precision == .single ? Int(CHW_CATEGORIES32) : Int(CHW_CATEGORIES64)
    guard columnCount < columnLimit, testColumns.count < Int(UInt32.max) - 8 * tree.nodes.count
    else { return false }
    var made = chw_tree(
      first_test: UInt32(testColumns.count), first_word: UInt32(wordEnds.count), word_count: 0,
      first_exit: UInt32(exitNodes.count), first_leaf: UInt32(leafCount), lower_depth: 0,
      score: UInt32(tree.score))
    for start in stride(from: 0, to: exits.count, by: wordSize) {
      layout.tests.forEach { test in appendTest(test, ofWordFrom: start) }
      wordEnds.append(UInt32(testColumns.count))
      made.word_count += 1
    }
    let hasLowerPart = exits.contains { exit in
      if case .leaf = tree.nodes[exit] { false } else { true }
    }
    if hasLowerPart {
      for exit in exits {
        guard let place = appendNode(tree.nodes[exit]) else { return false }
        exitNodes.append(place)
        guard let depth = appendNodes(below: exit, at: place, of: tree, leafValues) else {
          return false
        }
        made.lower_depth = max(made.lower_depth, UInt32(depth))
      }
    } else {
      for exit in exits {
        if case .leaf(let first) = tree.nodes[exit] {
          _ = appendLeaf(first, factor: tree.factor, leafValues)
        }
      }
    }
    trees.append(made)
    return leafCount < Int(Float.infinity.bitPattern)
  }

  /// Whether each node is a test of the upper part.
  private func upperPart(of tree: Forest.Tree) -> [Bool] {
    func expanded(to limit: Int) -> (inner: [Bool], isWhole: Bool) {
      var inner = [Bool](repeating: false, count: tree.nodes.count)
      var exitCount = 1
      var open = [0]
      var next = 0
      while next < open.count {
        defer { next += 1 }
        guard case .split(_, _, let left, let right) = tree.nodes[open[next]] else { continue }
        guard exitCount < limit else { return (inner, false) }
        inner[open[next]] = true
        exitCount += 1
        open.append(left)
        open.append(right)
      }
      return (inner, true)
    }
    let whole = expanded(to: Self.mostLeaves)
    return whole.isWhole ? whole.inner : expanded(to: Self.mostExits).inner
  }

  /// A test and the exits that a row loses which fails it.
  private struct Test {
    let column: Int
    let threshold: Double
    let lost: Range<Int>
  }

  /// The upper part's exits from left to right, and its tests.
  private struct UpperLayout {
    var exits: [Int] = []
    var tests: [Test] = []

    init(nodes: [Forest.Node], inner: [Bool]) {
      // What is open: a node, or a test whose left part is done.
      enum Step {
        case node(Int)
        case test(Int, firstExit: Int)
      }
      var open = [Step.node(0)]
      while let step = open.popLast() {
        switch step {
        case .node(let node):
          guard inner[node], case .split(_, _, let left, let right) = nodes[node] else {
            exits.append(node)
            continue
          }
          open += [.node(right), .test(node, firstExit: exits.count), .node(left)]
        case .test(let node, let firstExit):
          if case .split(let column, let threshold, _, _) = nodes[node] {
            tests.append(
              Test(column: column, threshold: threshold, lost: firstExit..<exits.count))
          }
        }
      }
    }
  }

  /// Adds a test to a word whose first exit is given, if exits of the word may be lost by it.
  private mutating func appendTest(_ test: Test, ofWordFrom start: Int) {
    let lost = test.lost.clamped(to: start..<start + wordSize)
    guard !lost.isEmpty else { return }
    var mask: UInt64 = 0
    for exit in lost { mask |= 1 << UInt64(exit - start) }
    testColumns.append(UInt32(test.column + 1))
    switch precision {
    case .single:
      thresholds32.append(Float(test.threshold))
      masks32.append(~UInt32(mask))
    case .double:
      thresholds64.append(test.threshold)
      masks64.append(~mask)
    }
  }

  /// Adds a node without its children or leaf; `nil` where it does not fit.
  private mutating func appendNode(_ node: Forest.Node) -> UInt32? {
    var threshold: UInt64 = 0
    var column = 0
    switch node {
    case .leaf: break
    case .split(let index, let atMost, _, _):
      column = index + 1
      threshold =
        precision == .single ? UInt64(Float(atMost).bitPattern) : atMost.bitPattern
    case .categories(let index, let split, _, _):
      column =
        (index + 1) | (precision == .single ? Int(CHW_CATEGORIES32) : Int(CHW_CATEGORIES64))
      threshold = UInt64(categorySplits.count)
      appendSplit(split)
    }
    switch precision {
    case .single:
      guard threshold <= UInt64(UInt32.max) else { return nil }
      nodes32.append(chw_node32(threshold: UInt32(threshold), column: UInt16(column), child: 0))
      return UInt32(exactly: nodes32.count - 1)
    case .double:
      nodes64.append(chw_node64(threshold: threshold, column: UInt32(column), child: 0))
      return UInt32(exactly: nodes64.count - 1)
    }
  }

  private mutating func appendSplit(_ split: Forest.CategorySplit) {
    let knownStart = categoryWords.count + split.left.count
    categorySplits.append(
      chw_category_split(
        left_start: UInt32(categoryWords.count), left_count: UInt32(split.left.count),
        known_start: UInt32(knownStart), known_count: UInt32(split.known?.count ?? 0),
        has_known: split.known != nil, rounds_towards_zero: split.roundsTowardsZero,
        missing_goes_left: split.missingGoesLeft))
    categoryWords += split.left + (split.known ?? [])
  }

  /// Adds what is below a node that is there, and says how many splits the longest way has.
  private mutating func appendNodes(
    below root: Int, at place: UInt32, of tree: Forest.Tree, _ leafValues: [Double]
  ) -> Int? {
    var deepest = 0
    var open = [(node: root, place: place, depth: 0)]
    while let (node, place, depth) = open.popLast() {
      deepest = max(deepest, depth)
      switch tree.nodes[node] {
      case .leaf(let first):
        let number = appendLeaf(first, factor: tree.factor, leafValues)
        setLeaf(number, at: place)
      case .split(_, _, let left, let right), .categories(_, _, let left, let right):
        guard let leftPlace = appendNode(tree.nodes[left]),
          appendNode(tree.nodes[right]) != nil, setChild(leftPlace, of: place)
        else { return nil }
        open.append((right, leftPlace + 1, depth + 1))
        open.append((left, leftPlace, depth + 1))
      }
    }
    return deepest
  }

  private mutating func setLeaf(_ number: Int, at place: UInt32) {
    switch precision {
    case .single: nodes32[Int(place)].threshold = UInt32(number)
    case .double: nodes64[Int(place)].threshold = UInt64(number)
    }
  }

  private mutating func setChild(_ child: UInt32, of place: UInt32) -> Bool {
    switch precision {
    case .single:
      guard let distance = UInt16(exactly: child - place) else { return false }
      nodes32[Int(place)].child = distance
    case .double: nodes64[Int(place)].child = child - place
    }
    return true
  }

  /// Adds a leaf's values and gives its number.
  private mutating func appendLeaf(_ first: Int, factor: Double, _ leafValues: [Double]) -> Int {
    for value in leafValues[first..<first + outputCount] {
      switch sumPrecision {
      case .single: values32.append(Float(factor * value))
      case .double: values64.append(factor * value)
      }
    }
    leafCount += 1
    return leafCount - 1
  }
}
