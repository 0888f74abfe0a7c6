internal import NumericKernels

extension Tensor {
  /// The product of matrices; further dimensions before the last two are stretched to one another.
  ///
  /// Sums are in double precision and rounded once, which is nearer than any order of sums in single
  /// precision.
  func multiplied(by factor: Tensor) throws(TensorFault) -> Tensor {
    let first = rank == 1 ? try reshaped([1] + shape) : self
    let second = factor.rank == 1 ? try factor.reshaped(factor.shape + [1]) : factor
    guard first.rank >= 2, second.rank >= 2,
      first.shape[first.rank - 1] == second.shape[second.rank - 2]
    else { throw .shape("matrices of \(shape) and \(factor.shape) have no product") }
    let (rows, inner) = (first.shape[first.rank - 2], first.shape[first.rank - 1])
    let columns = second.shape[second.rank - 1]
    let lead = try Self.common(Array(first.shape.dropLast(2)), Array(second.shape.dropLast(2)))
    var sums = [Double](repeating: 0, count: try Self.count(of: lead + [rows, columns]))
    let left = try first.stretched(to: lead + [rows, inner]).doubles()
    let right = try second.stretched(to: lead + [inner, columns])
      .transposed(Array(lead.indices) + [lead.count + 1, lead.count]).doubles()
    if inner > 0 {
      for matrix in 0..<lead.reduce(1, *) {
        let one = Array(left[matrix * rows * inner..<(matrix + 1) * rows * inner])
        let other = Array(right[matrix * inner * columns..<(matrix + 1) * inner * columns])
        var product = [Double](repeating: 0, count: rows * columns)
        var span = product.mutableSpan
        BLAS.multiplyAdd(one.span, byTransposed: other.span, innerCount: inner, into: &span)
        sums.replaceSubrange(
          matrix * rows * columns..<(matrix + 1) * rows * columns, with: product)
      }
    }
    let shape = lead + (rank == 1 ? [] : [rows]) + (factor.rank == 1 ? [] : [columns])
    return try Tensor(.doubles(sums), shape: shape).cast(like: self)
  }

  /// With the dimensions in another order.
  func transposed(_ order: [Int]) throws(TensorFault) -> Tensor {
    guard order.sorted() == Array(shape.indices) else {
      throw .shape("\(order) is no order of \(rank) dimensions")
    }
    let strides = Self.strides(of: shape)
    let shape = order.map { self.shape[$0] }
    return try taking(try Self.walk(shape, strides: order.map { strides[$0] }), shape: shape)
  }

  /// Rows of *k* numbers: all dimensions but the last are one; one dimension is one row.
  func rows() throws(TensorFault) -> (values: [Double], width: Int, count: Int) {
    let width = shape.last ?? 1
    guard width > 0 else { throw .shape("the rows have no values") }
    return (try doubles(), width, count / width)
  }
}

extension TensorOperation {
  /// The product of two matrices.
  package static let product = TensorOperation.binary { first, second throws(TensorFault) in
    try first.multiplied(by: second)
  }

  /// `alpha`·*A·B* + `beta`·*C*, where the matrices may be transposed and *C* left out.
  package static func generalProduct(
    alpha: Double, beta: Double, transposesFirst: Bool, transposesSecond: Bool
  ) -> TensorOperation {
    TensorOperation(operandCount: 2) { operands throws(TensorFault) in
      guard let first = operands[0], let second = operands[1] else { return [] }
      guard first.rank == 2, second.rank == 2 else { throw .shape("matrices are needed") }
      let left = transposesFirst ? try first.transposed([1, 0]) : first
      let right = transposesSecond ? try second.transposed([1, 0]) : second
      func scaled(_ tensor: Tensor, _ factor: Double) throws(TensorFault) -> Tensor {
        guard factor != 1 else { return tensor }
        return try tensor.combined(
          with: try Tensor(.doubles([factor])).cast(like: tensor).reshaped([]), by: .product)
      }
      let product = try scaled(try left.multiplied(by: right), alpha)
      guard operands.count > 2, let third = operands[2] else { return [product] }
      return [try product.combined(with: try scaled(third, beta), by: .sum)]
    }
  }

  /// Scores of rows by weights: *x·wᵀ* + starts, in single precision.
  ///
  /// - Parameters:
  ///   - rows: *n* rows of *k* numbers.
  ///   - weights: Row-major, *m* x *k*.
  ///   - starts: What sums begin with, *m* or none.
  ///   - scoreCount: *m*.
  /// - Returns: scores, row-major, *n* x *m*.
  /// - Throws: ``TensorFault/shape(_:)`` if these do not fit one another.
  static func linearScores(
    _ rows: (values: [Double], width: Int, count: Int), weights: [Float], starts: [Float],
    scoreCount: Int
  ) throws(TensorFault) -> [Float] {
    guard scoreCount > 0, weights.count == scoreCount * rows.width else {
      throw .shape("\(weights.count) coefficients are not \(scoreCount) rows of \(rows.width)")
    }
    guard starts.isEmpty || starts.count == scoreCount else {
      throw .shape("there are \(starts.count) intercepts for \(scoreCount) scores")
    }
    var scores = [Double](repeating: 0, count: try Tensor.count(of: [rows.count, scoreCount]))
    if !starts.isEmpty {
      for index in scores.indices { scores[index] = Double(starts[index % scoreCount]) }
    }
    let weights = weights.map(Double.init)
    let values = rows.values
    var span = scores.mutableSpan
    BLAS.multiplyAdd(values.span, byTransposed: weights.span, innerCount: rows.width, into: &span)
    return scores.map(Float.init)
  }

  /// A linear regressor.
  package static func linearRegressor(
    weights: [Float], starts: [Float], targetCount: Int, transform: ScoreTransform
  ) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let rows = try operand.rows()
      let scores = try linearScores(
        rows, weights: weights, starts: starts, scoreCount: targetCount)
      return try Tensor(
        .floats(transform.appliedToNumbers(scores, width: targetCount)),
        shape: [rows.count, targetCount])
    }
  }

  /// A linear classifier: labels, and a score for each class.
  ///
  /// One row of weights and two classes: the score is the second one's.
  package static func linearClassifier(
    weights: [Float], starts: [Float], classes: ClassNames, transform: ScoreTransform
  ) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      let rows = try operand.rows()
      let width = max(1, weights.count / rows.width)
      let scores = try linearScores(rows, weights: weights, starts: starts, scoreCount: width)
      guard width == classes.count || (width == 1 && classes.count <= 2) else {
        throw .shape("there are \(width) rows of coefficients for \(classes.count) classes")
      }
      let codes: [Int]
      if width == 1 {
        codes = scores.map { $0 > 0 ? classes.count - 1 : 0 }
      } else {
        codes = greatestPlaces(scores.map(Double.init), width: width).map(Int.init)
      }
      let isPair = width == 1 && classes.count == 2
      let shares =
        isPair ? transform.pairs(of: scores) : transform.applied(to: scores, width: width)
      return [
        classes.tensor(of: codes),
        try Tensor(.floats(shares), shape: [rows.count, isPair ? 2 : width]),
      ]
    }
  }
}
