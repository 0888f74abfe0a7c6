package import DataTables

/// Something that computes tensors of tensors: a graph of Assay's own operations, or another library's.
package protocol TensorComputation: Sendable {
  /// The number of trees in it, where it is known.
  var treeCount: Int? { get }
  /// Computes a tensor for each output of tensors for the inputs.
  ///
  /// - Throws: ``TensorGraph/Failure`` with the node that has no result.
  func evaluate(_ given: [String: Tensor]) throws(TensorGraph.Failure) -> [Tensor]
}

extension TensorGraph: TensorComputation {}

/// A predictor that is a graph of operations on tensors.
package struct GraphPredictor: Predictor {
  /// A tensor that the graph is given: some of a row's columns.
  package struct Input: Sendable, Hashable {
    /// Its name.
    package let name: String
    /// The kind of its values.
    package let kind: TensorKind
    /// The number of columns; `nil` where the graph takes any.
    package let width: Int?
    /// Whether it is a list of values, and not rows of them.
    package let isFlat: Bool

    /// Creates an input.
    package init(name: String, kind: TensorKind, width: Int?, isFlat: Bool) {
      self.name = name
      self.kind = kind
      self.width = width
      self.isFlat = isFlat
    }
  }

  /// What the graph's outputs say.
  package enum Meaning: Sendable, Hashable {
    /// So many numbers a row.
    case numbers(output: Int, count: Int)
    /// One of these classes, told by a label, or by the greatest score where there is no label.
    case classes([Label], label: Int?, scores: Scores?)
  }

  /// What scores of classes are.
  package struct Scores: Sendable, Hashable {
    /// The indices of the outputs, whose columns stand beside one another.
    package let outputs: [Int]
    /// The number of scores of a row: one a class, or that of the second of two.
    package let width: Int
    /// Whether they are probabilities, and not just what is decided by.
    package let areProbabilities: Bool

    /// Creates scores.
    package init(outputs: [Int], width: Int, areProbabilities: Bool) {
      self.outputs = outputs
      self.width = width
      self.areProbabilities = areProbabilities
    }
  }

  /// What the predictor is called.
  package let name: String
  private let computation: any TensorComputation
  private let inputs: [Input]
  private let meaning: Meaning
  /// How many rows the graph takes at once, where that is fixed.
  private let batchSize: Int?

  /// The number of columns of all inputs; `nil` where one takes any.
  package var featureCount: Int? {
    let widths = inputs.compactMap(\.width)
    return widths.count == inputs.count ? widths.reduce(0, +) : nil
  }

  /// What it predicts.
  package var targets: [Target] {
    switch meaning {
    case .numbers(_, let count): [Target](repeating: .number, count: count)
    case .classes(let labels, _, _): [.classes(labels)]
    }
  }

  /// Whether it says probabilities.
  package var hasProbabilities: Bool { scores?.areProbabilities == true }
  /// Whether it says scores that are no probabilities.
  package var hasDecisions: Bool { scores?.areProbabilities == false }
  /// Inputs of decimal numbers take missing values, and the operations decide.
  package var acceptsMissingValues: Bool { true }
  /// The number of trees.
  package var treeCount: Int? { computation.treeCount }

  /// Whether all inputs are in single precision.
  package var roundsToSinglePrecision: Bool { inputs.allSatisfy { $0.kind == .float } }

  /// The columns of inputs of text.
  package var textColumns: Set<Int> {
    var columns: Set<Int> = []
    var start = 0
    for input in inputs {
      if input.kind == .text { columns.formUnion(start..<start + (input.width ?? 0)) }
      start += input.width ?? 0
    }
    return columns
  }

  private var scores: Scores? {
    if case .classes(_, _, let scores) = meaning { scores } else { nil }
  }

  /// Creates a predictor.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - computation: The graph.
  ///   - inputs: What the graph is given, in the order of a row's columns; at least one.
  ///   - meaning: What its outputs say.
  ///   - batchSize: How many rows it takes at once, where that is fixed.
  /// - Throws: ``ModelError/badShape(_:)`` if there are no inputs, several of which one takes any number
  ///   of columns, or classes that are none.
  package init(
    name: String, computation: any TensorComputation, inputs: [Input], meaning: Meaning,
    batchSize: Int?
  ) throws(ModelError) {
    guard !inputs.isEmpty, inputs.count == 1 || inputs.allSatisfy({ $0.width != nil }) else {
      throw .badShape("\(name) does not say how many columns its inputs have")
    }
    guard inputs.allSatisfy({ $0.width ?? 1 > 0 }) else {
      throw .badShape("\(name) has an input of no columns")
    }
    if case .classes(let labels, _, _) = meaning {
      guard !labels.isEmpty, Set(labels).count == labels.count else {
        throw .badShape("\(name) needs different classes")
      }
    }
    self.name = name
    self.computation = computation
    self.inputs = inputs
    self.meaning = meaning
    self.batchSize = batchSize
  }

  /// Predicts rows.
  package func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    var answers = Answer()
    let size = batchSize ?? features.rowCount
    for start in stride(from: 0, to: features.rowCount, by: max(size, 1)) {
      let answer = try answer(start..<min(start + size, features.rowCount), of: features)
      answers.codes += answer.codes
      answers.numbers += answer.numbers
    }
    switch meaning {
    case .numbers(_, 1): return ModelOutput(numbers: answers.numbers)
    case .numbers(_, let count):
      return ModelOutput(
        targets: (0..<count).map {
          ModelOutput(numbers: column($0, of: answers.numbers, width: count))
        })
    case .classes(let labels, _, let scores):
      guard let scores else {
        return ModelOutput(classes: labels, codes: answers.codes, probabilities: nil)
      }
      guard !scores.areProbabilities else {
        return ModelOutput(
          classes: labels, codes: answers.codes, probabilities: answers.numbers)
      }
      // Of two classes the second one's score tells both.
      let decisions =
        labels.count == 2 && scores.width == 2
        ? column(1, of: answers.numbers, width: 2) : answers.numbers
      return ModelOutput(
        classes: labels, codes: answers.codes, probabilities: nil, decisions: decisions)
    }
  }

  /// What the graph says of some rows.
  private struct Answer: Sendable {
    var codes: [Int32] = []
    /// Row-major numbers, or scores of classes.
    var numbers: [Double] = []
  }

  private func answer(
    _ rows: Range<Int>, of features: FeatureMatrix
  ) throws(PredictionError) -> Answer {
    var outputs: [Tensor] = []
    let given = try tensors(rows, of: features)
    do throws(TensorGraph.Failure) {
      outputs = try computation.evaluate(given)
    } catch {
      if case .value(_, let row) = error.fault {
        throw .noResult(
          row: rows.lowerBound + row + 1, node: error.node, reason: error.fault.message)
      }
      throw .noResult(row: nil, node: error.node, reason: error.fault.message)
    }
    do throws(TensorFault) {
      switch meaning {
      case .numbers(let output, let count):
        return Answer(numbers: try Self.rows(outputs, output, count: rows.count, width: count))
      case .classes(let labels, let label, let scores):
        var answer = Answer()
        if let scores {
          let width = scores.width / scores.outputs.count
          var columns: [[Double]] = []
          for output in scores.outputs {
            columns.append(
              try Self.rows(outputs, output, count: rows.count, width: width))
          }
          answer.numbers =
            columns.count == 1
            ? columns[0] : rows.indices.flatMap { row in columns.map { $0[row - rows.lowerBound] } }
        }
        if let label {
          answer.codes = try codes(outputs, label, labels, count: rows.count)
        } else {
          answer.codes = greatestPlaces(answer.numbers, width: labels.count)
        }
        return answer
      }
    } catch { throw .noResult(row: nil, node: name, reason: error.message) }
  }

  /// The numbers of an output, which are so many a row.
  private static func rows(
    _ outputs: [Tensor], _ output: Int, count: Int, width: Int
  ) throws(TensorFault) -> [Double] {
    guard outputs.indices.contains(output), outputs[output].count == count * width else {
      throw .shape("output \(output) is not \(count) rows of \(width) numbers")
    }
    return try outputs[output].doubles()
  }

  private func codes(
    _ outputs: [Tensor], _ output: Int, _ labels: [Label], count: Int
  ) throws(TensorFault) -> [Int32] {
    guard outputs.indices.contains(output), outputs[output].count == count else {
      throw .shape("output \(output) is not a label for each of \(count) rows")
    }
    let places = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
    let found: [Label] =
      if case .texts(let texts) = outputs[output].elements { texts.map(Label.text) } else {
        try outputs[output].integers().map(Label.integer)
      }
    let codes = found.compactMap { places[$0].map(Int32.init) }
    guard codes.count == count else {
      throw .shape("a label of output \(output) is none of the \(labels.count) classes")
    }
    return codes
  }

  // MARK: Rows as tensors

  private func tensors(
    _ rows: Range<Int>, of features: FeatureMatrix
  ) throws(PredictionError) -> [String: Tensor] {
    var given: [String: Tensor] = [:]
    var start = 0
    for input in inputs {
      let width = input.width ?? features.columnCount
      var values: [Double] = []
      values.reserveCapacity(rows.count * width)
      for row in rows {
        let first = row * features.columnCount + start
        values += features.values[first..<first + width]
      }
      func place(_ index: Int) -> (row: Int, column: String) {
        let own = (rows.lowerBound + index / width) * features.columnCount + start + index % width
        return (rows.lowerBound + index / width + 1, features.columnName(of: own))
      }
      if input.kind.isExact, let missing = values.firstIndex(where: \.isNaN) {
        let (row, column) = place(missing)
        throw .missingValue(row: row, column: column, predictor: "the input '\(input.name)'")
      }
      let elements: Tensor.Elements
      switch input.kind {
      case .float: elements = .floats(values.map(Float.init))
      case .double: elements = .doubles(values)
      case .text:
        elements = .texts(
          values.map { value in
            let code = Int(exactly: value) ?? -1
            return features.texts.indices.contains(code) ? features.texts[code] : ""
          })
      case .integer, .truth:
        let whole = values.compactMap { Int64(exactly: $0) }
        guard whole.count == values.count else {
          let (row, column) = place(values.firstIndex { Int64(exactly: $0) == nil } ?? 0)
          throw .notAWholeNumber(row: row, column: column)
        }
        elements = input.kind == .truth ? .truths(whole.map { $0 != 0 }) : .integers(whole)
      }
      let shape = input.isFlat ? [rows.count] : [rows.count, width]
      do throws(TensorFault) {
        given[input.name] = try Tensor(elements, shape: shape)
      } catch { throw .noResult(row: nil, node: input.name, reason: error.message) }
      start += width
    }
    return given
  }
}

extension TensorKind {
  /// Whether there is no missing value of the kind.
  fileprivate var isExact: Bool { self != .float && self != .double }
}
