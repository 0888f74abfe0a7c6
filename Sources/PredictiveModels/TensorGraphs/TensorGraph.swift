/// Operations that are computed one after another, each from inputs, constants and earlier results.
package struct TensorGraph: Sendable {
  /// The values of tensors that one evaluation may make: what keeps a small file from asking for all memory.
  static let room = 1 << 28

  /// An operation in its place.
  package struct Node: Sendable {
    /// What errors call it: its name, or its operator's.
    package let name: String
    /// What it computes.
    package let operation: TensorOperation
    /// The names of its operands; `nil` for one that is left out.
    package let operands: [String?]
    /// The names of its results; `nil` for one that nobody wants.
    package let results: [String?]

    /// Creates a node.
    package init(
      name: String, operation: TensorOperation, operands: [String?], results: [String?]
    ) {
      self.name = name
      self.operation = operation
      self.operands = operands
      self.results = results
    }
  }

  /// A node that has no result for what it is given.
  package struct Failure: Error, Hashable, Sendable {
    /// The node's name.
    package let node: String
    /// Why.
    package let fault: TensorFault

    /// Creates a failure.
    package init(node: String, fault: TensorFault) {
      self.node = node
      self.fault = fault
    }
  }

  /// The nodes in an order in which each finds its operands.
  package let nodes: [Node]
  /// Tensors that do not depend on the inputs.
  package let constants: [String: Tensor]
  /// The names of what it is given.
  package let inputs: [String]
  /// The names of what is wanted.
  package let outputs: [String]
  /// For each node the results that no later one needs.
  private let finished: [[String]]

  /// The number of trees in all nodes; `nil` where there are none.
  package var treeCount: Int? {
    let counts = nodes.compactMap(\.operation.treeCount)
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }

  /// Creates a graph.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if a name has two meanings, or a node or output needs a
  ///   tensor that is not there, as in a cycle.
  package init(
    nodes: [Node], constants: [String: Tensor], inputs: [String], outputs: [String]
  ) throws(ModelError) {
    var known = Set(constants.keys)
    for input in inputs where !known.insert(input).inserted {
      throw .badShape("the tensor '\(input)' is defined twice")
    }
    var last: [String: Int] = [:]
    for (place, node) in nodes.enumerated() {
      for operand in node.operands.compactMap(\.self) {
        guard known.contains(operand) else {
          throw .badShape("\(node.name) needs the tensor '\(operand)', which is not made before it")
        }
        last[operand] = place
      }
      for result in node.results.compactMap(\.self) {
        guard known.insert(result).inserted else {
          throw .badShape("the tensor '\(result)' is defined twice")
        }
      }
    }
    if let missing = outputs.first(where: { !known.contains($0) }) {
      throw .badShape("nothing makes the output '\(missing)'")
    }
    self.nodes = nodes
    self.constants = constants
    self.inputs = inputs
    self.outputs = outputs
    var finished = [[String]](repeating: [], count: nodes.count)
    for (name, place) in last where !outputs.contains(name) && constants[name] == nil {
      finished[place].append(name)
    }
    self.finished = finished
  }

  /// Computes the outputs.
  ///
  /// - Parameter given: A tensor for each input.
  /// - Returns: a tensor for each output.
  /// - Throws: ``Failure`` with the node that has no result.
  package func evaluate(_ given: [String: Tensor]) throws(Failure) -> [Tensor] {
    var tensors = given
    var room = Self.room
    for (place, node) in nodes.enumerated() {
      let operands = node.operands.map { name in
        name.flatMap { tensors[$0] ?? constants[$0] }
      }
      do throws(TensorFault) {
        let results = try node.operation(operands)
        for (index, name) in node.results.enumerated() {
          guard let name else { continue }
          guard index < results.count else { throw .shape("it has no result \(index)") }
          room -= results[index].count
          guard room >= 0 else { throw .shape("the results are too large") }
          tensors[name] = results[index]
        }
      } catch { throw Failure(node: node.name, fault: error) }
      for name in finished[place] { tensors[name] = nil }
    }
    return outputs.compactMap { tensors[$0] ?? constants[$0] }
  }
}
