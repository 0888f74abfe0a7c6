internal import DataTables
internal import PredictiveModels

// Steps that know values and categories: filling in, encoding, binning.

extension ScikitLearnReader {
  private static let encoders = [
    "sklearn.preprocessing._encoders", "sklearn.preprocessing.encoders",
  ]

  private static let labels = ["sklearn.preprocessing._label", "sklearn.preprocessing.label"]

  static let categoryKinds: [Kind] = [
    Kind("SimpleImputer", in: ["sklearn.impute._base", "sklearn.impute"], .step(simpleImputer)),
    Kind("OneHotEncoder", in: encoders + preprocessingData, .step(oneHotEncoder)),
    Kind("OrdinalEncoder", in: encoders, .step(ordinalEncoder)),
    Kind("LabelEncoder", in: labels, .step(labelEncoder)),
    Kind("LabelBinarizer", in: labels, .step(labelEncoder)),
    Kind(
      "KBinsDiscretizer", in: ["sklearn.preprocessing._discretization"], .step(kBinsDiscretizer)),
  ]

  // MARK: Filling in

  /// `statistics_`, a value a column; NaN where there was none to learn from.
  private static func simpleImputer(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let graph = reader.graph
    let keepsEmpty = object.optional("keep_empty_features").flatMap { graph.bool($0) } ?? false
    let statistics = try reader.categories(try object.attribute("statistics_"), of: object)
    let fillings: [Imputation.Filling] = statistics.map { statistic in
      switch statistic {
      case .number(let number): .number(number)
      case .text(let text): .text(text)
      case .missing: keepsEmpty ? .number(.nan) : .columnLeftOut
      }
    }
    var placeholder = Imputation.Placeholder.missing
    if let id = object.optional("missing_values"), !graph.isNone(id) {
      if let text = graph.text(id) {
        placeholder = .text(text)
      } else if let number = graph.number(id) {
        placeholder = number.isNaN ? .missing : .number(number)
      } else {
        throw .unsupportedSetting(object.className, "missing values that are no number or text")
      }
    }
    var indicated: [Int] = []
    if object.has("indicator_") {
      let indicator = try ScikitLearnObject(graph, object.attribute("indicator_"))
      indicated = try indicator.numbers("features_").values.map { Int(exactly: $0) ?? -1 }
    }
    return try reader.making(object) { () throws(ModelError) in
      try Imputation(
        name: object.kind, fillings: fillings, placeholder: placeholder, indicated: indicated)
    }
  }

  // MARK: Encoding

  /// `categories_`, an array a column, each category of which has an output.
  ///
  /// Since 0.21 one category of a column may be left out, and since 1.1 rare ones may share an output.
  private static func oneHotEncoder(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let graph = reader.graph
    // Before 0.22 whole numbers could stand for themselves.
    if let legacy = object.optional("_legacy_mode"), graph.bool(legacy) == true {
      return try reader.countingEncoder(object)
    }
    let columns = try reader.categoriesOfColumns(object)
    let rarities = try reader.groups(object, columnCount: columns.count)
    let droppedName =
      object.has("_drop_idx_after_grouping") ? "_drop_idx_after_grouping" : "drop_idx_"
    let dropped = object.has(droppedName) ? try reader.indices(droppedName, of: object) : nil
    let unknownRule = object.text("handle_unknown") ?? "error"
    var made: [CategoryEncoding.Column] = []
    for (index, categories) in columns.enumerated() {
      // The outputs before one is left out.
      let group = rarities?[index] ?? Array(categories.indices)
      guard group.count == categories.count, dropped.map({ index < $0.count }) ?? true else {
        throw .badAttribute(object.className, "categories_", expected: "categories of each column")
      }
      let width = (group.max() ?? -1) + 1
      let left = dropped?[index] ?? nil
      func code(_ place: Int) -> CategoryEncoding.Code {
        guard let left else { return .place(place) }
        return .place(place == left ? nil : place > left ? place - 1 : place)
      }
      let unknown: CategoryEncoding.Code =
        switch unknownRule {
        case "error": .refused
        case "ignore": .place(nil)
        // The rare ones come last.
        case "infrequent_if_exist", "warn":
          rarities?[index] == nil ? .place(nil) : code(width - 1)
        default: throw .unsupportedSetting(object.className, "handle_unknown='\(unknownRule)'")
        }
      made.append(
        try reader.column(
          object, categories, width: left == nil ? width : width - 1,
          codes: group.map { code($0) }, unknown: unknown))
    }
    return try reader.encoding(object, made)
  }

