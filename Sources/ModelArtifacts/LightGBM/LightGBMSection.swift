internal import InputReading

/// Lines of `key=value` in a model's text: its head, or one tree.
struct LightGBMSection {
  /// Where it stands, for errors: empty for the head, `Tree=3`.
  let path: String
  private var values: [String: Substring] = [:]
  /// Lines without a value.
  private(set) var flags: Set<Substring> = []

  init(path: String) {
    self.path = path
  }

  /// Adds a line.
  mutating func append(_ line: Substring) {
    guard let equals = line.firstIndex(of: "=") else {
      if !line.isEmpty { flags.insert(line) }
      return
    }
    values[String(line[..<equals])] = line[line.index(after: equals)...]
  }

  subscript(key: String) -> String? { values[key].map(String.init) }

  func error(_ key: String, expected: String) -> ModelFormatError {
    .badField(path.isEmpty ? key : "\(path): \(key)", expected: expected)
  }

  /// A whole number that is 0 or more.
  func count(_ key: String) throws(ModelFormatError) -> Int {
    guard let count = values[key].flatMap({ Int($0) }), (0..<Int(Int32.max)).contains(count) else {
      throw error(key, expected: "a whole number that is 0 or more")
    }
    return count
  }

  /// Numbers parted by blanks, none where there is no such line.
  func numbers(_ key: String) throws(ModelFormatError) -> [Double] {
    try list(key, expected: "a list of numbers") { Double(decimal: $0) ?? Self.infinity($0) }
  }

  /// Whole numbers parted by blanks, none where there is no such line.
  func integers(_ key: String) throws(ModelFormatError) -> [Int] {
    try list(key, expected: "a list of whole numbers") { Int($0) }
  }

  private func list<Element>(
    _ key: String, expected: String, _ read: (Substring) -> Element?
  ) throws(ModelFormatError) -> [Element] {
    var elements: [Element] = []
    for word in values[key]?.split(separator: " ") ?? [] {
      guard let element = read(word) else { throw error(key, expected: expected) }
      elements.append(element)
    }
    return elements
  }

  private static func infinity(_ text: Substring) -> Double? {
    switch text {
    case "inf": .infinity
    case "-inf": -.infinity
    default: nil
    }
  }
}
