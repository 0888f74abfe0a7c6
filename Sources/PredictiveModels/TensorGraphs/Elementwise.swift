internal import Glibc

/// A function of one number, in both precisions.
package struct NumberFunction: Sendable {
  let single: @Sendable (Float) -> Float
  let double: @Sendable (Double) -> Double

  /// Creates a function of its two forms.
  package init(
    _ single: @escaping @Sendable (Float) -> Float, _ double: @escaping @Sendable (Double) -> Double
  ) {
    self.single = single
    self.double = double
  }
}

/// A function of two numbers of one kind.
package struct ArithmeticFunction: Sendable {
  let single: @Sendable (Float, Float) -> Float
  let double: @Sendable (Double, Double) -> Double
  /// What it makes of whole numbers; `nil` where there is nothing.
  let integer: (@Sendable (Int64, Int64) -> Int64?)?
}

/// How two numbers are compared.
package enum OrderTest: Sendable {
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual

  func holds<Number: Comparable>(_ first: Number, _ second: Number) -> Bool {
    switch self {
    case .less: first < second
    case .lessOrEqual: first <= second
    case .greater: first > second
    case .greaterOrEqual: first >= second
    }
  }
}

extension NumberFunction {
  package static let absolute = NumberFunction(abs, abs)
  package static let negative = NumberFunction {
    -$0
  } _: {
    -$0
  }
  package static let exponential = NumberFunction(expf, exp)
  package static let logarithm = NumberFunction(logf, log)
  package static let squareRoot = NumberFunction {
    $0.squareRoot()
  } _: {
    $0.squareRoot()
  }
  package static let reciprocal = NumberFunction {
    1 / $0
  } _: {
    1 / $0
  }
  package static let floor = NumberFunction {
    $0.rounded(.down)
  } _: {
    $0.rounded(.down)
  }
  package static let ceiling = NumberFunction {
    $0.rounded(.up)
  } _: {
    $0.rounded(.up)
  }
  package static let rounded = NumberFunction {
    $0.rounded(.toNearestOrEven)
  } _: {
    $0.rounded(.toNearestOrEven)
  }
  package static let sign = NumberFunction {
    $0 > 0 ? 1 : $0 < 0 ? -1 : $0
  } _: {
    $0 > 0 ? 1 : $0 < 0 ? -1 : $0
  }
  package static let errorFunction = NumberFunction(erff, erf)
  package static let hyperbolicTangent = NumberFunction(tanhf, tanh)
  package static let rectified = NumberFunction {
    max($0, 0)
  } _: {
    max($0, 0)
  }
  package static let softplus = NumberFunction {
    log1pf(expf(-abs($0))) + max($0, 0)
  } _: {
    log1p(exp(-abs($0))) + max($0, 0)
  }
  /// 1 / (1 + exp(-*x*)).
  package static let logistic = NumberFunction { value in
    guard value < 0 else { return 1 / (1 + expf(-value)) }
    let power = expf(value)
    return power / (1 + power)
  } _: {
    sigmoid($0)
  }
}

extension ArithmeticFunction {
  package static let sum = ArithmeticFunction {
    $0 + $1
  } double: {
    $0 + $1
  } integer: {
    $0 &+ $1
  }
  package static let difference = ArithmeticFunction {
    $0 - $1
  } double: {
    $0 - $1
  } integer: {
    $0 &- $1
  }
  package static let product = ArithmeticFunction {
    $0 * $1
  } double: {
    $0 * $1
  } integer: {
    $0 &* $1
  }
  package static let quotient = ArithmeticFunction {
    $0 / $1
  } double: {
    $0 / $1
  } integer: {
    $1 == 0 || ($0 == .min && $1 == -1) ? nil : $0 / $1
  }
  package static let least = ArithmeticFunction {
    Self.least($0, $1)
  } double: {
    Self.least($0, $1)
  } integer: {
    min($0, $1)
  }
  package static let greatest = ArithmeticFunction {
    Self.greatest($0, $1)
  } double: {
    Self.greatest($0, $1)
  } integer: {
    max($0, $1)
  }
  /// What remains of a division, with the divisor's sign.
  package static let modulo = ArithmeticFunction {
    fmodf(fmodf($0, $1) + $1, $1)
  } double: {
    fmod(fmod($0, $1) + $1, $1)
  } integer: {
    $1 == 0 || $1 == -1 ? ($1 == 0 ? nil : 0) : ($0 % $1 &+ $1) % $1
  }
  package static let power = ArithmeticFunction(single: powf, double: pow, integer: nil)

  // Where one number is NaN, so is the result.
  private static func least<Number: FloatingPoint>(_ first: Number, _ second: Number) -> Number {
    first.isNaN || second.isNaN ? .nan : min(first, second)
  }

  private static func greatest<Number: FloatingPoint>(_ first: Number, _ second: Number) -> Number {
    first.isNaN || second.isNaN ? .nan : max(first, second)
  }
}

