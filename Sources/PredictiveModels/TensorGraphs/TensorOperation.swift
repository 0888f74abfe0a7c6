/// What keeps an operation from having a result.
package enum TensorFault: Error, Hashable, Sendable {
  /// The shapes of what it is given do not fit one another, or it.
  case shape(String)
  /// It is given values of a kind that it does not take.
  case kind(String)
  /// A row's value has no result, as a category that was not there in training.
  case value(String, row: Int)
  /// Assay does not implement it for what it is given.
  case unsupported(String)

  /// What is wrong.
  package var message: String {
    switch self {
    case .shape(let reason), .kind(let reason): reason
    case .value(let reason, _): reason
    case .unsupported(let what): "\(what) is not supported"
    }
  }
}

/// What a node of a graph computes: tensors of tensors.
package struct TensorOperation: Sendable {
  /// Computes the results; an operand that may be left out is `nil`.
  package typealias Body = @Sendable (_ operands: [Tensor?]) throws(TensorFault) -> [Tensor]

  private let body: Body
  /// How many operands it needs at least.
  private let operandCount: Int
  /// The number of trees in it, where there are any.
  package let treeCount: Int?

  /// Creates an operation.
  ///
  /// - Parameters:
  ///   - operandCount: How many operands must be there.
  ///   - treeCount: The number of trees in it.
  ///   - body: What it computes; only called with that many operands.
  package init(operandCount: Int, treeCount: Int? = nil, _ body: @escaping Body) {
    self.operandCount = operandCount
    self.treeCount = treeCount
    self.body = body
  }

  /// Computes the results.
  ///
  /// - Throws: ``TensorFault`` if the operands are none that it takes.
  package func callAsFunction(_ operands: [Tensor?]) throws(TensorFault) -> [Tensor] {
    guard operands.count >= operandCount, operands.prefix(operandCount).allSatisfy({ $0 != nil })
    else { throw .shape("\(operandCount) inputs are needed") }
    return try body(operands)
  }

  /// An operation of one operand that has one result.
  package static func unary(
    _ body: @escaping @Sendable (Tensor) throws(TensorFault) -> Tensor
  ) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let first = operands[0] else { return [] }
      return [try body(first)]
    }
  }

  /// An operation of two operands that has one result.
  package static func binary(
    _ body: @escaping @Sendable (Tensor, Tensor) throws(TensorFault) -> Tensor
  ) -> TensorOperation {
    TensorOperation(operandCount: 2) { operands throws(TensorFault) in
      guard let first = operands[0], let second = operands[1] else { return [] }
      return [try body(first, second)]
    }
  }

  /// An operation of any number of operands, at least one, that has one result.
  package static func variadic(
    _ body: @escaping @Sendable ([Tensor]) throws(TensorFault) -> Tensor
  ) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      [try body(operands.compactMap(\.self))]
    }
  }
}
