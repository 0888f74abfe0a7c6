internal import Glibc

/// What becomes of the numbers along an axis.
package enum Reduction: Sendable {
  case sum
  case mean
  case product
  case least
  case greatest
  /// The sum of squares.
  case squareSum
  /// The sum of absolute values.
  case absoluteSum
  /// The square root of the sum of squares.
  case length
  /// The logarithm of the sum.
  case logSum
  /// The logarithm of the sum of exponentials.
  case logSumOfExponentials

  fileprivate func callAsFunction(_ values: [Double], rounding: (Double) -> Double) -> Double {
    func sum(_ each: (Double) -> Double = { $0 }) -> Double {
      values.reduce(0) { rounding($0 + each($1)) }
    }
    switch self {
    case .sum: return sum()
    case .mean: return sum() / Double(values.count)
    case .product: return values.reduce(1) { rounding($0 * $1) }
    case .least: return values.reduce(.infinity) { $1.isNaN || $0.isNaN ? .nan : min($0, $1) }
    case .greatest: return values.reduce(-.infinity) { $1.isNaN || $0.isNaN ? .nan : max($0, $1) }
    case .squareSum: return sum { rounding($0 * $0) }
    case .absoluteSum: return sum(abs)
    case .length: return sum { rounding($0 * $0) }.squareRoot()
    case .logSum: return log(sum())
    case .logSumOfExponentials:
      let greatest = values.reduce(-.infinity, max)
      guard greatest.isFinite else { return greatest }
      return log(values.reduce(0) { $0 + exp($1 - greatest) }) + greatest
    }
  }
}

extension Tensor {
  /// The values of lines along axes, one line behind another, with the shape that one value a line has.
  fileprivate func lines(
    along axes: [Int], keepingDimensions keeps: Bool
  ) throws(TensorFault) -> (values: [Double], length: Int, shape: [Int]) {
    var reduced: Set<Int> = []
    for axis in axes { reduced.insert(try self.axis(axis)) }
    let kept = shape.indices.filter { !reduced.contains($0) }
    let gone = shape.indices.filter(reduced.contains)
    let order = kept + gone
    let strides = Self.strides(of: shape)
    let places = try Self.walk(order.map { shape[$0] }, strides: order.map { strides[$0] })
    let values = try doubles()
    let outer =
      keeps ? shape.indices.map { reduced.contains($0) ? 1 : shape[$0] } : kept.map { shape[$0] }
    return (places.map { values[$0] }, gone.reduce(1) { $0 * shape[$1] }, outer)
  }

  /// One number for each line along axes.
  fileprivate func reduced(
    _ reduction: Reduction, along axes: [Int], keepingDimensions keeps: Bool
  ) throws(TensorFault) -> Tensor {
    let lines = try lines(along: axes, keepingDimensions: keeps)
    let isSingle = if case .floats = elements { true } else { false }
    let count = try Self.count(of: lines.shape)
    let results = (0..<count).map { line in
      reduction(Array(lines.values[line * lines.length..<(line + 1) * lines.length])) {
        isSingle ? Double(Float($0)) : $0
      }
    }
    return try Tensor(.doubles(results), shape: lines.shape).cast(like: self)
  }
}

