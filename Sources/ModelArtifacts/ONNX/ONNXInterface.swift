internal import DataTables
internal import ONNXMessages
internal import PredictiveModels

/// What a graph takes and says, in the words of models: features, classes, probabilities.
///
/// ONNX names tensors alone. A label is an output of whole numbers or texts; scores are one of decimal
/// numbers, or of maps from classes to them; the classes stand in the operator that makes the label.
struct ONNXInterface {
  private let message: ONNXGraphProto
  private let nodes: [ONNXNode]
  private let computation: any TensorComputation
  /// Tensors that do not depend on the inputs.
  private let constants: [String: Tensor]
  private let inputs: [GraphPredictor.Input]
  private let batchSize: Int?
  /// The outputs for a few rows; `nil` where those could not be computed.
  private let trial: Trial?

  /// What the graph says of a few rows.
  private struct Trial {
    let rowCount: Int
    let outputs: [Tensor]
  }

  /// Rows of a trial.
  private static let trialSize = 9

  /// Reads what a graph takes, and tries it with a few rows.
  ///
  /// - Throws: ``ModelFormatError`` if an input is none that rows have, or the operators do not fit one
  ///   another.
  init(
    _ message: ONNXGraphProto, nodes: [ONNXNode], constants: [String: Tensor],
    computation: any TensorComputation
  ) throws(ModelFormatError) {
    self.message = message
    self.nodes = nodes
    self.constants = constants
    self.computation = computation
    var inputs: [GraphPredictor.Input] = []
    var batchSize: Int?
    let filled = Set(message.initializer.map(\.name))
    for info in message.input where !filled.contains(info.name) {
      let (input, size) = try Self.input(info)
      inputs.append(input)
      batchSize = size ?? batchSize
    }
    guard batchSize ?? 1 == 1 else {
      throw .unsupported("a graph that takes \(batchSize ?? 1) rows at once")
    }
    self.inputs = inputs
    self.batchSize = batchSize
    trial = try Self.trial(computation, inputs, rowCount: batchSize ?? Self.trialSize)
  }

  /// The model.
  func model(name: String) throws(ModelFormatError) -> Model {
    let widths = inputs.map(\.width)
    // Columns have names where each is an input of its own.
    let names = inputs.count > 1 && widths.allSatisfy { $0 == 1 } ? inputs.map(\.name) : nil
    let meaning = try meaning()
    do throws(ModelError) {
      return try Model(
        featureNames: names,
        predictor: try GraphPredictor(
          name: name, computation: computation, inputs: inputs, meaning: meaning,
          batchSize: batchSize))
    } catch { throw .model(error) }
  }

  // MARK: Inputs

  /// An input, and how many rows it has, where that is fixed.
  private static func input(
    _ info: ONNXValueInfoProto
  ) throws(ModelFormatError) -> (GraphPredictor.Input, Int?) {
    guard case .tensorType(let tensor) = info.type.value,
      let kind = ONNXTensor.kinds[tensor.elemType]
    else { throw .unsupported("the input '\(info.name)', which is \(info.type.summary),") }
    let sizes: [Int?] = tensor.shape.dim.map { size in
      if case .dimValue(let value) = size.value, value > 0 { Int(value) } else { nil }
    }
    guard sizes.count <= 2 else {
      throw .unsupported("the input '\(info.name)' of \(sizes.count) dimensions")
    }
    // Without a shape it may be anything: rows are meant.
    let isFlat = sizes.count == 1
    let width = isFlat ? 1 : sizes.count == 2 ? sizes[1] : nil
    return (
      GraphPredictor.Input(name: info.name, kind: kind, width: width, isFlat: isFlat),
      sizes.first ?? nil
    )
  }

  /// The outputs for rows of small numbers, the first of zeros.
  private static func trial(
    _ computation: any TensorComputation, _ inputs: [GraphPredictor.Input], rowCount: Int
  ) throws(ModelFormatError) -> Trial? {
    var given: [String: Tensor] = [:]
    for input in inputs {
      guard let width = input.width else { return nil }
      do throws(TensorFault) {
        // Quarters between -8 and 20, the first row of zeros.
        var values: [Double] = []
        for row in 0..<rowCount {
          for column in 0..<width {
            values.append(Double(row * ((row + column) * 7 % 11 - 3)) / 4)
          }
        }
        let numbers = Tensor(.doubles(values))
        let texts = [String](repeating: "", count: values.count)
        let elements =
          try input.kind == .text ? .texts(texts) : numbers.cast(to: input.kind).elements
        given[input.name] = try Tensor(
          elements, shape: input.isFlat ? [rowCount] : [rowCount, width])
      } catch { throw .badField(input.name, expected: "an input: \(error.message)") }
    }
    do throws(TensorGraph.Failure) {
      return Trial(rowCount: rowCount, outputs: try computation.evaluate(given))
    } catch {
      switch error.fault {
      case .value: return nil
      case .unsupported(let what): throw .unsupported("\(what) in \(error.node)")
      case .shape(let reason), .kind(let reason):
        throw .badField(error.node, expected: "an operation that fits its inputs: \(reason)")
      }
    }
  }