extension Tensor {
  /// A function of every number.
  ///
  /// - Throws: ``TensorFault/kind(_:)`` for anything but floats and doubles.
  func applying(_ function: NumberFunction) throws(TensorFault) -> Tensor {
    let applied: Elements
    switch elements {
    case .floats(let values): applied = .floats(values.map(function.single))
    case .doubles(let values): applied = .doubles(values.map(function.double))
    case .integers(let values):
      applied = .integers(
        try Tensor(.doubles(values.map { function.double(Double($0)) })).integers())
    case .truths, .texts: throw .kind("numbers are needed, and there are \(elements.kind)")
    }
    return try Tensor(applied, shape: shape)
  }

  /// A function of the numbers of two tensors of one kind, which are stretched to one shape.
  ///
  /// - Throws: ``TensorFault`` if the kinds differ, the shapes do not fit, or a division has no result.
  func combined(
    with other: Tensor, by function: ArithmeticFunction
  ) throws(TensorFault) -> Tensor {
    let shape = try Self.common(shape, other.shape)
    let elements: Elements
    switch (self.elements, other.elements) {
    case (.floats(let first), .floats(let second)):
      elements = .floats(
        try Self.pairs(first, self.shape, second, other.shape, to: shape, function.single))
    case (.doubles(let first), .doubles(let second)):
      elements = .doubles(
        try Self.pairs(first, self.shape, second, other.shape, to: shape, function.double))
    case (.integers(let first), .integers(let second)):
      guard let integer = function.integer else {
        throw .unsupported("this function of whole numbers")
      }
      let results = try Self.pairs(first, self.shape, second, other.shape, to: shape, integer)
      elements = .integers(results.compactMap(\.self))
      guard elements.count == results.count else { throw .shape("a number is divided by 0") }
    default:
      throw .kind("\(self.elements.kind) and \(other.elements.kind) do not fit one another")
    }
    return try Tensor(elements, shape: shape)
  }

  /// Whether numbers of two tensors stand in an order.
  func compared(with other: Tensor, by test: OrderTest) throws(TensorFault) -> Tensor {
    let shape = try Self.common(shape, other.shape)
    let truths: [Bool]
    switch (elements, other.elements) {
    case (.floats(let first), .floats(let second)):
      truths = try Self.pairs(first, self.shape, second, other.shape, to: shape, test.holds)
    case (.integers(let first), .integers(let second)):
      truths = try Self.pairs(first, self.shape, second, other.shape, to: shape, test.holds)
    default:
      truths = try Self.pairs(
        try doubles(), self.shape, try other.doubles(), other.shape, to: shape, test.holds)
    }
    return try Tensor(.truths(truths), shape: shape)
  }

  /// Whether values of two tensors are the same.
  func equal(to other: Tensor) throws(TensorFault) -> Tensor {
    let shape = try Self.common(shape, other.shape)
    let truths: [Bool]
    switch (elements, other.elements) {
    case (.texts(let first), .texts(let second)):
      truths = try Self.pairs(first, self.shape, second, other.shape, to: shape, haveSameBytes)
    case (.integers(let first), .integers(let second)):
      truths = try Self.pairs(first, self.shape, second, other.shape, to: shape, ==)
    default:
      truths = try Self.pairs(
        try doubles(), self.shape, try other.doubles(), other.shape, to: shape, ==)
    }
    return try Tensor(.truths(truths), shape: shape)
  }

  /// A function of the truths of two tensors.
  func combined(
    with other: Tensor, byTruth function: (Bool, Bool) -> Bool
  ) throws(TensorFault) -> Tensor {
    let shape = try Self.common(shape, other.shape)
    return try Tensor(
      .truths(
        try Self.pairs(
          try truths(), self.shape, try other.truths(), other.shape, to: shape, function)),
      shape: shape)
  }

  /// Values of the first tensor where this one is true, of the second elsewhere.
  func choosing(_ first: Tensor, _ second: Tensor) throws(TensorFault) -> Tensor {
    let shape = try Self.common(try Self.common(self.shape, first.shape), second.shape)
    let first = try first.stretched(to: shape)
    let second = try second.stretched(to: shape)
    let choices = try stretched(to: shape).truths()
    let chosen: Elements
    switch (first.elements, second.elements) {
    case (.floats(let one), .floats(let other)):
      chosen = .floats(choices.indices.map { choices[$0] ? one[$0] : other[$0] })
    case (.doubles(let one), .doubles(let other)):
      chosen = .doubles(choices.indices.map { choices[$0] ? one[$0] : other[$0] })
    case (.integers(let one), .integers(let other)):
      chosen = .integers(choices.indices.map { choices[$0] ? one[$0] : other[$0] })
    case (.truths(let one), .truths(let other)):
      chosen = .truths(choices.indices.map { choices[$0] ? one[$0] : other[$0] })
    case (.texts(let one), .texts(let other)):
      chosen = .texts(choices.indices.map { choices[$0] ? one[$0] : other[$0] })
    default:
      throw .kind("\(first.elements.kind) and \(second.elements.kind) do not fit one another")
    }
    return try Tensor(chosen, shape: shape)
  }