  /// The encoder of versions before 0.22 for whole numbers: a column has an output for each number
  /// below `_n_values_`, or for those of them that `_active_features_` names.
  ///
  /// Fractions are cut off.
  private func countingEncoder(
    _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    func places(_ name: String) throws(ModelFileError) -> [Int] {
      guard let places = graph.array(try object.attribute(name))?.integers,
        places.allSatisfy({ (0...1 << 20).contains($0) })
      else { throw .badAttribute(object.className, name, expected: "an array of places") }
      return places
    }
    guard object.text("_categorical_features") ?? "all" == "all" else {
      throw .unsupportedSetting(object.className, "categorical_features")
    }
    let counts = try places("_n_values_")
    let active = object.text("_n_values") == "auto" ? Set(try places("_active_features_")) : nil
    guard counts.reduce(0, +) <= 1 << 20 else {
      throw .unsupportedSetting(object.className, "more than a million categories")
    }
    let isRefused = object.text("handle_unknown") != "ignore"
    var start = 0
    var columns: [CategoryEncoding.Column] = []
    for count in counts {
      var codes: [Category: CategoryEncoding.Code] = [:]
      var width = 0
      for number in 0..<count {
        let isActive = active?.contains(start + number) ?? true
        codes[.number(Double(number))] = .place(isActive ? width : nil)
        if isActive { width += 1 }
      }
      columns.append(
        CategoryEncoding.Column(
          width: width, codes: codes, unknown: isRefused ? .refused : .place(nil), isText: false))
      start += count
    }
    let whole = ColumnwiseStep(
      name: object.kind, function: .truncation, columnCount: columns.count,
      acceptsMissingValues: false)
    return try making(object) { () throws(ModelError) in
      try StepSequence(
        [
          whole,
          CategoryEncoding(name: object.kind, columns: columns, acceptsMissingValues: false),
        ], name: object.kind)
    }
  }

  /// `classes_`: a label becomes its place in them, or a column of 0 and 1 for each; of two labels one.
  private static func labelEncoder(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let labels = try reader.categories(try object.attribute("classes_"), of: object)
    guard object.kind == "LabelBinarizer" else {
      return try reader.encoding(
        object,
        [
          try reader.column(
            object, labels, width: 1, codes: labels.indices.map { .number(Double($0)) },
            unknown: .refused)
        ])
    }
    guard object.optionalInteger("neg_label") ?? 0 == 0, object.optionalInteger("pos_label") == 1
    else { throw .unsupportedSetting(object.className, "values other than 0 and 1") }
    let isPair = labels.count == 2
    return try reader.encoding(
      object,
      [
        try reader.column(
          object, labels, width: isPair ? 1 : labels.count,
          codes: labels.indices.map { .place(isPair ? ($0 == 1 ? 0 : nil) : $0) },
          unknown: .place(nil))
      ])
  }

  /// `categories_`, an array a column: a category becomes its place in it.
  private static func ordinalEncoder(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let columns = try reader.categoriesOfColumns(object)
    let rarities = try reader.groups(object, columnCount: columns.count)
    let isRefused = (object.text("handle_unknown") ?? "error") == "error"
    let unknown: CategoryEncoding.Code =
      isRefused ? .refused : .number(try object.number("unknown_value"))
    // A missing value stays one, since 1.1 unless there is a number for it.
    let missing =
      object.optionalNumber("encoded_missing_value")
      ?? (object.isVersion(atLeast: 1, 0) ? Double.nan : nil)
    var made: [CategoryEncoding.Column] = []
    for (index, categories) in columns.enumerated() {
      let group = rarities?[index] ?? Array(categories.indices)
      guard group.count == categories.count else {
        throw .badAttribute(object.className, "categories_", expected: "categories of each column")
      }
      let codes = zip(categories, group).map { category, place in
        CategoryEncoding.Code.number(
          category == .missing ? missing ?? Double(place) : Double(place))
      }
      made.append(
        try reader.column(object, categories, width: 1, codes: codes, unknown: unknown))
    }
    return try reader.encoding(object, made)
  }

  private func encoding(
    _ object: ScikitLearnObject, _ columns: [CategoryEncoding.Column]
  ) throws(ModelFileError) -> any PreprocessingStep {
    try making(object) { () throws(ModelError) in
      // Before 0.24 encoders refused missing values.
      try CategoryEncoding(
        name: object.kind, columns: columns,
        acceptsMissingValues: object.isVersion(atLeast: 0, 24))
    }
  }

