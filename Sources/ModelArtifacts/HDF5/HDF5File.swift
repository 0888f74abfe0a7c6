internal import InputReading

/// A group or a dataset.
struct HDF5Object: Sendable {
  /// The names that lead to it: `layers/dense/vars/0`; empty for the file's own group.
  let path: String
  var attributes: [String: HDF5Value] = [:]
  /// What is in a group, by name in the file's order.
  var children: [(name: String, object: HDF5Object)] = []
  /// What is in a dataset; `nil` for a group.
  var value: HDF5Value?

  /// What stands at a path from here, `nil` where there is nothing.
  subscript(path: String) -> HDF5Object? {
    var object = self
    for name in path.split(separator: "/") {
      guard let next = object.children.first(where: { $0.name == name }) else { return nil }
      object = next.object
    }
    return object
  }

  /// It and all that is in it, in the file's order.
  var all: [HDF5Object] { [self] + children.flatMap(\.object.all) }
}

/// An HDF5 file, as h5py writes it: groups as symbol tables or lists of links, datasets in one piece or in
/// chunks, compressed by deflate.
///
/// The project's own reader rather than libhdf5, which was never made for files that mean harm: here every
/// read is bounds-checked, each object is read once, and depth, numbers and sizes have limits.
///
/// | part | content |
/// |---|---|
/// | superblock | `\x89HDF\r\n\x1a\n`, version, widths, the address of the file's own group |
/// | object header | messages: a dataset's shape, type, layout and filters, a group's members, attributes |
/// | symbol table | a tree (`TREE`) of nodes (`SNOD`) of names, which stand in a heap (`HEAP`), and addresses |
/// | global heap | `GCOL`: texts of any length |
///
/// Source: HDF5 File Format Specification 3.0.
struct HDF5File {
  /// The file's own group.
  let root: HDF5Object
  /// Files outside that a program which loads this one would read.
  let outsideFiles: [String]

  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Reads a file's bytes.
  ///
  /// - Throws: ``ModelFormatError`` if they are damaged, or written in a way that h5py uses only where it is
  ///   told to.
  init(_ bytes: [UInt8], limits: Limits) throws(ModelFormatError) {
    var reader = HDF5Reader(bytes, limits: limits)
    root = try reader.readFile()
    outsideFiles = reader.outsideFiles
  }
}

/// Reads objects, each once.
struct HDF5Reader {
  let bytes: [UInt8]
  private let limits: Limits
  private(set) var outsideFiles: [String] = []
  private var base = 0
  private var seen: Set<Int> = []
  /// Objects, messages, nodes and texts that may still be read.
  private var room: Int
  /// Bytes that may still be unpacked or looked at: parts of a file may overlap, but not without end.
  private var byteRoom: Int
  private var collections: [Int: [Int: Range<Int>]] = [:]

  /// Groups inside one another; each takes of the thread's stack.
  private static let deepestNesting = 48
  /// Bytes of a name, its end among them.
  private static let longestName = 4_096
  /// What stands for no address.
  private static let undefined = UInt64.max

  init(_ bytes: [UInt8], limits: Limits) {
    self.bytes = bytes
    self.limits = limits
    // Whatever is counted takes some bytes of the file.
    room = bytes.count + 64
    byteRoom = min(limits.archiveSize, 1_024 * bytes.count + (1 << 20))
  }

  // MARK: The file

  mutating func readFile() throws(ModelFormatError) -> HDF5Object {
    var cursor = try FileCursor(bytes)
    guard try cursor.slice(8).elementsEqual(HDF5File.signature) else {
      throw .damaged("the file does not begin as HDF5 does", offset: 0)
    }
    let version = try cursor.integer(UInt8.self)
    let root: Int?
    switch version {
    case 0, 1:
      try cursor.skip(4)
      try checkWidths(&cursor)
      try cursor.skip(version == 0 ? 9 : 13)
      base = try address(&cursor) ?? 0
      try cursor.skip(8)
      try checkEnd(&cursor)
      try cursor.skip(16)
      root = try address(&cursor)
    case 2, 3:
      try checkWidths(&cursor)
      try cursor.skip(1)
      base = try address(&cursor) ?? 0
      try cursor.skip(8)
      try checkEnd(&cursor)
      root = try address(&cursor)
    default: throw .unsupported("version \(version) of HDF5's superblock")
    }
    guard let root else { throw .damaged("the file has no group", offset: cursor.offset) }
    return try object(at: root, path: "", depth: 0)
  }