  /// A function of pairs of values, each tensor stretched to the shape of both.
  private static func pairs<Value, Result>(
    _ first: [Value], _ firstShape: [Int], _ second: [Value], _ secondShape: [Int],
    to shape: [Int], _ function: (Value, Value) -> Result
  ) throws(TensorFault) -> [Result] {
    if firstShape == secondShape { return zip(first, second).map(function) }
    if second.count == 1, firstShape == shape {
      let value = second[0]
      return first.map { function($0, value) }
    }
    let firstPlaces = try places(of: firstShape, in: shape)
    let secondPlaces = try places(of: secondShape, in: shape)
    return firstPlaces.indices.map {
      function(first[firstPlaces[$0]], second[secondPlaces[$0]])
    }
  }

  /// For each place of a shape the place of memory in a tensor that is stretched to it.
  private static func places(of own: [Int], in shape: [Int]) throws(TensorFault) -> [Int] {
    let lead = shape.count - own.count
    var strides = [Int](repeating: 0, count: lead) + strides(of: own)
    for (axis, size) in own.enumerated() where size == 1 { strides[lead + axis] = 0 }
    return try walk(shape, strides: strides)
  }
}

/// Whether two texts are the same bytes; Swift's own equality also takes a letter with its accent in
/// two scalars for the same as in one.
func haveSameBytes(_ first: String, _ second: String) -> Bool {
  first.utf8.elementsEqual(second.utf8)
}

extension TensorOperation {
  /// A function of every number.
  package static func each(_ function: NumberFunction) -> TensorOperation {
    .unary { operand throws(TensorFault) in try operand.applying(function) }
  }

  /// A function of the numbers of two operands, or of any number of them, from the first to the last.
  package static func combined(by function: ArithmeticFunction) -> TensorOperation {
    .variadic { operands throws(TensorFault) in
      var result = operands[0]
      for operand in operands.dropFirst() {
        result = try result.combined(with: operand, by: function)
      }
      return result
    }
  }

  /// The mean of all operands.
  package static let mean = TensorOperation.variadic { operands throws(TensorFault) in
    var result = operands[0]
    for operand in operands.dropFirst() { result = try result.combined(with: operand, by: .sum) }
    let count = try Tensor(.doubles([Double(operands.count)])).cast(like: result)
    return try result.combined(with: count.reshaped([]), by: .quotient)
  }

  /// Powers; the exponents may be of another kind than the bases.
  package static let power = TensorOperation.binary { bases, exponents throws(TensorFault) in
    if case .integers = bases.elements {
      let powers = try Tensor(.doubles(try bases.doubles()), shape: bases.shape).combined(
        with: Tensor(.doubles(try exponents.doubles()), shape: exponents.shape), by: .power)
      return try Tensor(.integers(try powers.integers()), shape: powers.shape)
    }
    return try bases.combined(with: try exponents.cast(like: bases), by: .power)
  }

  /// Whether numbers stand in an order.
  package static func compared(by test: OrderTest) -> TensorOperation {
    .binary { first, second throws(TensorFault) in try first.compared(with: second, by: test) }
  }

  /// Whether values are the same.
  package static let equality = TensorOperation.binary { first, second throws(TensorFault) in
    try first.equal(to: second)
  }

  /// A function of two truths.
  package static func truth(
    _ function: @escaping @Sendable (Bool, Bool) -> Bool
  ) -> TensorOperation {
    .binary { first, second throws(TensorFault) in
      try first.combined(with: second, byTruth: function)
    }
  }

  /// What is false becomes true.
  package static let not = TensorOperation.unary { operand throws(TensorFault) in
    try Tensor(.truths(try operand.truths().map { !$0 }), shape: operand.shape)
  }

  /// Whether numbers are NaN.
  package static let isNaN = TensorOperation.unary { operand throws(TensorFault) in
    try Tensor(.truths(try operand.doubles().map(\.isNaN)), shape: operand.shape)
  }

  /// Values of the second operand where the first is true, of the third elsewhere.
  package static let choice = TensorOperation(operandCount: 3) { operands throws(TensorFault) in
    guard let test = operands[0], let first = operands[1], let second = operands[2] else {
      return []
    }
    return [try test.choosing(first, second)]
  }

  /// Numbers no less and no more than bounds, which are the other operands or given.
  package static func clipping(lower: Double?, upper: Double?) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard var result = operands[0] else { return [] }
      let least = operands.count > 1 ? operands[1] : lower.map { Tensor(.doubles([$0])) }
      let greatest = operands.count > 2 ? operands[2] : upper.map { Tensor(.doubles([$0])) }
      for (bound, function) in [(least, ArithmeticFunction.greatest), (greatest, .least)] {
        guard let bound else { continue }
        guard bound.count == 1 else { throw .shape("a bound is one number") }
        result = try result.combined(
          with: try bound.cast(like: result).reshaped([]), by: function)
      }
      return [result]
    }
  }
}
