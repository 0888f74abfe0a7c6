/// Many literals, searched for at once.
///
/// One table lookup per byte, however many literals there are; ASCII letters match in either case.
///
/// Source: Aho and Corasick 1975, doi:10.1145/360825.360855.
public struct LiteralSet: Sendable {
  /// A literal found in a text.
  public struct Hit: Hashable, Sendable {
    /// The state of the search, which ``LiteralSet/literals(of:)`` turns into literals.
    let state: Int
    /// The offset behind the literal's last byte.
    public let end: Int
  }

  /// How the literals' bytes are told apart; all others are of class 0.
  private let classes: [UInt8]
  private let classCount: Int
  /// For each state and class the next state times `classCount`, less one where the search goes on
  /// without a hit: a state with a hit is stored as its complement.
  private let next: [Int32]
  private let outputs: [[Int]]

  /// Prepares the search.
  ///
  /// - Parameter literals: Texts, none of them empty; a literal's index is its name.
  /// - Complexity: O(*m* *c*) of the literals' bytes and distinct bytes.
  public init(_ literals: [[UInt8]]) {
    precondition(literals.allSatisfy { !$0.isEmpty }, "an empty literal is everywhere")
    var classes = [UInt8](repeating: 0, count: 256)
    var count = 1
    for byte in literals.joined() where classes[Int(Self.folded(byte))] == 0 {
      // Without capitals there are fewer classes than a byte has values.
      classes[Int(Self.folded(byte))] = UInt8(count)
      count += 1
    }
    for byte in UInt8.min...UInt8.max { classes[Int(byte)] = classes[Int(Self.folded(byte))] }
    // One row of states for each state; 0, the state at the beginning, also stands for none.
    var follower = [Int32](repeating: 0, count: (literals.joined().count + 1) * count)
    var outputs: [[Int]] = [[]]
    for (name, literal) in literals.enumerated() {
      var state = 0
      for byte in literal {
        let cell = state * count + Int(classes[Int(byte)])
        if follower[cell] == 0 {
          follower[cell] = Int32(outputs.count)
          outputs.append([])
        }
        state = Int(follower[cell])
      }
      outputs[state].append(name)
    }
    follower.removeLast(follower.count - outputs.count * count)
    // Breadth first, so that the longest suffix of a state that is a state is complete before it.
    var suffix = [Int](repeating: 0, count: outputs.count)
    var queue = follower[..<count].filter { $0 != 0 }.map { Int($0) }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      outputs[state] += outputs[suffix[state]]
      let row = state * count
      let suffixRow = suffix[state] * count
      for kind in 0..<count {
        let next = Int(follower[row + kind])
        if next == 0 {
          follower[row + kind] = follower[suffixRow + kind]
        } else {
          suffix[next] = Int(follower[suffixRow + kind])
          queue.append(next)
        }
      }
    }
    self.classes = classes
    classCount = count
    self.outputs = outputs
    next = follower.map { state in
      let row = state * Int32(count)
      return outputs[Int(state)].isEmpty ? row : ~row
    }
  }

  /// Finds the next literal in a part of a text.
  ///
  /// - Parameters:
  ///   - text: Bytes.
  ///   - range: The part to search.
  ///   - state: Where the search stands; 0 at its beginning. It is kept for the next call.
  /// - Returns: the first hit; `nil` where there is none in the part.
  /// - Complexity: O(*n*) of the bytes up to the hit.
  public func next(in text: Span<UInt8>, _ range: Range<Int>, state: inout Int) -> Hit? {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= text.count, "the part must lie in the text")
    guard !outputs.isEmpty, next.count > classCount else { return nil }
    var row = Int32(state * classCount)
    var index = range.lowerBound
    let hit = unsafe text.withUnsafeBufferPointer { bytes in
      unsafe classes.withUnsafeBufferPointer { classes in
        unsafe next.withUnsafeBufferPointer { next -> Bool in
          // Safety: rows are those of states, columns those of classes, and bytes are below 256.
          while index < range.upperBound {
            let kind = unsafe Int(classes[Int(bytes[index])])
            row = unsafe next[Int(row) &+ kind]
            index &+= 1
            if row < 0 {
              row = ~row
              return true
            }
          }
          return false
        }
      }
    }
    state = Int(row) / classCount
    return hit ? Hit(state: state, end: index) : nil
  }

  /// The indices of the literals that end at a hit.
  public func literals(of hit: Hit) -> [Int] { outputs[hit.state] }

  /// A byte with the letters' case taken away.
  static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}
