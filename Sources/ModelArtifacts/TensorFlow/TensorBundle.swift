internal import InputReading

/// TensorFlow's type of a tensor's elements.
///
/// Source: tensorflow/core/framework/types.proto.
enum TensorFlowType {
  /// The name of a type by its number.
  static func name(_ number: UInt64) -> String {
    element(number)?.rawValue ?? others[number] ?? "type \(number)"
  }

  /// The element's type; `nil` where it is no number.
  static func element(_ number: UInt64) -> TensorElement? {
    switch number {
    case 1: .float32
    case 2: .float64
    case 3: .int32
    case 4: .uint8
    case 5: .int16
    case 6: .int8
    case 8: .complex64
    case 9: .int64
    case 10: .bool
    case 14: .bfloat16
    case 17: .uint16
    case 18: .complex128
    case 19: .float16
    case 22: .uint32
    case 23: .uint64
    case 24: .float8E5M2
    case 25: .float8E4M3
    default: nil
    }
  }

  private static let others: [UInt64: String] = [
    7: "string", 11: "qint8", 12: "quint8", 13: "qint32", 15: "qint16", 16: "quint16",
    20: "resource", 21: "variant",
  ]

  /// The lengths of a TensorShapeProto, of which those that may be any are `nil`; `nil` where there may be
  /// any number of them.
  static func shape(_ message: ProtobufMessage?) throws(ModelFormatError) -> [Int?]? {
    guard let message else { return [] }
    guard message.number(3) == 0 else { return nil }
    var shape: [Int?] = []
    for dimension in try message.messages(2) {
      let length = Int(Int64(bitPattern: dimension.number(1)))
      shape.append(length < 0 ? nil : length)
    }
    return shape
  }
}

/// The variables of a SavedModel or of a checkpoint: an index and the files that hold the numbers.
///
/// `variables.index` is a ``SortedTable``: the empty key has a BundleHeaderProto (1 number of shards, 2 whether
/// big-endian), each other one a BundleEntryProto (1 type, 2 shape, 3 shard, 4 offset, 5 size, 6 checksum, 7
/// slices); `variables.data-00000-of-00001` and so on are the shards.
///
/// Source: tensorflow/core/util/tensor_bundle/tensor_bundle.cc; tensorflow/core/protobuf/tensor_bundle.proto.
struct TensorBundle {
  private(set) var tensors: [StoredTensor] = []
  /// Every variable, those of texts too.
  private(set) var descriptions: [TensorDescription] = []
  private(set) var findings: [Finding] = []
  /// The keys of variables that the saved objects ask for, and that the index lacks.
  private(set) var missingKeys: [String] = []

  /// Bytes that may still be gone through.
  private var room = 0
  /// How often the bytes of all shards may be gone through.
  private static let shares = 16

  /// The key of the objects that were saved, as a TrackableObjectGraph.
  private static let objects = "_CHECKPOINTABLE_OBJECT_GRAPH"

  /// Reads an index and what it leads to.
  ///
  /// - Parameters:
  ///   - index: The index.
  ///   - shard: The content of a shard by its name behind `variables.`; `nil` where it is not there.
  /// - Throws: ``ModelFormatError`` if the index is damaged.
  init(index: [UInt8], shard: (_ name: String) -> [UInt8]?) throws(ModelFormatError) {
    let entries = try SortedTable.entries(of: index)
    guard let first = entries.first, first.key.isEmpty else {
      throw .damaged("the table of variables has no header", offset: 0)
    }
    let header = try ProtobufMessage(index, first.value)
    let count = Int(clamping: header.number(1))
    // Each shard has an entry, or it would not be there.
    guard (0...max(entries.count, 1)).contains(count) else {
      throw .damaged("there are \(count) files for \(entries.count) variables", offset: nil)
    }
    var shards: [[UInt8]?] = []
    for number in 0..<count {
      let name = "data-\(Self.digits(number))-of-\(Self.digits(count))"
      shards.append(shard(name))
      if shards[number] == nil {
        findings.append(
          Finding(
            .error, "model.broken",
            "variables.\(name) is not there, without which the model cannot be loaded"))
      }
    }
    room = Self.shares * shards.reduce(0) { $0 + ($1?.count ?? 0) }
    let keys = Set(entries.map { String(decoding: $0.key, as: UTF8.self) })
    for entry in entries.dropFirst() {
      let name = String(decoding: entry.key, as: UTF8.self)
      let message = try ProtobufMessage(index, entry.value)
      guard message.parts(7).isEmpty else {
        findings.append(
          Finding(
            .warning, "model.partitioned", "variable '\(name)' is in parts, which are not read"))
        continue
      }
      do throws(ModelFormatError) {
        try read(message, name, shards, isBigEndian: header.number(2) == 1, keys: keys)
      } catch {
        findings.append(Finding(error))
      }
    }
  }

