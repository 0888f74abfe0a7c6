extension TensorOperation {
  /// (*x* - `offset`)·`scale`, a number a column or one for all, in single precision.
  package static func scaling(offset: [Float], scale: [Float]) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let width = operand.shape.last ?? 1
      guard offset.count == scale.count, offset.count == 1 || offset.count == width else {
        throw .shape(
          "\(offset.count) offsets and \(scale.count) scales do not fit \(width) columns")
      }
      var values = try operand.floats()
      for index in values.indices {
        let column = offset.count == 1 ? 0 : index % width
        values[index] = (values[index] - offset[column]) * scale[column]
      }
      return try Tensor(.floats(values), shape: operand.shape)
    }
  }

  /// 1 above a threshold, else 0.
  package static func binarization(threshold: Double) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let values = try operand.doubles().map { $0 > threshold ? 1.0 : 0.0 }
      return try Tensor(.doubles(values), shape: operand.shape).cast(like: operand)
    }
  }

  /// How rows are measured by the operator that divides them by it.
  package enum RowMeasure: String, Sendable {
    case greatest = "MAX"
    case absoluteSum = "L1"
    case length = "L2"
  }

  /// Rows divided by their measure, in single precision; those of measure 0 stay.
  package static func rowNormalization(_ measure: RowMeasure) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let width = max(operand.shape.last ?? 1, 1)
      var values = try operand.floats()
      for start in stride(from: 0, to: values.count, by: width) {
        let row = values[start..<start + width]
        let size: Float
        switch measure {
        case .greatest: size = row.reduce(-.infinity, max)
        case .absoluteSum: size = row.reduce(0) { $0 + abs($1) }
        case .length: size = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        guard size != 0 else { continue }
        for index in start..<start + width { values[index] /= size }
      }
      return try Tensor(.floats(values), shape: operand.shape)
    }
  }

  /// Numbers in the place of a certain one, or of NaN: one a column, or one for all.
  package static func imputation(
    _ fills: [Double], replacing replaced: Double
  ) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let width = operand.shape.last ?? 1
      guard fills.count == 1 || fills.count == width else {
        throw .shape("there are \(fills.count) fills for \(width) columns")
      }
      var values = try operand.doubles()
      for index in values.indices
      where values[index] == replaced || (replaced.isNaN && values[index].isNaN) {
        values[index] = fills[fills.count == 1 ? 0 : index % width]
      }
      return try Tensor(.doubles(values), shape: operand.shape).cast(like: operand)
    }
  }

  /// A column for each category, 1 where a value is it.
  ///
  /// - Parameters:
  ///   - categories: The categories.
  ///   - takesOthers: Whether a value that is none of them is a row of zeros, and not refused.
  /// - Returns: an operation.
  package static func oneHot(_ categories: ClassNames, takesOthers: Bool) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      let count = categories.count
      var ones = [Float](
        repeating: 0, count: try Tensor.count(of: operand.shape + [count]))
      let places: [Int?]
      switch (categories, operand.elements) {
      case (.texts(let names), .texts(let texts)):
        let known = Dictionary(
          zip(names.map { Array($0.utf8) }, names.indices), uniquingKeysWith: { $1 })
        places = texts.map { known[Array($0.utf8)] }
      case (.integers(let names), _):
        let known = Dictionary(zip(names, names.indices), uniquingKeysWith: { $1 })
        places = try operand.integers().map { known[$0] }
      case (.texts, _): throw .kind("texts are needed, and there are \(operand.elements.kind)")
      }
      for (index, place) in places.enumerated() {
        if let place {
          ones[index * count + place] = 1
        } else if !takesOthers {
          let row = index / max(1, operand.shape.dropFirst().reduce(1, *))
          throw .value("the value is none of the \(count) categories", row: row)
        }
      }
      return try Tensor(.floats(ones), shape: operand.shape + [count])
    }
  }

  /// Values in the place of others.
  ///
  /// - Parameters:
  ///   - keys: What is looked for; NaN is found too.
  ///   - values: What stands in its place, one a key.
  ///   - fallback: What stands in the place of all others, one value.
  /// - Returns: an operation.
  package static func mapping(keys: Tensor, values: Tensor, fallback: Tensor) -> TensorOperation {
    .unary { operand throws(TensorFault) in
      guard keys.count == values.count, fallback.count == 1 else {
        throw .shape("there are \(keys.count) keys for \(values.count) values")
      }
      let all = try Tensor.joined(
        [try values.reshaped([values.count]), try fallback.cast(like: values).reshaped([1])],
        axis: 0)
      let rest = keys.count
      let places: [Int]
      switch (keys.elements, operand.elements) {
      case (.texts(let keys), .texts(let texts)):
        let known = Dictionary(
          zip(keys.map { Array($0.utf8) }, keys.indices), uniquingKeysWith: { first, _ in first })
        places = texts.map { known[Array($0.utf8)] ?? rest }
      case (.integers(let keys), .integers(let numbers)):
        let known = Dictionary(zip(keys, keys.indices), uniquingKeysWith: { first, _ in first })
        places = numbers.map { known[$0] ?? rest }
      case (.floats, .floats), (.doubles, .doubles), (.truths, .truths):
        // NaN is equal to nothing, so it is looked for by itself.
        let keys = try keys.doubles()
        let known = Dictionary(
          zip(keys, keys.indices).filter { !$0.0.isNaN }, uniquingKeysWith: { first, _ in first })
        let unknown = keys.firstIndex(where: \.isNaN) ?? rest
        places = try operand.doubles().map { $0.isNaN ? unknown : known[$0] ?? rest }
      default:
        throw .kind("\(operand.elements.kind) are looked for among \(keys.elements.kind)")
      }
      return try all.taking(places, shape: operand.shape)
    }
  }

  /// Columns of all operands beside one another, in single precision.
  package static let featureUnion = TensorOperation.variadic { operands throws(TensorFault) in
    var columns: [Tensor] = []
    for operand in operands {
      let rows = operand.rank == 2 ? operand : try operand.reshaped([operand.count, 1])
      columns.append(try rows.cast(to: .float))
    }
    return try Tensor.joined(columns, axis: 1)
  }
}
