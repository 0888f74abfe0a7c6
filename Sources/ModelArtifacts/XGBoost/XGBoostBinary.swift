internal import InputReading

/// Reads the binary files that XGBoost wrote before 3.1, as the fields that its JSON has.
///
/// | part | bytes |
/// |---|---|
/// | mark | `binf`, since 1.2 |
/// | learner | 136: base score f32, features u32, classes i32, whether attributes and metrics follow i32 each, version u32 u32, targets u32, 104 of no use |
/// | objective, booster | a text each: length u64, bytes |
/// | `gbtree`, `dart` | 160: trees i32, trees a round i32 (since 1.6), two i32, i64 of a buffer, i32, values of a leaf i32, 128 of no use; the trees; each one's score i32; for `dart` u64 and each one's weight f32 |
/// | a tree | 148: i32, nodes i32, deleted i32, depth i32, features u32, values of a leaf i32, 124 of no use; nodes of 20: parent, left, right i32, feature u32 with bit 31 for a missing value that goes left, condition or value f32; statistics of 16 a node |
/// | `gblinear` | 136; u64 and the weights f32 |
/// | attributes | u64 and two texts each |
/// | `count:poisson` before 1.0 | a text |
/// | metrics | u64 and a text each |
///
/// All numbers are little-endian. What 1.0 to 1.2 pickle a booster as is `CONFIG-offset:`, the model's
/// length i64, the model, and JSON of the training's settings.
///
/// Source: dmlc/xgboost v1.7.6, src/learner.cc, src/gbm/gbtree_model.h, src/gbm/gblinear_model.h,
/// src/tree/tree_model.cc, include/xgboost/tree_model.h; v0.90, src/learner.cc.
enum XGBoostBinary {
  private static let mark = Array("binf".utf8)
  private static let pickleMark = Array("CONFIG-offset:".utf8)
  private static let learnerSize = 136
  private static let nodeSize = 20
  private static let statisticSize = 16

