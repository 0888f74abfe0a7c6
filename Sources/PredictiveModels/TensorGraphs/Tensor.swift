/// Values of one kind in a box of any number of dimensions, row-major.
///
/// A tensor without dimensions is one value.
package struct Tensor: Sendable, Hashable {
  /// The values, in the order of memory.
  package enum Elements: Sendable, Hashable {
    /// Single precision.
    case floats([Float])
    /// Double precision.
    case doubles([Double])
    /// Whole numbers of any width.
    case integers([Int64])
    /// True or false.
    case truths([Bool])
    /// Texts.
    case texts([String])

    /// The number of values.
    package var count: Int {
      switch self {
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .integers(let values): values.count
      case .truths(let values): values.count
      case .texts(let values): values.count
      }
    }

    /// The kind's name, for errors.
    var kind: String {
      switch self {
      case .floats: "floats"
      case .doubles: "doubles"
      case .integers: "integers"
      case .truths: "truth values"
      case .texts: "texts"
      }
    }
  }

  /// The size of each dimension.
  package let shape: [Int]
  /// As many values as the sizes' product.
  package let elements: Elements

  /// The number of dimensions.
  package var rank: Int { shape.count }
  /// The number of values.
  package var count: Int { elements.count }

  /// Creates a tensor.
  ///
  /// - Throws: ``TensorFault/shape(_:)`` if there are more or fewer values than the shape says.
  package init(_ elements: Elements, shape: [Int]) throws(TensorFault) {
    guard try Self.count(of: shape) == elements.count else {
      throw .shape("\(elements.count) values do not fill \(Self.text(shape))")
    }
    self.shape = shape
    self.elements = elements
  }

  /// Creates a tensor of one dimension.
  package init(_ elements: Elements) {
    shape = [elements.count]
    self.elements = elements
  }

  /// The number of values of a shape.
  ///
  /// - Throws: ``TensorFault/shape(_:)`` if a size is below 0, or there are more than memory is for.
  static func count(of shape: [Int]) throws(TensorFault) -> Int {
    var count = 1
    for size in shape {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !isTooLarge, product <= TensorGraph.room else {
        throw .shape("a tensor of \(text(shape)) is none, or too large")
      }
      count = product
    }
    return count
  }

  /// A shape for people: `[2, 3]`.
  static func text(_ shape: [Int]) -> String { "\(shape)" }

  /// The same values in another shape.
  ///
  /// - Throws: ``TensorFault/shape(_:)`` if the shape is of another number of values.
  func reshaped(_ shape: [Int]) throws(TensorFault) -> Tensor {
    try Tensor(elements, shape: shape)
  }

  /// A dimension by its number, which counts from the last where it is below 0.
  ///
  /// - Throws: ``TensorFault/shape(_:)`` if there is no such dimension.
  func axis(_ axis: Int) throws(TensorFault) -> Int { try Self.axis(axis, rank: rank) }

  /// A dimension of so many by its number, which counts from the last where it is below 0.
  static func axis(_ axis: Int, rank: Int) throws(TensorFault) -> Int {
    let place = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(place) else {
      throw .shape("there is no dimension \(axis) among \(rank)")
    }
    return place
  }
}

// MARK: Values as another kind

extension Tensor {
  /// The values in single precision.
  ///
  /// - Throws: ``TensorFault/kind(_:)`` for texts.
  func floats() throws(TensorFault) -> [Float] {
    switch elements {
    case .floats(let values): values
    case .doubles(let values): values.map(Float.init)
    case .integers(let values): values.map(Float.init)
    case .truths(let values): values.map { $0 ? 1 : 0 }
    case .texts: throw .kind("numbers are needed, and there are texts")
    }
  }

  /// The values in double precision.
  ///
  /// - Throws: ``TensorFault/kind(_:)`` for texts.
  package func doubles() throws(TensorFault) -> [Double] {
    switch elements {
    case .floats(let values): values.map(Double.init)
    case .doubles(let values): values
    case .integers(let values): values.map(Double.init)
    case .truths(let values): values.map { $0 ? 1 : 0 }
    case .texts: throw .kind("numbers are needed, and there are texts")
    }
  }