  // MARK: Outputs

  private func meaning() throws(ModelFormatError) -> GraphPredictor.Meaning {
    let label = message.output.firstIndex { $0.type.isLabel }
    let scores = message.output.indices.filter { message.output[$0].type.isScores }
    let classes = message.output.lazy.compactMap { self.classes(behind: $0.name) }.first
    if let label {
      guard trial.map({ $0.outputs[label].count == $0.rowCount }) ?? true else {
        throw .unsupported("a classifier of several targets")
      }
      guard let classes else {
        guard message.output[label].type.isNumber else {
          throw .unsupported("a classifier whose classes stand nowhere")
        }
        return .numbers(output: label, count: 1)
      }
      return .classes(classes, label: label, scores: scored(scores, classes))
    }
    guard let first = scores.first else {
      throw .unsupported("a graph without an output of numbers or labels")
    }
    if message.output[first].type.isMap, let classes, let told = scored(scores, classes) {
      return .classes(classes, label: nil, scores: told)
    }
    let declared = message.output[first].type.tensorType.shape.dim.dropFirst().last?.dimValue
    let count = trial.map { $0.outputs[first].count / $0.rowCount } ?? Int(declared ?? 1)
    guard (1...1 << 20).contains(max(count, 1)) else { throw .unsupported("\(count) outputs") }
    return .numbers(output: first, count: max(count, 1))
  }

  /// The scores of classes: an output with one for each, or that of the second of two, or an output for
  /// each class; `nil` where there is none of these.
  ///
  /// They are probabilities unless a row of the trial has one that is none.
  private func scored(_ outputs: [Int], _ classes: [Label]) -> GraphPredictor.Scores? {
    guard let first = outputs.first else { return nil }
    guard let trial else {
      return GraphPredictor.Scores(
        outputs: [first], width: classes.count, areProbabilities: true)
    }
    let width = trial.outputs[first].count / trial.rowCount
    let own = width == 1 && outputs.count == classes.count ? outputs : [first]
    guard own.count > 1 || width == classes.count || (width == 1 && classes.count == 2) else {
      return nil
    }
    let values = own.flatMap { (try? trial.outputs[$0].doubles()) ?? [] }
    let slack = 1e-6
    return GraphPredictor.Scores(
      outputs: own, width: width * own.count,
      areProbabilities: width * own.count == classes.count
        && values.allSatisfy { $0 >= -slack && $0 <= 1 + slack })
  }

  /// The classes that stand in the operators that make a tensor, those nearest to it.
  private func classes(behind output: String) -> [Label]? {
    var makers: [String: ONNXNode] = [:]
    for node in nodes {
      for result in node.results.compactMap(\.self) { makers[result] = node }
    }
    var seen: Set<String> = [output]
    var open = [output]
    while !open.isEmpty {
      var next: [String] = []
      for name in open {
        guard let node = makers[name] else { continue }
        if let classes = classes(of: node) { return classes }
        for operand in node.operands.compactMap(\.self) where seen.insert(operand).inserted {
          next.append(operand)
        }
      }
      open = next
    }
    return nil
  }

  private func classes(of node: ONNXNode) -> [Label]? {
    let names: Tensor.Elements?
    switch node.operatorName {
    case "\(ONNXNode.machineLearning).ArrayFeatureExtractor", "Gather":
      // Classes by their places: a list that is there, and places that are computed.
      guard let list = node.operands.first ?? nil, let constant = constants[list],
        node.operands.count > 1, let places = node.operands[1], constants[places] == nil
      else { return nil }
      names = constant.elements
    default:
      let lists = ["classlabels_int64s", "classlabels_ints"]
      let classes = lists.lazy.compactMap { list in
        try? node.classes(texts: "classlabels_strings", integers: list)
      }.first
      switch classes {
      case .texts(let texts): names = .texts(texts)
      case .integers(let integers): names = .integers(integers)
      case nil: names = nil
      }
    }
    let labels: [Label]? =
      switch names {
      case .texts(let texts): texts.map(Label.text)
      case .integers(let integers): integers.map(Label.integer)
      default: nil
      }
    guard let labels, labels.count > 1, Set(labels).count == labels.count else { return nil }
    return labels
  }
}

extension ONNXTypeProto {
  /// Whether it is a tensor of whole numbers, truths or texts.
  fileprivate var isLabel: Bool {
    switch tensorKind {
    case .integer, .truth, .text: true
    case .float, .double, nil: false
    }
  }

  /// Whether it is a tensor of anything but texts.
  fileprivate var isNumber: Bool { tensorKind != .text }

  /// Whether it is a tensor of decimal numbers, or a sequence of maps to them.
  fileprivate var isScores: Bool { isMap || tensorKind == .float || tensorKind == .double }

  /// Whether it is a sequence of maps.
  fileprivate var isMap: Bool {
    if case .sequenceType(let sequence) = value, case .mapType = sequence.elemType.value {
      true
    } else {
      false
    }
  }

  private var tensorKind: TensorKind? {
    if case .tensorType(let tensor) = value { ONNXTensor.kinds[tensor.elemType] } else { nil }
  }
}
