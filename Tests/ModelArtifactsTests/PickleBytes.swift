/// Writes the bytes of pickles opcode by opcode, so that no pickle has to be kept in a file.
enum PickleBytes {
  static let mark: [UInt8] = [0x28]
  static let stop: [UInt8] = [0x2E]
  static let none: [UInt8] = [0x4E]
  static let emptyTuple: [UInt8] = [0x29]
  static let reduce: [UInt8] = [0x52]
  static let build: [UInt8] = [0x62]
  static let newObject: [UInt8] = [0x81]
  static let memoize: [UInt8] = [0x94]
  static let pop: [UInt8] = [0x30]

  static func proto(_ version: UInt8) -> [UInt8] { [0x80, version] }

  /// A whole pickle of protocol 4 of one value.
  static func pickle(_ value: [UInt8]) -> [UInt8] { proto(4) + value + stop }

  static func get(_ index: UInt8) -> [UInt8] { [0x68, index] }
  static func put(_ index: UInt8) -> [UInt8] { [0x71, index] }

  static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<type(of: value).bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func text(_ text: String) -> [UInt8] {
    [0x58] + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  static func bytes(_ bytes: [UInt8]) -> [UInt8] {
    [0x42] + littleEndian(UInt32(bytes.count)) + bytes
  }

  /// LONG1 of eight bytes.
  static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + littleEndian(Int64(value)) }

  static func float(_ value: Double) -> [UInt8] {
    [0x47] + littleEndian(value.bitPattern).reversed()
  }

  static func bool(_ value: Bool) -> [UInt8] { [value ? 0x88 : 0x89] }

  static func tuple(_ elements: [UInt8]...) -> [UInt8] { mark + elements.joined() + [0x74] }

  static func list(_ elements: [[UInt8]]) -> [UInt8] { [0x5D] + mark + elements.joined() + [0x65] }