  private func checkWidths(_ cursor: inout FileCursor) throws(ModelFormatError) {
    let widths = try [cursor.integer(UInt8.self), cursor.integer(UInt8.self)]
    guard widths == [8, 8] else { throw .unsupported("HDF5 with addresses of \(widths[0]) bytes") }
  }

  private func checkEnd(_ cursor: inout FileCursor) throws(ModelFormatError) {
    let place = cursor.offset
    let end = try cursor.integer(UInt64.self)
    guard end <= UInt64(bytes.count) else {
      throw .damaged(
        "the file has \(bytes.count) bytes where it says \(end): it is cut off", offset: place)
    }
  }

  /// An address in the file; `nil` where there is none.
  private func address(_ cursor: inout FileCursor) throws(ModelFormatError) -> Int? {
    let place = cursor.offset
    let value = try cursor.integer(UInt64.self)
    if value == Self.undefined { return nil }
    guard value <= UInt64(bytes.count), Int(value) + base <= bytes.count else {
      throw .damaged("the address \(value) is beyond the end: the file is cut off", offset: place)
    }
    return Int(value) + base
  }

  private mutating func count(_ number: Int = 1, at offset: Int) throws(ModelFormatError) {
    guard number <= room else {
      throw .damaged("the file leads to more than it holds", offset: offset)
    }
    room -= number
  }

  private mutating func take(_ number: Int, at offset: Int) throws(ModelFormatError) {
    guard number <= byteRoom else {
      throw .damaged("the file unpacks to more than the limit", offset: offset)
    }
    byteRoom -= number
  }

  // MARK: Objects

  private struct Message {
    let type: Int
    let range: Range<Int>
    /// Whether the message itself stands elsewhere.
    let isShared: Bool
  }