  private static func digits(_ number: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(5 - digits.count, 0)) + digits
  }

  private mutating func read(
    _ entry: ProtobufMessage, _ name: String, _ shards: [[UInt8]?], isBigEndian: Bool,
    keys: Set<String>
  ) throws(ModelFormatError) {
    let type = entry.number(1)
    let shape = (try TensorFlowType.shape(entry.messages(2).last) ?? []).compactMap(\.self)
    let number = Int(clamping: entry.number(3))
    let start = Int(clamping: entry.number(4))
    let size = Int(clamping: entry.number(5))
    guard shards.indices.contains(number) else {
      throw .damaged("variable '\(name)' is in file \(number) of \(shards.count)", offset: nil)
    }
    // It is missing, which is said once.
    guard let shard = shards[number] else { return }
    guard start <= shard.count, size <= shard.count - start else {
      throw .damaged(
        "variable '\(name)' goes to byte \(start) and \(size) more of a file of \(shard.count): it is cut "
          + "off", offset: nil)
    }
    guard size <= room else {
      throw .unsupported(
        "an index whose variables share their bytes more than \(Self.shares) times over")
    }
    room -= size
    let data = shard[start..<start + size]
    if type == 7 {
      let texts = try Self.texts(in: shard, data.indices, shape, name, entry.number(6))
      descriptions.append(
        TensorDescription(
          name: name, shape: shape, type: "string", byteCount: size, nanCount: 0, infiniteCount: 0))
      if name == Self.objects, let objects = texts.first {
        missingKeys = try Self.keys(of: Array(shard[objects])).filter { !keys.contains($0) }
      }
      return
    }
    guard CRC32C(data).masked == entry.number(6) else {
      throw .damaged("variable '\(name)' is not what its checksum says", offset: nil)
    }
    guard let element = TensorFlowType.element(type) else {
      descriptions.append(
        TensorDescription(
          name: name, shape: shape, type: TensorFlowType.name(type), byteCount: size, nanCount: 0,
          infiniteCount: 0))
      return
    }
    let tensor = try StoredTensor(
      name: name, element: element, shape: shape, bytes: data, isBigEndian: isBigEndian)
    tensors.append(tensor)
    descriptions.append(TensorDescription(tensor))
  }

  /// Where the texts of a tensor stand: the lengths come first, as varints, then 4 bytes of their checksum.
  private static func texts(
    in shard: [UInt8], _ range: Range<Int>, _ shape: [Int], _ name: String, _ expected: UInt64
  ) throws(ModelFormatError) -> [Range<Int>] {
    var cursor = try FileCursor(shard, range)
    guard let count = StoredTensor.count(of: shape), count <= range.count else {
      throw .damaged("variable '\(name)' has more texts than bytes", offset: nil)
    }
    var checksum = CRC32C()
    func add(_ value: some FixedWidthInteger) {
      checksum.add(
        (0..<type(of: value).bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }[...]
      )
    }
    var lengths: [Int] = []
    for _ in 0..<count {
      let length = try cursor.varint()
      if let short = UInt32(exactly: length) { add(short) } else { add(length) }
      lengths.append(Int(clamping: length))
    }
    let ofLengths = try cursor.integer(UInt32.self)
    guard checksum.masked == ofLengths else {
      throw .damaged("variable '\(name)' is not what its checksum says", offset: nil)
    }
    add(ofLengths)
    checksum.add(shard[cursor.offset..<range.upperBound])
    guard checksum.masked == expected else {
      throw .damaged("variable '\(name)' is not what its checksum says", offset: nil)
    }
    var texts: [Range<Int>] = []
    for length in lengths { texts.append(try cursor.range(length)) }
    return texts
  }

  /// The keys that saved objects have their variables under.
  private static func keys(of objects: [UInt8]) throws(ModelFormatError) -> [String] {
    var keys: [String] = []
    for object in try ProtobufMessage(objects).messages(1) {
      for attribute in try object.messages(2) { keys += attribute.texts(3) }
    }
    return keys
  }
}