  static func dictionary(_ entries: [(String, [UInt8])]) -> [UInt8] {
    [0x7D] + mark + entries.flatMap { text($0) + $1 } + [0x75]
  }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    [0x63] + Array("\(module)\n\(name)\n".utf8)
  }

  static func stackGlobal(_ module: String, _ name: String) -> [UInt8] {
    text(module) + text(name) + [0x93]
  }

  static func call(_ module: String, _ name: String, _ arguments: [UInt8]...) -> [UInt8] {
    global(module, name) + mark + arguments.joined() + [0x74] + reduce
  }

  /// What NEWOBJ makes of a class without arguments, with its state.
  static func object(_ module: String, _ name: String, _ state: [(String, [UInt8])]) -> [UInt8] {
    global(module, name) + emptyTuple + newObject + dictionary(state) + build
  }

  // MARK: numpy's

  static func dtype(_ code: String, order: String = "<") -> [UInt8] {
    call("numpy", "dtype", text(code), bool(false), bool(true))
      + tuple(
        integer(3), text(order), none, none, none, integer(-1), integer(-1), integer(0))
      + build
  }

  /// A structured type; fields are names, types and offsets.
  static func dtype(size: Int, fields: [(String, [UInt8], [UInt8])]) -> [UInt8] {
    call("numpy", "dtype", text("V\(size)"), bool(false), bool(true))
      + tuple(
        integer(3), text("|"), none, list(fields.map { text($0.0) }),
        dictionary(fields.map { ($0.0, tuple($0.1, $0.2)) }), integer(size), integer(1),
        integer(16))
      + build
  }

  static func array(
    shape: [Int], _ type: [UInt8], _ data: [UInt8], isFortran: Bool = false
  ) -> [UInt8] {
    call(
      "numpy.core.multiarray", "_reconstruct", global("numpy", "ndarray"), tuple(integer(0)),
      bytes([0x62]))
      + tuple(
        integer(1), mark + shape.flatMap(integer) + [0x74], type, bool(isFortran), data)
      + build
  }

  static func doubles(_ values: [Double], shape: [Int]? = nil) -> [UInt8] {
    array(
      shape: shape ?? [values.count], dtype("f8"),
      bytes(values.flatMap { littleEndian($0.bitPattern) }))
  }

  static func integers(_ values: [Int]) -> [UInt8] {
    array(
      shape: [values.count], dtype("i8"), bytes(values.flatMap { littleEndian(Int64($0)) }))
  }

  /// joblib's framing of an array: the wrapper's object, padding and the raw bytes.
  static func joblibArray(
    shape: [Int], _ type: [UInt8], raw: [UInt8], padding: [UInt8]? = nil, order: String = "C"
  ) -> [UInt8] {
    var state = [
      ("subclass", global("numpy", "ndarray")), ("shape", mark + shape.flatMap(integer) + [0x74]),
      ("order", text(order)), ("dtype", type), ("allow_mmap", bool(padding != nil)),
    ]
    if padding != nil { state.append(("numpy_array_alignment_bytes", integer(16))) }
    return object("joblib.numpy_pickle", "NumpyArrayWrapper", state)
      + (padding.map { [UInt8($0.count)] + $0 } ?? []) + raw
  }

  // MARK: scikit-learn's

  static let logisticRegression = "sklearn.linear_model._logistic"

  static func logisticRegression(
    coefficients: [UInt8]? = nil, intercepts: [UInt8]? = nil, classes: [UInt8]? = nil,
    others: [(String, [UInt8])] = []
  ) -> [UInt8] {
    object(
      logisticRegression, "LogisticRegression",
      [
        ("coef_", coefficients ?? doubles([1, 2], shape: [1, 2])),
        ("intercept_", intercepts ?? doubles([0.5])), ("classes_", classes ?? integers([0, 1])),
        ("_sklearn_version", text("1.9.1")),
      ] + others)
  }

  /// A node of a decision tree as scikit-learn's nodes are.
  struct Node {
    var left = -1
    var right = -1
    var feature = -2
    var threshold = -2.0

    var bytes: [UInt8] {
      littleEndian(Int64(left)) + littleEndian(Int64(right)) + littleEndian(Int64(feature))
        + littleEndian(threshold.bitPattern)
    }
  }

  static let nodeType = dtype(
    size: 32,
    fields: [
      ("left_child", dtype("i8"), integer(0)), ("right_child", dtype("i8"), integer(8)),
      ("feature", dtype("i8"), integer(16)), ("threshold", dtype("f8"), integer(24)),
    ])

  static func decisionTree(
    _ nodes: [Node], values: [Double], features: Int = 2, classes: [UInt8]? = nil,
    nodesArray: [UInt8]? = nil, valuesArray: [UInt8]? = nil
  ) -> [UInt8] {
    let tree =
      call(
        "sklearn.tree._tree", "Tree", integer(features), integers([2]), integer(1))
      + dictionary([
        ("max_depth", integer(1)), ("node_count", integer(nodes.count)),
        (
          "nodes",
          nodesArray
            ?? array(shape: [nodes.count], nodeType, bytes(nodes.flatMap(\.bytes)))
        ),
        (
          "values",
          valuesArray
            ?? doubles(values, shape: [nodes.count, 1, values.count / max(nodes.count, 1)])
        ),
      ]) + build
    return object(
      "sklearn.tree._classes", "DecisionTreeClassifier",
      [
        ("criterion", text("gini")), ("splitter", text("best")),
        ("classes_", classes ?? integers([0, 1])), ("tree_", tree),
        ("_sklearn_version", text("1.9.1")),
      ])
  }

  static func pipeline(_ steps: [[UInt8]]) -> [UInt8] {
    object(
      "sklearn.pipeline", "Pipeline",
      [("steps", list(steps.map { tuple(text("step"), $0) }))])
  }

  static func standardScaler(_ columns: Int) -> [UInt8] {
    object(
      "sklearn.preprocessing._data", "StandardScaler",
      [
        ("with_mean", bool(true)), ("with_std", bool(true)),
        ("mean_", doubles([Double](repeating: 1, count: columns))),
        ("scale_", doubles([Double](repeating: 2, count: columns))),
        ("n_features_in_", integer(columns)),
      ])
  }
}