  private mutating func object(
    at address: Int, path: String, depth: Int
  ) throws(ModelFormatError) -> HDF5Object {
    guard depth < Self.deepestNesting else {
      throw .damaged("'\(path)' is nested too deep", offset: address)
    }
    guard seen.insert(address).inserted else {
      throw .unsupported("'\(path)', a second name of one object,")
    }
    try count(at: address)
    var object = HDF5Object(path: path)
    var layout: Range<Int>?
    var filters: Range<Int>?
    var shape: [Int]?
    var type: HDF5Type?
    for message in try messages(at: address) {
      guard !message.isShared else { throw .unsupported("'\(path)', whose type has a name,") }
      var cursor = try FileCursor(bytes, message.range)
      switch message.type {
      case 0x01: shape = try Self.shape(&cursor)
      case 0x03: type = try HDF5Type(&cursor)
      case 0x08: layout = message.range
      case 0x0B: filters = message.range
      case 0x07: outsideFiles.append("the data of '\(path)'")
      case 0x0C:
        let attribute = try attribute(&cursor)
        object.attributes[attribute.name] = attribute.value
      case 0x11:
        object.children += try symbolTable(&cursor, path: path, depth: depth)
      case 0x06:
        if let link = try link(&cursor, path: path) {
          object.children.append(
            (
              link.name,
              try self.object(
                at: link.address, path: Self.join(path, link.name), depth: depth + 1)
            ))
        }
      case 0x02, 0x15:
        try checkIsCompact(&cursor, isAttributes: message.type == 0x15, path: path)
      default: break
      }
    }
    if let layout, let shape, let type, outsideFiles.isEmpty {
      object.value = try value(type, shape, layout: layout, filters: filters, path: path)
    }
    return object
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path)/\(name)"
  }

  private mutating func messages(at address: Int) throws(ModelFormatError) -> [Message] {
    var cursor = try FileCursor(bytes, at: address)
    let isFirstVersion = !bytes[address...].starts(with: "OHDR".utf8)
    var open: [Range<Int>] = []
    var hasOrder = false
    if isFirstVersion {
      guard try cursor.integer(UInt8.self) == 1 else {
        throw .damaged("an object's header is of no known version", offset: address)
      }
      try cursor.skip(7)
      let size = Int(try cursor.integer(UInt32.self))
      try cursor.skip(4)
      open = [try cursor.range(size)]
    } else {
      try cursor.expect("OHDR")
      guard try cursor.integer(UInt8.self) == 2 else {
        throw .damaged("an object's header is of no known version", offset: address)
      }
      let flags = try cursor.integer(UInt8.self)
      hasOrder = flags & 4 != 0
      try cursor.skip((flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0))
      let size = try cursor.count(width: 1 << Int(flags & 3))
      open = [try cursor.range(size)]
    }
    var messages: [Message] = []
    while let block = open.popLast() {
      var cursor = try FileCursor(bytes, block)
      let head = isFirstVersion ? 8 : hasOrder ? 6 : 4
      while cursor.remaining >= head {
        try count(at: cursor.offset)
        let type = try cursor.count(width: isFirstVersion ? 2 : 1)
        let size = Int(try cursor.integer(UInt16.self))
        let flags = try cursor.integer(UInt8.self)
        try cursor.skip(isFirstVersion ? 3 : hasOrder ? 2 : 0)
        let range = try cursor.range(size)
        try take(size, at: range.lowerBound)
        guard type == 0x10 else {
          messages.append(Message(type: type, range: range, isShared: flags & 2 != 0))
          continue
        }
        var inner = try FileCursor(bytes, range)
        guard let next = try self.address(&inner) else { continue }
        let length = try inner.count(width: 8)
        var block = try FileCursor(bytes, at: next)
        if !isFirstVersion {
          try block.expect("OCHK")
          // The checksum ends it.
          open.append(try block.range(length - 8))
        } else {
          open.append(try block.range(length))
        }
      }
    }
    return messages
  }

  private static func shape(_ cursor: inout FileCursor) throws(ModelFormatError) -> [Int] {
    let version = try cursor.integer(UInt8.self)
    let rank = Int(try cursor.integer(UInt8.self))
    try cursor.skip(1)
    if version == 1 {
      try cursor.skip(5)
    } else if try cursor.integer(UInt8.self) == 2 {
      // A space of no elements at all.
      return [0]
    }
    guard rank <= 32 else { throw .damaged("there are \(rank) dimensions", offset: cursor.offset) }
    var shape: [Int] = []
    for _ in 0..<rank { shape.append(try cursor.count(width: 8)) }
    return shape
  }

  private mutating func attribute(
    _ cursor: inout FileCursor
  ) throws(ModelFormatError) -> (name: String, value: HDF5Value) {
    let version = try cursor.integer(UInt8.self)
    guard (1...3).contains(version) else {
      throw .damaged("an attribute is of no known version", offset: cursor.offset)
    }
    let flags = try cursor.integer(UInt8.self)
    guard version == 1 || flags & 3 == 0 else {
      throw .unsupported("an attribute whose type has a name")
    }
    let nameSize = Int(try cursor.integer(UInt16.self))
    let typeSize = Int(try cursor.integer(UInt16.self))
    let shapeSize = Int(try cursor.integer(UInt16.self))
    if version == 3 { try cursor.skip(1) }
    let start = cursor.offset
    func part(_ size: Int) throws(ModelFormatError) -> FileCursor {
      let part = try FileCursor(bytes, cursor.range(size))
      if version == 1 { try cursor.align(to: 8, from: start) }
      return part
    }
    var nameCursor = try part(nameSize)
    let name = Self.text(try nameCursor.slice(nameSize))
    var typeCursor = try part(typeSize)
    let type = try HDF5Type(&typeCursor)
    var shapeCursor = try part(shapeSize)
    let shape = try Self.shape(&shapeCursor)
    let size = try byteCount(type, shape, name, cursor.offset)
    return (name, try finish(type, shape, try cursor.slice(size)))
  }

  /// A text up to its first NUL; what is not UTF-8 in it is replaced.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private func checkIsCompact(
    _ cursor: inout FileCursor, isAttributes: Bool, path: String
  ) throws(ModelFormatError) {
    try cursor.skip(1)
    let flags = try cursor.integer(UInt8.self)
    try cursor.skip(flags & 1 == 0 ? 0 : isAttributes ? 2 : 8)
    guard try address(&cursor) == nil else {
      throw .unsupported(
        "'\(path)', which is written for many \(isAttributes ? "attributes" : "members"),")
    }
  }

  // MARK: Groups

  /// A link to an object in the file; `nil` for one by name, or to another file.
  private mutating func link(
    _ cursor: inout FileCursor, path: String
  ) throws(ModelFormatError) -> (name: String, address: Int)? {
    try cursor.skip(1)
    let flags = try cursor.integer(UInt8.self)
    let kind = flags & 8 != 0 ? try cursor.integer(UInt8.self) : 0
    try cursor.skip((flags & 4 != 0 ? 8 : 0) + (flags & 16 != 0 ? 1 : 0))
    let size = try cursor.count(width: 1 << Int(flags & 3))
    let name = Self.text(try cursor.slice(size))
    if kind == 64 { outsideFiles.append("what '\(Self.join(path, name))' leads to") }
    guard kind == 0, let target = try address(&cursor) else { return nil }
    return (name, target)
  }

  private mutating func symbolTable(
    _ cursor: inout FileCursor, path: String, depth: Int
  ) throws(ModelFormatError) -> [(name: String, object: HDF5Object)] {
    guard let tree = try address(&cursor), let heap = try address(&cursor) else { return [] }
    var head = try FileCursor(bytes, at: heap)
    try head.expect("HEAP")
    try head.skip(4)
    let size = try head.count(width: 8)
    try head.skip(8)
    guard let start = try address(&head) else { return [] }
    var data = try FileCursor(bytes, at: start)
    let names = try data.range(size)
    var children: [(name: String, object: HDF5Object)] = []
    for leaf in try leaves(of: tree, type: 0, keySize: 8) {
      var node = try FileCursor(bytes, at: leaf.address)
      try node.expect("SNOD")
      try node.skip(2)
      let entries = Int(try node.integer(UInt16.self))
      try count(entries, at: leaf.address)
      for _ in 0..<entries {
        let place = node.offset
        let nameOffset = try node.count(width: 8)
        let target = try address(&node)
        let kind = try node.integer(UInt32.self)
        try node.skip(20)
        guard nameOffset < size else { throw .damaged("a name is outside its heap", offset: place) }
        // 2 is a link by name, which Keras writes none of.
        guard kind != 2, let target else { continue }
        let rest = bytes[names.lowerBound + nameOffset..<names.upperBound]
        guard let end = rest.prefix(Self.longestName).firstIndex(of: 0) else {
          throw .damaged("a name is too long", offset: place)
        }
        let name = Self.text(rest[..<end])
        children.append(
          (name, try object(at: target, path: Self.join(path, name), depth: depth + 1)))
      }
    }
    return children
  }

  /// What a tree leads to, with the place of each key.
  private mutating func leaves(
    of tree: Int, type: UInt8, keySize: Int
  ) throws(ModelFormatError) -> [(address: Int, key: Int)] {
    var open = [(address: tree, level: Int?.none)]
    var leaves: [(address: Int, key: Int)] = []
    while let next = open.popLast() {
      try count(at: next.address)
      var node = try FileCursor(bytes, at: next.address)
      try node.expect("TREE")
      guard try node.integer(UInt8.self) == type else {
        throw .damaged("a tree has nodes of another kind", offset: next.address)
      }
      let level = Int(try node.integer(UInt8.self))
      guard next.level.map({ level == $0 - 1 }) ?? true else {
        throw .damaged("a tree's levels are out of order", offset: next.address)
      }
      let entries = Int(try node.integer(UInt16.self))
      try node.skip(16)
      var children: [(address: Int, key: Int)] = []
      for _ in 0..<entries {
        let key = try node.range(keySize)
        guard let child = try address(&node) else { continue }
        try count(at: key.lowerBound)
        children.append((child, key.lowerBound))
      }
      if level == 0 {
        leaves += children
      } else {
        open += children.reversed().map { ($0.address, level) }
      }
    }
    return leaves
  }

  // MARK: Values

  private func byteCount(
    _ type: HDF5Type, _ shape: [Int], _ name: String, _ offset: Int
  ) throws(ModelFormatError) -> Int {
    guard let count = StoredTensor.count(of: shape),
      case (let size, let overflow) = count.multipliedReportingOverflow(by: type.size), !overflow
    else { throw .damaged("'\(name)' is too large", offset: offset) }
    return size
  }

  private mutating func value(
    _ type: HDF5Type, _ shape: [Int], layout: Range<Int>, filters: Range<Int>?, path: String
  ) throws(ModelFormatError) -> HDF5Value {
    var cursor = try FileCursor(bytes, layout)
    let size = try byteCount(type, shape, path, layout.lowerBound)
    let version = try cursor.integer(UInt8.self)
    guard version == 3 || version == 4 else {
      throw .unsupported("'\(path)', whose layout is of version \(version),")
    }
    let kind = try cursor.integer(UInt8.self)
    switch kind {
    case 0:
      let count = Int(try cursor.integer(UInt16.self))
      guard count == size else {
        throw .damaged(
          "'\(path)' has \(count) bytes where \(size) belong", offset: layout.lowerBound)
      }
      return try finish(type, shape, try cursor.slice(count))
    case 1:
      guard let start = try address(&cursor) else {
        // What was never written is zeros.
        return try finish(type, shape, try zeros(size, layout.lowerBound)[...])
      }
      let count = try cursor.count(width: 8)
      guard count == size else {
        throw .damaged(
          "'\(path)' has \(count) bytes where \(size) belong", offset: layout.lowerBound)
      }
      try take(count, at: start)
      var data = try FileCursor(bytes, at: start)
      return try finish(type, shape, try data.slice(count))
    case 2 where version == 3:
      return try finish(
        type, shape,
        try chunks(&cursor, type, shape, size: size, filters: filters, path: path)[...])
    default: throw .unsupported("'\(path)', whose layout is of kind \(kind),")
    }
  }

  private mutating func zeros(_ count: Int, _ offset: Int) throws(ModelFormatError) -> [UInt8] {
    try take(count, at: offset)
    return [UInt8](repeating: 0, count: count)
  }

  private mutating func finish(
    _ type: HDF5Type, _ shape: [Int], _ data: ArraySlice<UInt8>
  ) throws(ModelFormatError) -> HDF5Value {
    var texts: [String]?
    switch type {
    case .text(let size) where size > 0:
      texts = stride(from: data.startIndex, to: data.endIndex, by: size).map {
        Self.text(data[$0..<$0 + size])
      }
    case .variableText:
      var found: [String] = []
      var cursor = try FileCursor(bytes, data.startIndex..<data.endIndex)
      while cursor.remaining >= 16 {
        try count(at: cursor.offset)
        let size = Int(try cursor.integer(UInt32.self))
        let collection = try address(&cursor)
        let index = Int(try cursor.integer(UInt32.self))
        guard size > 0, let collection else {
          found.append("")
          continue
        }
        guard let range = try self.collection(at: collection)[index], size <= range.count else {
          throw .damaged("a text is not in the heap that it names", offset: cursor.offset - 16)
        }
        try take(size, at: cursor.offset)
        found.append(Self.text(bytes[range.prefix(size)]))
      }
      texts = found
    default: break
    }
    return HDF5Value(type: type, shape: shape, bytes: data, texts: texts)
  }

  /// The objects of a collection in the global heap, by their indices.
  private mutating func collection(at address: Int) throws(ModelFormatError) -> [Int: Range<Int>] {
    if let known = collections[address] { return known }
    var head = try FileCursor(bytes, at: address)
    try head.expect("GCOL")
    try head.skip(4)
    let size = try head.count(width: 8)
    var cursor = try FileCursor(bytes, at: address)
    cursor = try FileCursor(bytes, cursor.range(size))
    try cursor.skip(16)
    var objects: [Int: Range<Int>] = [:]
    while cursor.remaining >= 16 {
      try count(at: cursor.offset)
      let index = Int(try cursor.integer(UInt16.self))
      try cursor.skip(6)
      let length = try cursor.count(width: 8)
      // Object 0 is the free space, which ends the collection.
      if index == 0 { break }
      objects[index] = try cursor.range(length)
      try cursor.align(to: 8, from: address)
    }
    collections[address] = objects
    return objects
  }

  // MARK: Chunks

  private enum Filter { case deflate, shuffle, checksum }

  private static func filters(
    _ range: Range<Int>?, _ bytes: [UInt8], path: String
  ) throws(ModelFormatError) -> [Filter] {
    guard let range else { return [] }
    var cursor = try FileCursor(bytes, range)
    let version = try cursor.integer(UInt8.self)
    let count = Int(try cursor.integer(UInt8.self))
    if version == 1 { try cursor.skip(6) }
    var filters: [Filter] = []
    for _ in 0..<count {
      let id = try cursor.integer(UInt16.self)
      let nameSize =
        version == 1 || id >= 256 ? Int(try cursor.integer(UInt16.self)) : 0
      try cursor.skip(2)
      let valueCount = Int(try cursor.integer(UInt16.self))
      try cursor.skip(version == 1 ? (nameSize + 7) / 8 * 8 : nameSize)
      try cursor.skip(4 * valueCount + (version == 1 && valueCount % 2 == 1 ? 4 : 0))
      switch id {
      case 1: filters.append(.deflate)
      case 2: filters.append(.shuffle)
      case 3: filters.append(.checksum)
      default: throw .unsupported("'\(path)', which is packed by filter \(id),")
      }
    }
    return filters
  }

  private mutating func chunks(
    _ cursor: inout FileCursor, _ type: HDF5Type, _ shape: [Int], size: Int,
    filters range: Range<Int>?, path: String
  ) throws(ModelFormatError) -> [UInt8] {
    let filters = try Self.filters(range, bytes, path: path)
    let rank = Int(try cursor.integer(UInt8.self)) - 1
    let tree = try address(&cursor)
    var lengths: [Int] = []
    for _ in 0...max(rank, 0) { lengths.append(Int(try cursor.integer(UInt32.self))) }
    let elementSize = lengths.removeLast()
    guard rank == shape.count, rank > 0, elementSize == type.size, !lengths.contains(0),
      let chunkCount = StoredTensor.count(of: lengths), chunkCount < 1 << 32, elementSize < 1 << 24
    else { throw .damaged("'\(path)' has chunks of another shape", offset: cursor.offset) }
    var data = try zeros(size, cursor.offset)
    guard size > 0, let tree else { return data }
    for leaf in try leaves(of: tree, type: 1, keySize: 8 + 8 * (rank + 1)) {
      var key = try FileCursor(bytes, at: leaf.key)
      let stored = Int(try key.integer(UInt32.self))
      let mask = try key.integer(UInt32.self)
      var start: [Int] = []
      for _ in 0..<rank { start.append(try key.count(width: 8)) }
      guard zip(start, shape).allSatisfy({ $0 < $1 }) else {
        throw .damaged("a chunk of '\(path)' begins outside it", offset: leaf.key)
      }
      let size = chunkCount * elementSize
      try take(size + stored, at: leaf.address)
      var raw = try FileCursor(bytes, at: leaf.address)
      var chunk = Array(try raw.slice(stored))
      for (index, filter) in filters.enumerated().reversed()
      where index >= 32 || mask >> UInt32(index) & 1 == 0 {
        try Self.undo(filter, &chunk, elementSize, size, leaf.address)
      }
      guard chunk.count == size else {
        throw .damaged(
          "a chunk of '\(path)' has \(chunk.count) bytes where \(size) belong",
          offset: leaf.address)
      }
      Self.copy(chunk, lengths, at: start, into: &data, shape, elementSize)
    }
    return data
  }

  private static func undo(
    _ filter: Filter, _ chunk: inout [UInt8], _ elementSize: Int, _ limit: Int, _ offset: Int
  ) throws(ModelFormatError) {
    switch filter {
    case .deflate:
      do throws(ArchiveError) {
        chunk = try Compression.zlib.unpack(chunk, limit: limit + 4)
      } catch {
        throw .damaged("a chunk cannot be unpacked", offset: offset)
      }
    case .shuffle:
      // The first bytes of all elements, then the second ones, and so on.
      let count = chunk.count / max(elementSize, 1)
      var plain = chunk
      for index in 0..<count {
        for byte in 0..<elementSize {
          plain[index * elementSize + byte] = chunk[byte * count + index]
        }
      }
      chunk = plain
    case .checksum:
      guard chunk.count >= 4 else { throw .damaged("a chunk has no checksum", offset: offset) }
      chunk.removeLast(4)
    }
  }

  /// Copies the part of a chunk that is inside the whole, line by line.
  private static func copy(
    _ chunk: [UInt8], _ lengths: [Int], at start: [Int], into data: inout [UInt8], _ shape: [Int],
    _ size: Int
  ) {
    let last = shape.count - 1
    let line = min(lengths[last], shape[last] - start[last])
    var index = [Int](repeating: 0, count: last)
    while true {
      var source = 0
      var target = 0
      for axis in 0..<last {
        source = source * lengths[axis] + index[axis]
        target = target * shape[axis] + start[axis] + index[axis]
      }
      source *= lengths[last] * size
      target = (target * shape[last] + start[last]) * size
      data.replaceSubrange(
        target..<target + line * size, with: chunk[source..<source + line * size])
      var axis = last - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < lengths[axis], start[axis] + index[axis] < shape[axis] { break }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
