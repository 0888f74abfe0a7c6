extension TensorOperation {
  /// The operand itself.
  package static let identity = TensorOperation.unary { operand throws(TensorFault) in operand }

  /// A tensor that is there from the start.
  package static func constant(_ tensor: Tensor) -> TensorOperation {
    TensorOperation(operandCount: 0) { _ throws(TensorFault) in [tensor] }
  }

  /// The same values in another shape: the second operand, or given.
  ///
  /// A size of 0 is the operand's own, unless `takesZero`; one of -1 is what is left.
  package static func reshaping(to given: [Int]?, takesZero: Bool = false) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      var shape = given ?? []
      if given == nil {
        guard operands.count > 1, let second = operands[1] else {
          throw .shape("the shape is missing")
        }
        shape = try second.places()
      }
      for (axis, size) in shape.enumerated() where size == 0 && !takesZero {
        guard axis < operand.rank else { throw .shape("there is no dimension \(axis) to keep") }
        shape[axis] = operand.shape[axis]
      }
      if let open = shape.firstIndex(of: -1) {
        shape[open] = 1
        let known = try Tensor.count(of: shape)
        guard known > 0, operand.count % known == 0 else {
          throw .shape("\(operand.count) values do not fill \(shape)")
        }
        shape[open] = operand.count / known
      }
      return [try operand.reshaped(shape)]
    }
  }

  /// Two dimensions: those before an axis, and the others.
  package static func flattening(axis: Int) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let axis = axis == operand.rank ? axis : try operand.axis(axis)
      let first = operand.shape[..<axis].reduce(1, *)
      return try operand.reshaped([first, operand.shape[axis...].reduce(1, *)])
    }
  }

  /// Without dimensions of size 1: those of the second operand, those given, or all.
  package static func squeezing(axes given: [Int]?) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      var axes: [Int] = []
      for axis in try Self.axes(operands, given) ?? [] { axes.append(try operand.axis(axis)) }
      if try Self.axes(operands, given) == nil {
        axes = operand.shape.indices.filter { operand.shape[$0] == 1 }
      }
      guard axes.allSatisfy({ operand.shape[$0] == 1 }) else {
        throw .shape("a dimension of \(operand.shape) to be left out has not the size 1")
      }
      let shape = operand.shape.indices.filter { !axes.contains($0) }.map { operand.shape[$0] }
      return [try operand.reshaped(shape)]
    }
  }

  /// With dimensions of size 1 more, at the places of the second operand or those given.
  package static func unsqueezing(axes given: [Int]?) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      let axes = try Self.axes(operands, given) ?? []
      let rank = operand.rank + axes.count
      var places: Set<Int> = []
      for axis in axes { places.insert(try Tensor.axis(axis, rank: rank)) }
      guard places.count == axes.count else { throw .shape("a dimension is added twice") }
      var sizes = operand.shape.makeIterator()
      let shape = (0..<rank).map { places.contains($0) ? 1 : sizes.next() ?? 1 }
      return [try operand.reshaped(shape)]
    }
  }

  /// The axes that the second operand lists, or those given; `nil` where there are neither.
  static func axes(_ operands: [Tensor?], _ given: [Int]?) throws(TensorFault) -> [Int]? {
    guard operands.count > 1, let axes = operands[1] else { return given }
    return try axes.places()
  }

  /// With the dimensions in another order: reversed where none is given.
  package static func transposition(order given: [Int]?) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      try operand.transposed(given ?? operand.shape.indices.reversed())
    }
  }

  /// One behind another along an axis.
  package static func concatenation(axis: Int) -> TensorOperation {
    .variadic { operands throws(TensorFault) in
      try Tensor.joined(operands, axis: axis)
    }
  }

  /// Parts of the operand: starts, ends, axes and steps are the other operands, or given.
  package static func slicing(starts: [Int]?, ends: [Int]?, axes: [Int]?) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      func list(_ index: Int, or given: [Int]?) throws(TensorFault) -> [Int]? {
        guard index < operands.count, let list = operands[index] else { return given }
        return try list.places()
      }
      guard let starts = try list(1, or: starts), let ends = try list(2, or: ends),
        starts.count == ends.count,
        let axes = try list(3, or: axes ?? Array(starts.indices)),
        let steps = try list(4, or: [Int](repeating: 1, count: starts.count))
      else { throw .shape("where the part begins and ends is missing") }
      guard axes.count == starts.count, steps.count == starts.count else {
        throw .shape("the part has \(axes.count) axes for \(starts.count) starts")
      }
      var shape = operand.shape
      var strides = Tensor.strides(of: operand.shape)
      var origin = 0
      for (index, given) in axes.enumerated() {
        let axis = try operand.axis(given)
        let size = operand.shape[axis]
        let step = steps[index]
        guard step != 0, step > -Int(Int32.max), step < Int(Int32.max) else {
          throw .shape("a step of \(step) is none")
        }
        // Positions from the end, and beyond either end, as Python's slices have them.
        let range = step > 0 ? 0...size : -1...max(size - 1, -1)
        func place(_ position: Int) -> Int {
          let place = position < 0 ? max(position, -size - 1) + size : position
          return min(max(place, range.lowerBound), range.upperBound)
        }
        let (start, end) = (place(starts[index]), place(ends[index]))
        let span = step > 0 ? end - start : start - end
        shape[axis] = span <= 0 ? 0 : (span - 1) / abs(step) + 1
        origin += shape[axis] == 0 ? 0 : start * strides[axis]
        strides[axis] *= step
      }
      return [
        try operand.taking(try Tensor.walk(shape, strides: strides, from: origin), shape: shape)
      ]
    }
  }

  /// The parts of the first operand along an axis that the second one's indices name.
  package static func gathering(axis: Int) -> TensorOperation {
    .binary { operand, indices throws(TensorFault) in
      let axis = try operand.axis(axis)
      let chosen = try operand.places(try indices.places(), along: axis)
      let inner = operand.shape[(axis + 1)...].reduce(1, *)
      let size = operand.shape[axis]
      let shape = operand.shape[..<axis] + indices.shape + operand.shape[(axis + 1)...]
      _ = try Tensor.count(of: Array(shape))
      var places: [Int] = []
      for outer in 0..<operand.shape[..<axis].reduce(1, *) {
        for index in chosen {
          let start = (outer * size + index) * inner
          places += start..<start + inner
        }
      }
      return try operand.taking(places, shape: Array(shape))
    }
  }

  /// For each place of the second operand the value of the first at the same place, but along an axis
  /// at the index that stands there.
  package static func gatheringElements(axis: Int) -> TensorOperation {
    .binary { operand, indices throws(TensorFault) in
      let axis = try operand.axis(axis)
      guard operand.rank == indices.rank,
        operand.shape.indices.allSatisfy({
          $0 == axis || indices.shape[$0] <= operand.shape[$0]
        })
      else { throw .shape("\(indices.shape) indices do not fit \(operand.shape)") }
      var strides = Tensor.strides(of: operand.shape)
      let stride = strides[axis]
      strides[axis] = 0
      let chosen = try operand.places(try indices.places(), along: axis)
      let places = zip(try Tensor.walk(indices.shape, strides: strides), chosen)
        .map { $0 + $1 * stride }
      return try operand.taking(places, shape: indices.shape)
    }
  }

  /// The values at the second operand's indices along the last dimension.
  package static let featureExtraction = TensorOperation.binary {
    operand, indices throws(TensorFault) in
    let width = operand.shape.last ?? 1
    let chosen = try operand.places(try indices.places(), along: operand.rank - 1)
    let rowCount = width == 0 ? 0 : operand.count / width
    _ = try Tensor.count(of: [rowCount, chosen.count])
    let places = (0..<rowCount).flatMap { row in chosen.map { row * width + $0 } }
    let lead = operand.rank == 1 ? [1] : operand.shape.dropLast()
    return try operand.taking(places, shape: lead + [chosen.count])
  }

  /// The sizes of the dimensions from one to before another.
  package static func shape(from start: Int, to end: Int?) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let rank = operand.rank
      func place(_ axis: Int) -> Int {
        min(max(axis < 0 ? max(axis, -rank) + rank : axis, 0), rank)
      }
      let (start, end) = (place(start), place(end ?? rank))
      return Tensor(.integers(operand.shape[start..<max(start, end)].map(Int64.init)))
    }
  }

  /// A value again and again, in the shape that the operand lists.
  package static func filling(with value: Tensor) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      guard value.count == 1 else { throw .shape("one value is needed to fill with") }
      return try value.reshaped([]).stretched(to: try operand.places())
    }
  }

  /// The first operand stretched to fit the shape that the second one lists.
  package static let expansion = TensorOperation.binary { operand, shape throws(TensorFault) in
    try operand.stretched(to: try Tensor.common(operand.shape, try shape.places()))
  }

  /// The operand in equal parts along an axis, or in parts of the sizes of the second operand.
  package static func splitting(axis: Int, sizes given: [Int]?, count: Int) -> TensorOperation {
    TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      let axis = try operand.axis(axis)
      let size = operand.shape[axis]
      var sizes = try Self.axes(operands, given) ?? []
      if sizes.isEmpty {
        let width = (size + count - 1) / max(count, 1)
        sizes = (0..<count).map { max(0, min(width, size - $0 * width)) }
      }
      guard sizes.allSatisfy({ (0...size).contains($0) }), sizes.reduce(0, +) == size else {
        throw .shape("\(sizes) are not the parts of \(size)")
      }
      let strides = Tensor.strides(of: operand.shape)
      var parts: [Tensor] = []
      var start = 0
      for part in sizes {
        var shape = operand.shape
        shape[axis] = part
        parts.append(
          try operand.taking(
            try Tensor.walk(shape, strides: strides, from: start * strides[axis]), shape: shape))
        start += part
      }
      return parts
    }
  }
}