  /// Whether bytes are such a file.
  ///
  /// Those without a mark are told by the two names behind the learner, the objective's and the
  /// booster's.
  static func fits(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: mark) || bytes.starts(with: pickleMark) { return true }
    guard bytes.count > learnerSize, bytes[learnerSize] < 64 else { return false }
    var fields = BinaryFields(bytes, at: learnerSize)
    guard let objective = try? fields.text(), objective.contains(":"),
      objective.utf8.allSatisfy({ $0 == 0x3A || $0 == 0x5F || (0x61...0x7A).contains($0) }),
      let booster = try? fields.text()
    else { return false }
    return ["gbtree", "dart", "gblinear"].contains(booster)
  }

  /// Reads a file as the value that XGBoost's JSON of it would be.
  ///
  /// - Throws: ``ModelFormatError/damaged(_:offset:)`` with the byte, also where bytes are left over.
  static func value(of bytes: [UInt8], limits: Limits) throws(ModelFormatError) -> FieldValue {
    var fields = BinaryFields(bytes)
    var end = bytes.count
    if bytes.starts(with: pickleMark) {
      try fields.slice(pickleMark.count)
      let length = try fields.count(Int64.self, of: "bytes of a model", bytesEach: 1)
      end = fields.offset + length
    }
    if bytes[fields.offset..<end].starts(with: mark) { try fields.slice(mark.count) }
    let model = try model(&fields, limits)
    guard fields.offset == end else {
      throw .damaged(
        "the model ends here, and its file or length at byte \(end)", offset: fields.offset)
    }
    return model
  }

  private static func model(
    _ fields: inout BinaryFields, _ limits: Limits
  ) throws(ModelFormatError) -> FieldValue {
    let baseScore = try fields.float()
    let featureCount = try fields.integer(UInt32.self)
    let classCount = try fields.integer(Int32.self)
    let hasAttributes = try fields.integer(Int32.self) != 0
    let hasMetrics = try fields.integer(Int32.self) != 0
    let version = [try fields.integer(UInt32.self), try fields.integer(UInt32.self)]
    let tellsRoundWidth = (version[0], version[1]) >= (1, 6)
    let targetCount = try fields.integer(UInt32.self)
    try fields.slice(104)
    let objectiveName = try fields.text()
    let boosterName = try fields.text()
    let booster: FieldValue
    switch boosterName {
    case "gbtree":
      booster = .object([
        "name": .string(boosterName),
        "model": try trees(&fields, tellsRoundWidth: tellsRoundWidth),
      ])
    case "dart":
      let trees = try trees(&fields, tellsRoundWidth: tellsRoundWidth)
      booster = .object([
        "name": .string(boosterName), "gbtree": .object(["model": trees]),
        "weight_drop": try floats(&fields),
      ])
    case "gblinear":
      try fields.slice(136)
      booster = .object([
        "name": .string(boosterName), "model": .object(["weights": try floats(&fields)]),
      ])
    default: throw .unsupported("XGBoost's booster '\(boosterName)'")
    }

    var attributes: [String: FieldValue] = [:]
    if hasAttributes {
      for _ in 0..<(try fields.count(UInt64.self, of: "attributes", bytesEach: 16)) {
        let name = try fields.text()
        attributes[name] = .string(try fields.text())
      }
    }
    // A setting of that objective's training, before it became an attribute.
    if version[0] < 1, objectiveName == "count:poisson" { _ = try fields.text() }
    if hasMetrics {
      for _ in 0..<(try fields.count(UInt64.self, of: "metrics", bytesEach: 8)) {
        _ = try fields.text()
      }
    }
    var objective: [String: FieldValue] = [:]
    if case .string(let text)? = attributes.removeValue(forKey: "objective") {
      if case .object(let members) = try FieldValue(json: Array(text.utf8), limits) {
        objective = members
      }
    }
    objective["name"] = .string(objectiveName)
    var learner: [String: FieldValue] = [
      "learner_model_param": .object([
        // Before 1.0 it is a score already, and no version is told.
        version[0] < 1 ? "base_margin" : "base_score": .string("\(baseScore)"),
        "num_feature": .string("\(featureCount)"), "num_class": .string("\(classCount)"),
        "num_target": .string("\(targetCount)"),
      ]),
      "objective": .object(objective), "gradient_booster": booster,
    ]
    if !attributes.isEmpty { learner["attributes"] = .object(attributes) }
    var whole: [String: FieldValue] = ["learner": .object(learner)]
    if version[0] > 0 { whole["version"] = .numbers(version.map(Double.init)) }
    return .object(whole)
  }

  private static func floats(_ fields: inout BinaryFields) throws(ModelFormatError) -> FieldValue {
    var numbers: [Double] = []
    for _ in 0..<(try fields.count(UInt64.self, of: "numbers", bytesEach: 4)) {
      numbers.append(Double(try fields.float()))
    }
    return .numbers(numbers)
  }

  private static func trees(
    _ fields: inout BinaryFields, tellsRoundWidth: Bool
  ) throws(ModelFormatError) -> FieldValue {
    let count = try fields.count(Int32.self, of: "trees", bytesEach: 148)
    let roundWidth = try fields.integer(Int32.self)
    try fields.slice(8)
    // Rows that were predicted already are kept behind the trees by versions before 0.7.
    guard try fields.integer(Int64.self) == 0 else {
      throw .unsupported("a buffer of predictions in XGBoost's binary format")
    }
    try fields.slice(136)
    var trees: [FieldValue] = []
    for _ in 0..<count { trees.append(try tree(&fields)) }
    var groups: [Double] = []
    for _ in 0..<count { groups.append(Double(try fields.integer(Int32.self))) }
    var parameters: [String: FieldValue] = ["num_trees": .string("\(count)")]
    if tellsRoundWidth { parameters["num_parallel_tree"] = .string("\(roundWidth)") }
    return .object([
      "gbtree_model_param": .object(parameters), "trees": .array(trees),
      "tree_info": .numbers(groups),
    ])
  }

  private static func tree(_ fields: inout BinaryFields) throws(ModelFormatError) -> FieldValue {
    try fields.slice(4)
    let count = try fields.count(
      Int32.self, of: "nodes of a tree", bytesEach: nodeSize + statisticSize)
    let deletedCount = try fields.integer(Int32.self)
    try fields.slice(8)
    let leafWidth = try fields.integer(Int32.self)
    guard (0...1).contains(leafWidth) else {
      throw .unsupported("a leaf of \(leafWidth) values in XGBoost's binary format")
    }
    try fields.slice(124)
    var lefts: [Double] = []
    var rights: [Double] = []
    var features: [Double] = []
    var conditions: [Double] = []
    var defaults: [Double] = []
    for _ in 0..<count {
      try fields.slice(4)
      lefts.append(Double(try fields.integer(Int32.self)))
      rights.append(Double(try fields.integer(Int32.self)))
      let feature = try fields.integer(UInt32.self)
      features.append(Double(feature & 0x7FFF_FFFF))
      defaults.append(feature >> 31 == 1 ? 1 : 0)
      conditions.append(Double(try fields.float()))
    }
    try fields.slice(count * statisticSize)
    return .object([
      "tree_param": .object([
        "num_nodes": .string("\(count)"), "num_deleted": .string("\(deletedCount)"),
      ]),
      "left_children": .numbers(lefts), "right_children": .numbers(rights),
      "split_indices": .numbers(features), "split_conditions": .numbers(conditions),
      "default_left": .numbers(defaults),
    ])
  }
}
