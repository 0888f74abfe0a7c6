internal import PredictiveModels

// Steps side by side.

extension ScikitLearnReader {
  private static let columnTransformerName = "ColumnTransformer"

  static let columnKinds: [Kind] = [
    Kind(
      columnTransformerName, in: ["sklearn.compose._column_transformer"],
      .step(columnTransformer)),
    Kind("FeatureUnion", in: ["sklearn.pipeline"], .step(featureUnion)),
  ]

  /// `transformer_list`: names and steps, all of which are given all columns.
  private static func featureUnion(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    var branches: [ColumnBranches.Branch] = []
    for (name, id) in try object.pairs("transformer_list") {
      // A step that is left out is written as 'drop', in old versions as None.
      if reader.graph.text(id) == "drop" || reader.graph.isNone(id) { continue }
      let step = reader.isPassthrough(id) ? nil : try reader.step(id)
      branches.append(
        ColumnBranches.Branch(columns: nil, step: step, weight: reader.weight(of: name, object)))
    }
    return try reader.making(object) { () throws(ModelError) in
      try ColumnBranches(name: object.kind, branches: branches, columnCount: object.featureCount)
    }
  }

  private func weight(of name: String, _ object: ScikitLearnObject) -> Double {
    guard let weights = object.optional("transformer_weights"),
      let weight = graph.value(name, in: weights)
    else { return 1 }
    return graph.number(weight) ?? 1
  }

  /// `transformers_`: names, steps and columns, in the order of the outputs.
  private static func columnTransformer(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let graph = reader.graph
    let names = try reader.columnNames(of: object)
    var branches: [ColumnBranches.Branch] = []
    var count = object.featureCount ?? object.optionalInteger("_n_features") ?? names?.count
    for item in try object.items("transformers_") {
      guard let parts = graph.elements(item), parts.count >= 3 else {
        throw .badAttribute(
          object.className, "transformers_", expected: "names, steps and columns")
      }
      if graph.text(parts[1]) == "drop" { continue }
      let columns = try reader.columns(parts[2], names: names, count: count, of: object)
      guard !columns.isEmpty else { continue }
      if object.featureCount == nil, names == nil {
        count = max(count ?? 0, (columns.max() ?? -1) + 1)
      }
      let step = reader.isPassthrough(parts[1]) ? nil : try reader.step(parts[1])
      branches.append(
        ColumnBranches.Branch(
          columns: columns, step: step,
          weight: reader.weight(of: graph.text(parts[0]) ?? "", object)))
    }
    return try reader.making(object) { () throws(ModelError) in
      try ColumnBranches(name: object.kind, branches: branches, columnCount: count)
    }
  }

  /// The names of the columns that a ColumnTransformer was trained on.
  ///
  /// Versions before 0.23 keep none: there they are those that the steps name, which is enough where
  /// all other columns are left out.
  func columnNames(of object: ScikitLearnObject) throws(ModelFileError) -> [String]? {
    guard object.kind == Self.columnTransformerName else { return nil }
    for name in ["feature_names_in_", "_feature_names_in", "_df_columns"] where object.has(name) {
      return try object.names(name)
    }
    guard let items = graph.items(try object.attribute("transformers_")) else { return nil }
    var names: [String] = []
    var isNamed = false
    for item in items {
      guard let parts = graph.elements(item), parts.count >= 3 else { return nil }
      if let own = columnTexts(parts[2]) {
        isNamed = true
        names += own.filter { !names.contains($0) }
      } else if graph.text(parts[1]) != "drop", graph.items(parts[2])?.isEmpty != true {
        guard !isNamed else {
          throw .unsupportedSetting(object.className, "columns by name and by number")
        }
        return nil
      }
    }
    return isNamed ? names : nil
  }

  /// Columns by name.
  private func columnTexts(_ id: NodeID) -> [String]? {
    if let text = graph.textOrScalar(id) { return [text] }
    if let texts = graph.array(id)?.texts { return texts }
    let items = graph.items(id) ?? graph.listItems(id) ?? []
    let texts = items.compactMap { graph.textOrScalar($0) }
    return texts.count == items.count && !items.isEmpty ? texts : nil
  }