  /// The values as whole numbers, those between two cut towards 0.
  ///
  /// - Throws: ``TensorFault/kind(_:)`` for texts.
  func integers() throws(TensorFault) -> [Int64] {
    switch elements {
    case .floats(let values): values.map { Self.integer(Double($0)) }
    case .doubles(let values): values.map(Self.integer)
    case .integers(let values): values
    case .truths(let values): values.map { $0 ? 1 : 0 }
    case .texts: throw .kind("numbers are needed, and there are texts")
    }
  }

  /// The values as sizes, places or counts.
  ///
  /// - Throws: ``TensorFault/kind(_:)`` unless they are whole numbers.
  func places() throws(TensorFault) -> [Int] {
    guard case .integers(let values) = elements else {
      throw .kind("whole numbers are needed, and there are \(elements.kind)")
    }
    return values.map { Int($0) }
  }

  /// The values as truths: what is not 0 is true.
  func truths() throws(TensorFault) -> [Bool] {
    switch elements {
    case .truths(let values): values
    case .integers(let values): values.map { $0 != 0 }
    default: try doubles().map { $0 != 0 }
    }
  }

  /// A number as the processor converts it: what fits in no whole number is the least one.
  private static func integer(_ value: Double) -> Int64 {
    Int64(exactly: value.rounded(.towardZero)) ?? .min
  }
}

// MARK: Values at places

extension Tensor {
  /// The values at those places of memory, in a shape of as many.
  ///
  /// - Precondition: There are such places.
  func taking(_ places: [Int], shape: [Int]) throws(TensorFault) -> Tensor {
    let taken: Elements =
      switch elements {
      case .floats(let values): .floats(places.map { values[$0] })
      case .doubles(let values): .doubles(places.map { values[$0] })
      case .integers(let values): .integers(places.map { values[$0] })
      case .truths(let values): .truths(places.map { values[$0] })
      case .texts(let values): .texts(places.map { values[$0] })
      }
    return try Tensor(taken, shape: shape)
  }

  /// The places of memory that a walk visits, in row-major order of its own shape.
  ///
  /// - Parameters:
  ///   - shape: How many steps are taken in each dimension.
  ///   - strides: How far a step leads, by dimension; 0 stays.
  ///   - start: Where the walk begins.
  /// - Returns: a place for each of the shape's values.
  /// - Throws: ``TensorFault/shape(_:)`` if they are more than memory is for.
  static func walk(_ shape: [Int], strides: [Int], from start: Int = 0) throws(TensorFault) -> [Int]
  {
    var places = [start]
    places.reserveCapacity(try count(of: shape))
    for (size, stride) in zip(shape, strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
    }
    return places
  }

  /// How far a step leads in each dimension.
  static func strides(of shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// The shape that two shapes have together: sizes of 1 are stretched.
  ///
  /// - Throws: ``TensorFault/shape(_:)`` if two sizes differ and neither is 1.
  static func common(_ first: [Int], _ second: [Int]) throws(TensorFault) -> [Int] {
    let rank = max(first.count, second.count)
    let first = [Int](repeating: 1, count: rank - first.count) + first
    let second = [Int](repeating: 1, count: rank - second.count) + second
    var shape: [Int] = []
    for (one, other) in zip(first, second) {
      guard one == other || one == 1 || other == 1 else {
        throw .shape("\(text(first)) and \(text(second)) do not fit one another")
      }
      shape.append(one == 1 ? other : one)
    }
    return shape
  }

  /// The values stretched to a shape that fits.
  func stretched(to shape: [Int]) throws(TensorFault) -> Tensor {
    guard shape != self.shape else { return self }
    guard rank <= shape.count else {
      throw .shape("\(Self.text(self.shape)) does not stretch to \(Self.text(shape))")
    }
    let lead = shape.count - rank
    var strides = [Int](repeating: 0, count: lead) + Self.strides(of: self.shape)
    for (axis, size) in self.shape.enumerated() where size == 1 && shape[lead + axis] != 1 {
      strides[lead + axis] = 0
    }
    for (axis, size) in self.shape.enumerated() where size != 1 && size != shape[lead + axis] {
      throw .shape("\(Self.text(self.shape)) does not stretch to \(Self.text(shape))")
    }
    return try taking(try Self.walk(shape, strides: strides), shape: shape)
  }
}
