internal import InputReading

/// What torch.save wrote before 1.6, and writes on request: five pickles, then storages.
///
/// | part | content |
/// |---|---|
/// | pickle | the number 0x1950A86A20F9469CFC6C |
/// | pickle | the format's version, 1001 |
/// | pickle | `{"protocol_version", "little_endian", "type_sizes"}` |
/// | pickle | the value; tensors name their storages |
/// | pickle | the storages' keys, in their order |
/// | storage | for each key the number of elements in 8 bytes, and the elements |
///
/// Source: torch/serialization.py, `_legacy_save` (2.13).
enum TorchLegacyFile {
  static let format = ModelFormat(
    name: "PyTorch's checkpoints before 1.6",
    fits: { source, _ in source.bytes.starts(with: magic) },
    read: { source, options in
      do throws(ModelFormatError) {
        return try stateDict(source.bytes, options.limits).reading
      } catch {
        return ModelReading(error)
      }
    })

  /// PROTO 2, LONG1 of ten bytes and the number.
  private static let magic: [UInt8] = [
    0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// The tensors and what else is told; findings alone, where a pickle is none.
  ///
  /// - Throws: ``ModelFormatError`` if the storages are not those that the pickles name.
  static func stateDict(
    _ bytes: [UInt8], _ limits: Limits
  ) throws(ModelFormatError) -> StateDict {
    var machine = PickleMachine(
      bytes, limits: limits, replacing: { TorchTensors.moduleClass($0, in: $1) })
    var values: [NodeID] = []
    do throws(PickleError) {
      for _ in 0..<5 { values.append(try machine.readNext()) }
    } catch {
      return StateDict(error, machine)
    }
    let graph = machine.graph
    guard graph.integer(values[1]) == 1_001, let keys = graph.elements(values[4]) else {
      throw .damaged("the version or the list of storages is not as torch writes it", offset: 0)
    }
    let isBigEndian =
      graph.value("little_endian", in: values[2]).flatMap { graph.bool($0) } == false
    let names = Dictionary(
      machine.persistentIDs.compactMap { use in
        TorchTensors.storageName(use.id, in: graph).map { ($0.key, $0) }
      }, uniquingKeysWith: { first, _ in first })
    var storages: [String: TorchTensors.Storage] = [:]
    var reader = ByteReader(bytes.span, at: machine.offset)
    for key in keys {
      let place = reader.offset
      guard let key = graph.text(key), let name = names[key], storages[key] == nil else {
        throw .damaged("a storage is listed that no tensor has, or twice", offset: place)
      }
      guard !name.isView else { throw .unsupported("a storage that is a part of another one") }
      let (size, overflow) = name.count.multipliedReportingOverflow(by: name.element.size)
      guard let count = try? reader.readLittleEndian(Int64.self), !overflow,
        let range = try? reader.readRange(size)
      else {
        throw .damaged(
          "the storage '\(key)' goes beyond the end: the file is cut off", offset: place)
      }
      guard count == name.count else {
        throw .damaged(
          "the storage '\(key)' has \(count) elements where its tensors say \(name.count)",
          offset: place)
      }
      storages[key] = TorchTensors.Storage(
        element: name.element, bytes: bytes[range], isBigEndian: isBigEndian)
    }
    guard reader.remaining == 0 else {
      throw .damaged("\(reader.remaining) bytes follow the last storage", offset: reader.offset)
    }
    let findings =
      Finding.devices(Set(names.values.map(\.device)))
      + machine.findings(accepting: { TorchTensors.storageName($0, in: graph) != nil })
    return TorchTensors(graph: graph, root: values[3], storages: storages).stateDict(
      root: values[3], format: "torch-legacy", machine: machine, writers: [], findings: findings)
  }
}