  /// Columns by name, by number, by truth values, or as a slice.
  private func columns(
    _ id: NodeID, names: [String]?, count: Int?, of object: ScikitLearnObject
  ) throws(ModelFileError) -> [Int] {
    func bad() -> ModelFileError {
      .badAttribute(object.className, "transformers_", expected: "names, steps and columns")
    }
    if let texts = columnTexts(id) {
      guard let names else { throw bad() }
      let places = Dictionary(zip(names, names.indices)) { first, _ in first }
      return try texts.map { text throws(ModelFileError) in
        guard let place = places[text] else { throw bad() }
        return place
      }
    }
    if let bounds = graph.slice(id) {
      let ends = [bounds.start, bounds.stop].compactMap { $0.flatMap { graph.textOrScalar($0) } }
      if !ends.isEmpty {
        // By name, the last column is in it.
        guard ends.count == 2, let names, bounds.step == nil,
          let first = names.firstIndex(of: ends[0]), let last = names.firstIndex(of: ends[1]),
          first <= last
        else { throw bad() }
        return Array(first...last)
      }
      guard let count, count <= 1 << 24, let range = bounds.indices(in: count, graph) else {
        throw bad()
      }
      return range
    }
    let items = graph.items(id) ?? graph.listItems(id)
    var numbers: [Int]
    var areTruths = false
    if let array = graph.array(id), let integers = array.integers {
      numbers = integers
      areTruths = array.type.kind == "b"
    } else if let items {
      numbers = items.map { graph.integer($0) ?? .min }
      areTruths = !items.isEmpty && items.allSatisfy { graph.isTruth($0) }
    } else if let number = graph.integer(id) {
      numbers = [number]
    } else {
      throw bad()
    }
    if areTruths { return numbers.indices.filter { numbers[$0] != 0 } }
    return try numbers.map { number throws(ModelFileError) in
      // Columns below 0 count from the last.
      let column = number < 0 ? (count ?? 0) + number : number
      guard column >= 0, column < 1 << 24 else { throw bad() }
      return column
    }
  }
}

extension PickleGraph {
  /// A slice's bounds, which may be None.
  struct Slice {
    let start: NodeID?
    let stop: NodeID?
    let step: NodeID?

    /// The places that the slice takes of a list; `nil` where it steps backwards.
    func indices(in count: Int, _ graph: PickleGraph) -> [Int]? {
      func bound(_ id: NodeID?, _ otherwise: Int) -> Int {
        guard let id, let number = graph.integer(id) else { return otherwise }
        let place = number < 0 ? count.addingReportingOverflow(number).partialValue : number
        return min(max(place, 0), count)
      }
      let width = step.map { graph.integer($0) ?? 1 } ?? 1
      guard width > 0 else { return nil }
      return Array(stride(from: bound(start, 0), to: bound(stop, count), by: width))
    }
  }

  /// The slice, where the value is one.
  func slice(_ id: NodeID) -> Slice? {
    guard case .object(let object) = self[id], object.constructor == "builtins.slice",
      let bounds = elements(object.arguments), bounds.count == 3
    else { return nil }
    func present(_ id: NodeID) -> NodeID? { isNone(id) ? nil : id }
    return Slice(start: present(bounds[0]), stop: present(bounds[1]), step: present(bounds[2]))
  }

  /// The elements of a list that is an object of its own class, with a list as its `data`.
  func listItems(_ id: NodeID) -> [NodeID]? {
    guard case .object(let object) = self[id], let state = object.state,
      let data = value("data", in: state)
    else { return nil }
    return elements(data)
  }

  /// Whether the value is a truth value.
  func isTruth(_ id: NodeID) -> Bool {
    if case .bool = self[id] { return true }
    return scalar(id)?.type.kind == "b"
  }
}