extension Tensor {
  /// Indices along an axis, which count from the end where they are below 0.
  fileprivate func places(_ indices: [Int], along axis: Int) throws(TensorFault) -> [Int] {
    let size = axis < 0 ? 1 : shape[axis]
    var places: [Int] = []
    places.reserveCapacity(indices.count)
    for index in indices {
      guard index >= -size, index < size else {
        throw .shape("there is no index \(index) among \(size)")
      }
      places.append(index < 0 ? index + size : index)
    }
    return places
  }

  /// Tensors of one kind behind one another along an axis.
  static func joined(_ tensors: [Tensor], axis given: Int) throws(TensorFault) -> Tensor {
    let axis = try tensors[0].axis(given)
    var shape = tensors[0].shape
    shape[axis] = 0
    for tensor in tensors {
      var other = tensor.shape
      guard other.count == shape.count else { throw .shape("the numbers of dimensions differ") }
      shape[axis] += other[axis]
      other[axis] = shape[axis]
      guard other == shape else {
        throw .shape("\(tensor.shape) does not fit \(shape) along dimension \(axis)")
      }
    }
    _ = try count(of: shape)
    let rowCount = shape[..<axis].reduce(1, *)
    /// The values of all, row by row.
    func joined<Value>(
      _ values: (Elements) -> [Value]?
    ) throws(TensorFault) -> [Value] {
      var lists: [[Value]] = []
      for tensor in tensors {
        guard let list = values(tensor.elements) else { throw .kind("the kinds of values differ") }
        lists.append(list)
      }
      var all: [Value] = []
      all.reserveCapacity(lists.reduce(0) { $0 + $1.count })
      for row in 0..<rowCount {
        for list in lists {
          let width = list.count / rowCount
          all += list[row * width..<(row + 1) * width]
        }
      }
      return all
    }
    let elements: Elements
    switch tensors[0].elements {
    case .floats:
      elements = .floats(try joined { if case .floats(let values) = $0 { values } else { nil } })
    case .doubles:
      elements = .doubles(try joined { if case .doubles(let values) = $0 { values } else { nil } })
    case .integers:
      elements = .integers(
        try joined { if case .integers(let values) = $0 { values } else { nil } })
    case .truths:
      elements = .truths(try joined { if case .truths(let values) = $0 { values } else { nil } })
    case .texts:
      elements = .texts(try joined { if case .texts(let values) = $0 { values } else { nil } })
    }
    return try Tensor(elements, shape: shape)
  }
}