  private func column(
    _ object: ScikitLearnObject, _ categories: [Category], width: Int,
    codes: [CategoryEncoding.Code], unknown: CategoryEncoding.Code
  ) throws(ModelFileError) -> CategoryEncoding.Column {
    var texts = 0
    var numbers = 0
    for category in categories {
      switch category {
      case .text: texts += 1
      case .number: numbers += 1
      case .missing: break
      }
    }
    guard texts == 0 || numbers == 0 else {
      throw .unsupportedSetting(object.className, "categories that are texts and numbers")
    }
    return CategoryEncoding.Column(
      width: width, codes: Dictionary(zip(categories, codes)) { first, _ in first },
      unknown: unknown, isText: texts > 0)
  }

  private func categoriesOfColumns(
    _ object: ScikitLearnObject
  ) throws(ModelFileError) -> [[Category]] {
    try object.items("categories_").map { id throws(ModelFileError) in
      try categories(id, of: object)
    }
  }

  /// The output that each category of a column shares; `nil` for a column without rare categories, or
  /// where rare ones are told apart as others are.
  private func groups(
    _ object: ScikitLearnObject, columnCount: Int
  ) throws(ModelFileError) -> [[Int]?]? {
    guard object.has("_default_to_infrequent_mappings") else { return nil }
    let items = try object.items("_default_to_infrequent_mappings")
    guard items.count == columnCount else {
      throw .badAttribute(
        object.className, "_default_to_infrequent_mappings", expected: "an entry a column")
    }
    return try items.map { id throws(ModelFileError) in
      if graph.isNone(id) { return nil }
      guard let places = graph.array(id)?.integers,
        places.allSatisfy({ (0...places.count).contains($0) })
      else {
        throw .badAttribute(
          object.className, "_default_to_infrequent_mappings", expected: "arrays of places")
      }
      return places
    }
  }

  /// Whole numbers, some of them None.
  private func indices(
    _ name: String, of object: ScikitLearnObject
  ) throws(ModelFileError) -> [Int?] {
    let id = try object.attribute(name)
    if let integers = graph.array(id)?.integers { return integers }
    guard let items = graph.items(id) else {
      throw .badAttribute(object.className, name, expected: "a list of places")
    }
    return items.map { graph.isNone($0) ? nil : graph.integer($0) ?? -1 }
  }

  /// The values of an array of numbers, of texts or of objects.
  private func categories(
    _ id: NodeID, of object: ScikitLearnObject
  ) throws(ModelFileError) -> [Category] {
    func bounded(_ text: String) throws(ModelFileError) -> Category {
      guard text.utf8.count <= Self.longestText else {
        throw .unsupportedSetting(object.className, "a category of \(text.utf8.count) bytes")
      }
      return .text(text)
    }
    guard let array = graph.array(id) else {
      throw .badAttribute(object.className, "categories_", expected: "arrays of categories")
    }
    if let texts = array.texts {
      return try texts.map { text throws(ModelFileError) in try bounded(text) }
    }
    if array.type.kind == "b", let truths = array.integers {
      return truths.map { .text($0 != 0 ? "True" : "False") }
    }
    if let numbers = array.doubles {
      return numbers.map { $0.isNaN ? .missing : .number($0 == 0 ? 0 : $0) }
    }
    guard case .objects(let objects) = array.storage else {
      throw .badAttribute(object.className, "categories_", expected: "arrays of categories")
    }
    return try objects.map { element throws(ModelFileError) in
      if graph.isNone(element) { return .missing }
      if let text = graph.textOrScalar(element) { return try bounded(text) }
      if case .bool(let truth) = graph[element] { return .text(truth ? "True" : "False") }
      guard let number = graph.number(element) else {
        throw .unsupportedSetting(object.className, "categories that are no texts or numbers")
      }
      return number.isNaN ? .missing : .number(number == 0 ? 0 : number)
    }
  }

  // MARK: Binning

  /// `bin_edges_`, an array a column.
  ///
  /// Before 1.1 values just below an edge were taken as on it.
  private static func kBinsDiscretizer(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    var edges: [[Double]] = []
    for id in try object.items("bin_edges_") {
      guard let own = reader.graph.array(id)?.doubles else {
        throw .badAttribute(object.className, "bin_edges_", expected: "arrays of numbers")
      }
      edges.append(own)
    }
    let slack =
      object.isVersion(atLeast: 1, 1)
      ? (absolute: 0.0, relative: 0.0) : (absolute: 1e-8, relative: 1e-5)
    let isOneHot = object.text("encode")?.hasPrefix("onehot") ?? true
    return try reader.making(object) { () throws(ModelError) in
      try Binning(name: object.kind, edges: edges, isOneHot: isOneHot, slack: slack)
    }
  }
}