extension TensorOperation {
  /// One number for each line along axes: those of the second operand, those given, or all.
  package static func reducing(
    _ reduction: Reduction, axes given: [Int]?, keepingDimensions keeps: Bool, noneIsNone: Bool
  ) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      var axes = try Self.axes(operands, given) ?? []
      if axes.isEmpty {
        if noneIsNone { return [operand] }
        axes = Array(operand.shape.indices)
      }
      return [try operand.reduced(reduction, along: axes, keepingDimensions: keeps)]
    }
  }

  /// Where along an axis the greatest number stands, or the least: the first of equal ones, or the last.
  package static func extremePlace(
    greatest: Bool, axis: Int, keepingDimensions keeps: Bool, takesLast: Bool
  ) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let lines = try operand.lines(along: [axis], keepingDimensions: keeps)
      guard lines.length > 0 else { throw .shape("there are no values to choose from") }
      let count = try Tensor.count(of: lines.shape)
      let places = (0..<count).map { line in
        var best = line * lines.length
        for place in best + 1..<best + lines.length + (lines.length > 0 ? 0 : 1) {
          let (value, old) = (lines.values[place], lines.values[best])
          if (greatest ? value > old : value < old) || (takesLast && value == old) { best = place }
        }
        return Int64(best - line * lines.length)
      }
      return try Tensor(.integers(places), shape: lines.shape)
    }
  }

  /// Each number's exponential as a part of the sum along axes.
  ///
  /// - Parameters:
  ///   - axis: The dimension.
  ///   - takesAllBehind: Whether all dimensions from the axis on are one.
  ///   - takesLogarithm: Whether its logarithm is wanted.
  /// - Returns: an operation.
  package static func softmax(
    axis: Int, takesAllBehind: Bool, takesLogarithm: Bool = false
  ) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let axis = try operand.axis(axis)
      let axes = takesAllBehind ? Array(axis..<operand.rank) : [axis]
      let greatest = try operand.reduced(.greatest, along: axes, keepingDimensions: true)
      let shifted = try operand.combined(with: greatest, by: .difference)
      let powers = try shifted.applying(.exponential)
      let sums = try powers.reduced(.sum, along: axes, keepingDimensions: true)
      guard takesLogarithm else { return try powers.combined(with: sums, by: .quotient) }
      return try shifted.combined(with: sums.applying(.logarithm), by: .difference)
    }
  }

  /// Each number as a part of the length along an axis; lines of length 0 stay.
  package static func normalization(axis: Int, length: Reduction) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let lengths = try operand.reduced(length, along: [axis], keepingDimensions: true)
      let isZero = try lengths.equal(to: Tensor(.doubles([0])))
      let ones = try Tensor(.doubles([1])).cast(like: lengths)
      return try operand.combined(
        with: try isZero.choosing(ones, lengths), by: .quotient)
    }
  }

  /// Sums of the numbers along an axis up to each.
  package static func runningSum(isExclusive: Bool, isReversed: Bool) -> TensorOperation {
    .binary { operand, axis throws(TensorFault) in
      guard let axis = try axis.places().first else { throw .shape("the axis is missing") }
      let place = try operand.axis(axis)
      let stride = Tensor.strides(of: operand.shape)[place]
      let size = operand.shape[place]
      var values = try operand.doubles()
      for start in values.indices where start / stride % max(size, 1) == 0 {
        var sum = 0.0
        for step in 0..<size {
          let index = start + (isReversed ? size - 1 - step : step) * stride
          let value = values[index]
          if isExclusive { values[index] = sum }
          sum += value
          if case .floats = operand.elements { sum = Double(Float(sum)) }
          if !isExclusive { values[index] = sum }
        }
      }
      return try Tensor(.doubles(values), shape: operand.shape).cast(like: operand)
    }
  }

  /// The *k* greatest or least numbers along an axis, and where they stand, in their order.
  package static func top(axis: Int, count given: Int?, greatest: Bool) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      let wanted = try operands.count > 1 ? operands[1]?.places().first : given
      let axis = try operand.axis(axis)
      guard let wanted, wanted >= 0, wanted <= operand.shape[axis] else {
        throw .shape("\(wanted ?? 0) of \(operand.shape[axis]) values cannot be chosen")
      }
      // Lines along the axis, in an order that puts it last and then back.
      let last = operand.rank - 1
      var order = Array(operand.shape.indices)
      order.remove(at: axis)
      order.append(axis)
      let turned = try operand.transposed(order)
      let values = try turned.doubles()
      let size = operand.shape[axis]
      var places: [Int] = []
      var indices: [Int64] = []
      for start in stride(from: 0, to: values.count, by: max(size, 1)) {
        let sorted = (start..<start + size).sorted { one, other in
          let (first, second) = (values[one], values[other])
          return first == second ? one < other : greatest ? first > second : first < second
        }
        places += sorted.prefix(wanted)
        indices += sorted.prefix(wanted).map { Int64($0 - start) }
      }
      var shape = turned.shape
      shape[last] = wanted
      var back = Array(0..<last)
      back.insert(last, at: axis)
      let results = [
        try turned.taking(places, shape: shape), try Tensor(.integers(indices), shape: shape),
      ]
      return try results.map { (result) throws(TensorFault) in
        try result.transposed(back)
      }
    }
  }
}
