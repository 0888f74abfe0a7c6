import InputReading
import TestSupport
import Testing

@testable import ModelArtifacts

@Suite struct NumPyArrayTests {
  private typealias P = PickleBytes

  /// The array that a pickle's only value is.
  private func array(_ value: [UInt8]) throws -> NumPyArray? {
    var machine = PickleMachine(P.pickle(value), limits: .standard)
    let root = try machine.read()
    return machine.graph.array(root)
  }

  private func type(_ value: [UInt8]) throws -> ElementType? {
    var machine = PickleMachine(P.pickle(value), limits: .standard)
    let root = try machine.read()
    return machine.graph.elementType(root)
  }

  private func doubles(_ values: [Double]) -> [UInt8] {
    values.flatMap { P.littleEndian($0.bitPattern) }
  }

  // MARK: Elements

  @Test func orderDecidesWhereElementsStand() throws {
    let raw = P.bytes(doubles([1, 2, 3, 4, 5, 6]))
    let rows = try #require(try array(P.array(shape: [2, 3], P.dtype("f8"), raw)))
    #expect(rows.doubles == [1, 2, 3, 4, 5, 6])
    let columns = try #require(
      try array(P.array(shape: [2, 3], P.dtype("f8"), raw, isFortran: true)))
    #expect(columns.doubles == [1, 3, 5, 2, 4, 6])
    #expect(columns.shape == [2, 3] && columns.count == 6)
  }

  @Test func byteOrderDecidesWhatElementsAre() throws {
    let big = try #require(
      try array(P.array(shape: [1], P.dtype("i4", order: ">"), P.bytes([0, 0, 1, 2]))))
    #expect(big.integers == [258] && big.doubles == [258])
    let little = try #require(
      try array(P.array(shape: [1], P.dtype("i4"), P.bytes([0, 0, 1, 2]))))
    #expect(little.integers == [33_619_968])
  }

  @Test func kindsThatAreNoNumbersAnswerNothing() throws {
    let text = try #require(try array(P.array(shape: [1], P.dtype("U1"), P.bytes([65, 0, 0, 0]))))
    #expect(text.texts == ["A"] && text.doubles == nil && text.integers == nil)
    let number = try #require(try array(P.array(shape: [1], P.dtype("f4"), P.bytes([0, 0, 0, 0]))))
    #expect(number.texts == nil && number.integers == nil && number.doubles == [0])
    for code in ["c16", "M8", "S8", "V8", "f16", "i3"] {
      let width = Int(code.dropFirst()) ?? 0
      let other = try array(
        P.array(shape: [1], P.dtype(code), P.bytes([UInt8](repeating: 0, count: width))))
      #expect(other?.doubles == nil, "\(code)")
    }
  }

  @Test func textsMustBeUnicode() throws {
    let broken = try #require(
      try array(P.array(shape: [1], P.dtype("U1"), P.bytes([0, 0xD8, 0, 0]))))
    #expect(broken.texts == nil)
    let padded = try #require(
      try array(P.array(shape: [1], P.dtype("U2"), P.bytes([65, 0, 0, 0, 0, 0, 0, 0]))))
    #expect(padded.texts == ["A"])
  }

  @Test func joblibsArraysAreTheSame() throws {
    for padding: [UInt8]? in [nil, [0xFF], [UInt8](repeating: 0xFF, count: 16)] {
      let array = try #require(
        try array(
          P.joblibArray(
            shape: [2, 2], P.dtype("f8"), raw: doubles([1, 2, 3, 4]), padding: padding, order: "F"))
      )
      #expect(array.doubles == [1, 3, 2, 4])
    }
    // The array of a single number, and one without elements.
    let number = try array(P.joblibArray(shape: [], P.dtype("f8"), raw: doubles([7])))
    #expect(number?.doubles == [7])
    let empty = try array(P.joblibArray(shape: [0, 5], P.dtype("f8"), raw: [], padding: [0xFF]))
    #expect(empty?.doubles == [])
  }

  // MARK: Lies

  @Test func shapesThatAreNotOfTheBytesAreNoArrays() throws {
    let raw = P.bytes(doubles([1, 2]))
    for shape in [[], [1], [3], [2, 2], [-2], [-1, -2], [1 << 40, 1 << 40], [.max], [.min], [0]] {
      #expect(try array(P.array(shape: shape, P.dtype("f8"), raw)) == nil, "\(shape)")
    }
    #expect(try array(P.array(shape: [2], P.dtype("f8"), raw))?.doubles == [1, 2])
    // numpy has no more than 64 dimensions, whose product would be looked at for each element.
    let ones = [Int](repeating: 1, count: 63)
    #expect(try array(P.array(shape: ones + [2], P.dtype("f8"), raw))?.count == 2)
    #expect(try array(P.array(shape: ones + [1, 2], P.dtype("f8"), raw)) == nil)
  }

  @Test(arguments: ["S0", "V0", "U0", "f0", "i0", "O"])
  func hugeShapesOfNothingTakeNoTime(code: String) throws {
    for shape in [[1 << 40, 1 << 20], [1 << 62], [0, .max, .max], [.max, 0]] {
      for isFortran in [false, true] {
        let array = try array(
          P.array(shape: shape, P.dtype(code), P.bytes([]), isFortran: isFortran))
        #expect((array?.count ?? 0) == 0)
        #expect((array?.doubles ?? []).isEmpty && (array?.texts ?? []).isEmpty)
      }
      guard code != "O" else { continue }
      let raw = try? self.array(
        P.joblibArray(shape: shape, P.dtype(code), raw: [], padding: [0xFF]))
      #expect((raw?.count ?? 0) == 0)
    }
  }

  @Test(arguments: [
    "f-8", "i-1", "U-1", "f9223372036854775807", "U9223372036854775807", "U4611686018427387904",
    "U2305843009213693952", "f99999999999999999999", "f", "U", "", "8", "f8x", ">f8", "f 8",
    "f4294967296", "U\u{FF18}",
  ])
  func widthsThatAreNoneAreNoTypes(code: String) throws {
    #expect(try type(P.dtype(code)) == nil)
    // joblib's framing would read as many bytes.
    #expect(throws: PickleError.self) {
      try array(P.joblibArray(shape: [], P.dtype(code), raw: [1, 2, 3]))
    }
  }

  @Test(arguments: [
    [-1], [.max], [.min], [1, 1], [1 << 40, 1 << 40], [1 << 31, 1 << 32], [2, -1], [-1, -1],
  ])
  func joblibsShapesBeyondTheFileAreRefused(shape: [Int]) {
    #expect(throws: PickleError.self) {
      try array(P.joblibArray(shape: shape, P.dtype("f8"), raw: [1, 2, 3], padding: [0xFF]))
    }
  }

  @Test func joblibsPaddingIsNeverNothing() {
    let error = #expect(throws: PickleError.self) {
      try array(P.joblibArray(shape: [1], P.dtype("u1"), raw: [1], padding: []))
    }
    guard case .badArray(let reason, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason == "joblib's padding is at least one byte")
  }

  @Test func joblibsWrappersNeedTheirParts() {
    let states: [[(String, [UInt8])]] = [
      [], [("shape", P.tuple(P.integer(1)))], [("dtype", P.dtype("f8"))],
      [("shape", P.text("x")), ("dtype", P.dtype("f8"))],
      [("shape", P.tuple(P.text("x"))), ("dtype", P.dtype("f8"))],
      [("shape", P.tuple(P.integer(1))), ("dtype", P.none)],
      [("shape", P.tuple(P.integer(1))), ("dtype", P.call("numpy", "dtype"))],
    ]
    for state in states {
      #expect(throws: PickleError.self) {
        try array(P.object("joblib.numpy_pickle", "NumpyArrayWrapper", state))
      }
    }
    #expect(throws: PickleError.self) {
      try array(
        P.global("joblib.numpy_pickle", "NumpyArrayWrapper") + P.emptyTuple + P.newObject
          + P.none + P.build)
    }
  }

  // MARK: Structures

  @Test func fieldsAreReadByName() throws {
    let type = P.dtype(
      size: 12, fields: [("b", P.dtype("f8"), P.integer(4)), ("a", P.dtype("i4"), P.integer(0))])
    let raw: [UInt8] =
      P.littleEndian(Int32(7)) + doubles([0.5]) + P.littleEndian(Int32(-8)) + doubles([2])
    let array = try #require(try array(P.array(shape: [2], type, P.bytes(raw))))
    #expect(array.doubles(ofField: "a") == [7, -8])
    #expect(array.doubles(ofField: "b") == [0.5, 2])
    #expect(array.doubles(ofField: "c") == nil)
    #expect(array.doubles == nil)
  }

  @Test func fieldsMustLieInTheirStructure() throws {
    for offset in [-1, 5, 12, .max, .max - 7, .min] {
      let type = P.dtype(size: 12, fields: [("a", P.dtype("f8"), P.integer(offset))])
      #expect(try self.type(type) == nil, "\(offset)")
    }
    #expect(
      try type(P.dtype(size: 8, fields: [("a", P.dtype("f8"), P.integer(0))]))?.fields.count == 1)
    #expect(try type(P.dtype(size: 4, fields: [("a", P.dtype("f8"), P.integer(0))])) == nil)
    #expect(try type(P.dtype(size: 8, fields: [("a", P.none, P.integer(0))])) == nil)
    #expect(try type(P.dtype(size: 8, fields: [("a", P.dtype("f8"), P.none)])) == nil)
  }

  /// A type that is the type of its own fields, one inside the other or as an offset's.
  @Test func typesInsideThemselvesEnd() throws {
    func own(_ fieldCount: Int, _ entry: [UInt8]) -> [UInt8] {
      let names = (0..<fieldCount).map { "f\($0)" }
      return P.call("numpy", "dtype", P.text("V8"), P.bool(false), P.bool(true)) + P.put(9)
        + P.tuple(
          P.integer(3), P.text("|"), P.none, P.list(names.map { P.text($0) }),
          P.dictionary(names.map { ($0, entry) }), P.integer(8), P.integer(1), P.integer(16))
        + P.build
    }
    for fieldCount in [1, 2, 60, 300] {
      #expect(try type(own(fieldCount, P.tuple(P.get(9), P.integer(0)))) == nil)
    }
    let scalar = P.call(
      "numpy.core.multiarray", "scalar", P.get(9), P.bytes([UInt8](repeating: 0, count: 8)))
    #expect(try type(own(1, P.tuple(P.dtype("f8"), scalar))) == nil)
    #expect(try type(own(2, P.tuple(P.get(9), scalar))) == nil)
    // The byte order, a field's name and the code may be numpy's texts, of this very type.
    let order =
      P.call("numpy", "dtype", P.text("U1"), P.bool(false), P.bool(true)) + P.put(9)
      + P.tuple(
        P.integer(3), P.call("numpy.core.multiarray", "scalar", P.get(9), P.bytes([62, 0, 0, 0])),
        P.none, P.none, P.none, P.integer(-1), P.integer(-1), P.integer(0)) + P.build
    #expect(try type(order)?.isBigEndian == false)
    let code =
      P.global("numpy", "dtype") + [0x5D] + P.put(8) + P.reduce + P.put(9) + P.get(8)
      + P.call("numpy.core.multiarray", "scalar", P.get(9), P.bytes([102, 0, 0, 0])) + [0x61]
      + P.pop
    #expect(try type(code) == nil)
  }

  /// Wrappers may share one state, and it may be large.
  @Test func sharedStatesAreNotSearchedAgainAndAgain() {
    let isLinear = takesLinearTime(500) { count in
      let many = (0..<count).map { ("k\($0)", P.none) }
      let start =
        [0x5D] + P.mark
        + P.dictionary([("shape", P.tuple(P.integer(0))), ("dtype", P.dtype("f8"))] + many)
        + P.put(1) + P.global("joblib.numpy_pickle", "NumpyArrayWrapper") + P.put(2)
      let use: [UInt8] = P.get(2) + P.emptyTuple + P.newObject + P.get(1) + P.build
      _ = try? array(start + [[UInt8]](repeating: use, count: count).flatMap(\.self) + [0x65])
    }
    #expect(isLinear)
  }
}
