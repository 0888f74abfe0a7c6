internal import Glibc

/// How near a row is to a support vector.
package enum SupportKernel: String, Sendable {
  case linear = "LINEAR"
  case polynomial = "POLY"
  case radial = "RBF"
  case sigmoid = "SIGMOID"
}

/// Support vectors, and how rows are measured by them.
///
/// Source: ONNX Runtime 1.32, onnxruntime/core/providers/cpu/ml/svmclassifier.cc; probabilities by LIBSVM,
/// https://www.csie.ntu.edu.tw/~cjlin/papers/svmprob/svmprob.pdf, algorithm 2.
package struct SupportVectors: Sendable {
  private let kernel: SupportKernel
  private let gamma: Double
  private let constant: Double
  private let degree: Double
  /// Row-major, *v* x *k*.
  private let vectors: [Double]
  /// *v*, at least 1.
  private let count: Int

  /// Creates vectors.
  ///
  /// - Parameters:
  ///   - kernel: How near a row is to one.
  ///   - parameters: The kernel's factor, constant and degree, or none.
  ///   - vectors: Row-major, *v* x *k*.
  ///   - count: *v*.
  /// - Throws: ``ModelError/badShape(_:)`` if the vectors are no rows.
  package init(
    kernel: SupportKernel, parameters: [Float], vectors: [Float], count: Int
  ) throws(ModelError) {
    guard parameters.isEmpty || parameters.count >= 3, count > 0, vectors.count % count == 0,
      !vectors.isEmpty
    else { throw .badShape("\(vectors.count) numbers are not \(count) support vectors") }
    self.kernel = kernel
    gamma = parameters.isEmpty ? 0 : Double(parameters[0])
    constant = parameters.isEmpty ? 0 : Double(parameters[1])
    degree = parameters.isEmpty ? 3 : Double(parameters[2])
    self.vectors = vectors.map(Double.init)
    self.count = count
  }

  /// How near a row is to each vector.
  private func nearness(
    _ rows: (values: [Double], width: Int, count: Int), row: Int
  ) throws(TensorFault) -> [Double] {
    let width = vectors.count / count
    guard rows.width == width else {
      throw .shape("rows have \(rows.width) features, and the support vectors \(width)")
    }
    return (0..<count).map { vector in
      var sum = 0.0
      for column in 0..<width {
        let value = rows.values[row * width + column]
        let other = vectors[vector * width + column]
        sum += kernel == .radial ? (value - other) * (value - other) : value * other
      }
      return switch kernel {
      case .linear: sum
      case .polynomial: pow(gamma * sum + constant, degree)
      case .radial: exp(-gamma * sum)
      case .sigmoid: tanh(gamma * sum + constant)
      }
    }
  }

  /// A regressor: the weighted sum of nearnesses, or for one class whether it is above 0.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if there is not a weight for each vector.
  package func regressor(
    weights: [Float], start: Float, isOneClass: Bool
  ) throws(ModelError) -> TensorOperation {
    guard weights.count == count else {
      throw .badShape("there are \(weights.count) weights for \(count) support vectors")
    }
    let weights = weights.map(Double.init)
    return .unary { operand throws(TensorFault) in
      let rows = try operand.rows()
      var sums: [Float] = []
      for row in 0..<rows.count {
        let near = try nearness(rows, row: row)
        let sum = zip(near, weights).reduce(0) { $0 + $1.0 * $1.1 } + Double(start)
        sums.append(isOneClass ? (sum > 0 ? 1 : -1) : Float(sum))
      }
      return try Tensor(.floats(sums), shape: [rows.count, 1])
    }
  }

  /// What a classifier of support vectors decides by.
  package struct Decisions: Sendable {
    /// How many vectors are each class's, in the order of the classes.
    package let classSizes: [Int]
    /// Row-major, *c* - 1 x *v*.
    package let weights: [Float]
    /// What the sum of each pair of classes begins with.
    package let starts: [Float]
    /// For each pair the slope and the height of its logistic; empty where there are no probabilities.
    package let slopes: [Float]
    package let heights: [Float]

    /// Creates decisions.
    package init(
      classSizes: [Int], weights: [Float], starts: [Float], slopes: [Float], heights: [Float]
    ) {
      self.classSizes = classSizes
      self.weights = weights
      self.starts = starts
      self.slopes = slopes
      self.heights = heights
    }
  }

  /// A classifier: each pair of classes votes, and the scores are those of the pairs, or probabilities.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if lists do not have an element for each class, vector or pair.
  package func classifier(
    _ classes: ClassNames, _ decisions: Decisions, transform: ScoreTransform
  ) throws(ModelError) -> TensorOperation {
    let classCount = classes.count
    let pairCount = classCount * (classCount - 1) / 2
    let sizes = decisions.classSizes
    guard sizes.count == classCount, sizes.allSatisfy({ (0...count).contains($0) }),
      sizes.reduce(0, +) == count, decisions.weights.count == (classCount - 1) * count,
      decisions.starts.count == pairCount, decisions.slopes.count == decisions.heights.count,
      decisions.slopes.isEmpty || decisions.slopes.count == pairCount
    else {
      throw .badShape(
        "the lists of the support vectors do not fit \(count) vectors of \(classCount) classes")
    }
    return TensorOperation(operandCount: 1) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      let rows = try operand.rows()
      var codes: [Int] = []
      var all: [Float] = []
      for row in 0..<rows.count {
        let sums = pairSums(try nearness(rows, row: row), decisions)
        var votes = [Double](repeating: 0, count: classCount)
        for (pair, sum) in zip(Self.pairs(classCount), sums) {
          votes[sum > 0 ? pair.first : pair.second] += 1
        }
        codes.append(Int(greatestPlaces(votes, width: classCount).first ?? 0))
        guard decisions.slopes.isEmpty else {
          let shares = Self.shares(sums, decisions, classCount: classCount)
          all += transform.applied(to: shares.map(Float.init), width: classCount)
          continue
        }
        let scores = sums.map(Float.init)
        if classCount > 2 {
          all += transform.applied(to: scores, width: pairCount)
        } else {
          // The only score is the first class's, and its place is the second.
          all += transform == .none ? [-scores[0], scores[0]] : transform.pairs(of: scores)
        }
      }
      let width = decisions.slopes.isEmpty && classCount > 2 ? pairCount : classCount
      return [classes.tensor(of: codes), try Tensor(.floats(all), shape: [rows.count, width])]
    }
  }

  /// All pairs of classes, in the order of their sums.
  private static func pairs(_ classCount: Int) -> [(first: Int, second: Int)] {
    (0..<classCount).flatMap { first in
      (first + 1..<max(classCount, first + 1)).map { (first, $0) }
    }
  }

  /// For each pair of classes what its vectors add up to; above 0 it is the first one's.
  private func pairSums(_ near: [Double], _ decisions: Decisions) -> [Double] {
    var places = [0]
    for size in decisions.classSizes { places.append(places[places.count - 1] + size) }
    return zip(Self.pairs(decisions.classSizes.count), decisions.starts).map { pair, start in
      var sum = Double(start)
      for vector in places[pair.first]..<places[pair.first + 1] {
        sum += Double(decisions.weights[(pair.second - 1) * count + vector]) * near[vector]
      }
      for vector in places[pair.second]..<places[pair.second + 1] {
        sum += Double(decisions.weights[pair.first * count + vector]) * near[vector]
      }
      return sum
    }
  }

  /// The classes' probabilities that fit those of all pairs best.
  private static func shares(
    _ sums: [Double], _ decisions: Decisions, classCount: Int
  ) -> [Double] {
    var pairShares = [[Double]](
      repeating: [Double](repeating: 0, count: classCount), count: classCount)
    for (index, pair) in pairs(classCount).enumerated() {
      let height = Double(decisions.slopes[index]) * sums[index] + Double(decisions.heights[index])
      let share = min(max(1 - PredictiveModels.sigmoid(height), 1e-7), 1 - 1e-7)
      pairShares[pair.first][pair.second] = share
      pairShares[pair.second][pair.first] = 1 - share
    }
    let classes = 0..<classCount
    let matrix = classes.map { row in
      classes.map { column in
        row == column
          ? classes.reduce(0) { $0 + ($1 == row ? 0 : pairShares[$1][row] * pairShares[$1][row]) }
          : -pairShares[column][row] * pairShares[row][column]
      }
    }
    var shares = [Double](repeating: 1 / Double(classCount), count: classCount)
    for _ in 0..<100 {
      var products = classes.map { row in
        classes.reduce(0) { $0 + matrix[row][$1] * shares[$1] }
      }
      var total = classes.reduce(0) { $0 + shares[$1] * products[$1] }
      let error = products.map { abs($0 - total) }.max() ?? 0
      guard error >= 0.005 / Double(classCount) else { break }
      for own in classes {
        let step = (total - products[own]) / matrix[own][own]
        shares[own] += step
        total =
          (total + step * (step * matrix[own][own] + 2 * products[own])) / (1 + step) / (1 + step)
        for other in classes {
          products[other] = (products[other] + step * matrix[own][other]) / (1 + step)
          shares[other] /= 1 + step
        }
      }
    }
    return shares
  }
}
