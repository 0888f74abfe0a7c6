import Foundation
import InputReading
import TestSupport
import Testing

@testable import ModelArtifacts

@Suite struct PickleMachineTests {
  private func read(
    _ bytes: [UInt8], limits: Limits = .standard
  ) throws -> (root: NodeID, machine: PickleMachine) {
    var machine = PickleMachine(bytes, limits: limits)
    let root = try machine.read()
    return (root, machine)
  }

  /// What a pickle holds, in words.
  private func text(_ bytes: [UInt8]) throws -> String {
    let (root, machine) = try read(bytes)
    return machine.graph.text(describing: root)
  }

  /// The error that a pickle ends with.
  private func error(_ bytes: [UInt8], limits: Limits = .standard) -> PickleError? {
    var machine = PickleMachine(bytes, limits: limits)
    do throws(PickleError) {
      _ = try machine.read()
      return nil
    } catch { return error }
  }

  private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  // MARK: What Python writes

  struct Value: Decodable, Sendable {
    let name: String
    let `protocol`: Int
    let hex: String
    let expected: String
  }

  @Test func valuesAreThosePythonWrote() throws {
    // Python 3.11.7's pickle.dumps of plain data and of numpy 2.4.6's arrays.
    let file = repository + "/Tests/ModelArtifactsTests/Fixtures/values.json"
    struct Values: Decodable { let cases: [Value] }
    let values = try JSONDecoder().decode(
      Values.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    #expect(values.cases.count > 250)
    for value in values.cases {
      let (root, machine) = try read([UInt8](hex: value.hex))
      #expect(
        machine.graph.text(describing: root) == value.expected,
        "\(value.name), protocol \(value.protocol)")
      #expect(
        machine.requests.isEmpty && machine.version == (value.protocol < 2 ? 0 : value.protocol))
      #expect(
        machine.globals.allSatisfy { PickleGlobals.standing(of: $0.name) == .known },
        "\(value.name): \(machine.globals.map(\.name))")
    }
  }

  @Test func sharedValuesAreOneValue() throws {
    // ]\x94(]\x94K\x01ah\x01e. : a list in which one list stands twice.
    let (root, machine) = try read(
      [0x80, 4, 0x5D, 0x94, 0x28, 0x5D, 0x94, 0x4B, 1, 0x61, 0x68, 1, 0x65, 0x2E])
    let elements = try #require(machine.graph.elements(root))
    #expect(elements.count == 2 && elements[0] == elements[1])
    #expect(machine.graph.text(describing: root) == "[[1], [1]]")
  }

  // MARK: Opcodes one by one

  /// The bytes that a text's characters stand for in Latin-1.
  private static func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8($0.value) }
  }

  @Test(arguments: [
    // Texts of Python 2.
    ("S'it''s'\n.", "b6974272773"), ("S\"a\\x41\\n\\t\\r\\\\\\\"\\'\"\n.", "b61410a090d5c2227"),
    ("S''\n.", "b"), ("U\u{3}abc.", "b616263"), ("T\u{2}\0\0\0ab.", "b6162"),
    ("Vcaf\\u00e9 \u{E9}\\U0001f600\\\n.", "\"caf\\u00e9 \\u00e9\\ud83d\\ude00\\\\\""),
    // Numbers.
    ("I7\n.", "7"), ("I-7\n.", "-7"), ("I01\n.", "True"), ("I00\n.", "False"), ("I1\n.", "1"),
    ("L7L\n.", "7"), ("L-9\n.", "-9"), ("F1.5\n.", "f3ff8000000000000"),
    ("F-inf\n.", "ffff0000000000000"), ("G?\u{F8}\0\0\0\0\0\0.", "f3ff8000000000000"),
    ("J\u{FE}\u{FF}\u{FF}\u{FF}.", "-2"), ("K\u{FF}.", "255"), ("M\u{1}\u{2}.", "513"),
    ("\u{8A}\0.", "0"), ("\u{8A}\u{1}\u{80}.", "-128"), ("\u{8A}\u{2}\u{80}\0.", "128"),
    ("\u{8B}\u{1}\0\0\0\u{7F}.", "127"), ("N.", "None"), ("\u{88}.", "True"), ("\u{89}.", "False"),
    // Bytes and texts with a length.
    ("C\u{2}ab.", "b6162"), ("B\u{1}\0\0\0a.", "b61"),
    ("\u{8E}\u{1}\0\0\0\0\0\0\0a.", "b61"), ("\u{96}\u{1}\0\0\0\0\0\0\0a.", "b61"),
    ("\u{8C}\u{2}\u{C3}\u{A9}.", "\"\\u00e9\""), ("X\u{1}\0\0\0a.", "\"a\""),
    ("\u{8D}\u{1}\0\0\0\0\0\0\0a.", "\"a\""),
    // Containers.
    ("].", "[]"), (").", "()"), ("}.", "{}"), ("\u{8F}.", "set()"), ("(I1\nl.", "[1]"),
    ("(I1\nI2\nd.", "{1: 2}"), ("(I1\nt.", "(1)"), ("(t.", "()"), ("(l.", "[]"), ("(d.", "{}"),
    ("}I1\nI2\ns.", "{1: 2}"), ("}(I1\nI2\nI3\nI4\nu.", "{1: 2, 3: 4}"), ("]I1\na.", "[1]"),
    ("](I1\nI2\ne.", "[1, 2]"), ("](e.", "[]"), ("\u{8F}(K\u{1}K\u{2}\u{90}.", "set(1, 2)"),
    ("(K\u{1}\u{91}.", "set(1)"), ("N\u{85}.", "(None)"), ("NI1\n\u{86}.", "(None, 1)"),
    ("NI1\nI2\n\u{87}.", "(None, 1, 2)"),
    // The stack, marks and the memo.
    ("I1\nI2\n0.", "1"), ("I3\n(I1\nI2\n1.", "3"), ("I3\n(0.", "3"), ("I4\n2\u{86}.", "(4, 4)"),
    ("((I1\n0I2\nt.", "—"), ("I5\np7\n0g7\n.", "5"), ("I5\nq\u{9}0h\u{9}.", "5"),
    ("I5\nr\u{1}\u{1}\0\00j\u{1}\u{1}\0\0.", "5"), ("I5\n\u{94}0h\0.", "5"),
    ("I5\nq\u{3}\u{94}0h\u{1}.", "5"),
    // Classes, functions and calls.
    ("cnumpy\nndarray\n.", "global numpy.ndarray"),
    ("X\u{5}\0\0\0numpyX\u{7}\0\0\0ndarray\u{93}.", "global numpy.ndarray"),
    ("c__builtin__\nset\n.", "global builtins.set"),
    ("cnumpy.core.multiarray\nscalar\n.", "global numpy._core.multiarray.scalar"),
    ("ca\nb\n(I1\ntR.", "a.b(1)"), ("ca\nb\n)\u{81}.", "a.b()"), ("ca\nb\n)}\u{92}.", "a.b()"),
    ("(I1\nia\nb\n.", "a.b(1)"), ("(ca\nb\nI1\no.", "a.b(1)"), ("ca\nb\n)R}b.", "a.b()"),
    // What frames say does not matter.
    ("\u{95}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}N.", "None"),
    ("\u{80}\u{5}N.", "None"),
  ])
  func opcodesAreRead(stream: String, expected: String) throws {
    if expected == "—" {
      #expect(error(Self.bytes(stream)) != nil)
    } else {
      #expect(try text(Self.bytes(stream)) == expected)
    }
  }

  /// The opcodes of Python's Lib/pickletools.py, from 3.11.
  @Test func allOpcodesAreKnown() {
    let codes =
      Self.bytes(
        "IJKMLSTUN\\]aelt)}dsu0(2.1ghpqrcRboiPQVXBCGF"
          .replacing("\\", with: "") + "j")
      + Array(0x80...0x98)
    #expect(Set(codes).count == 68)
    for byte in UInt8.min...UInt8.max {
      #expect((PickleOpcode(rawValue: byte) != nil) == codes.contains(byte), "\(byte)")
    }
  }

  @Test func globalsAreNotedWithTheirOpcodesAndPlaces() throws {
    let stream = "(ca\nb\n0X\u{1}\0\0\0cX\u{1}\0\0\0d\u{93}0ie\nf\n."
    let (_, machine) = try read(Self.bytes(stream))
    #expect(
      machine.globals == [
        PickleMachine.GlobalUse(name: "a.b", opcode: "GLOBAL", offset: 1),
        PickleMachine.GlobalUse(name: "c.d", opcode: "STACK_GLOBAL", offset: 19),
        PickleMachine.GlobalUse(name: "e.f", opcode: "INST", offset: 21),
      ])
  }

  @Test(arguments: [
    ("\u{82}\u{7}.", "extension code 7", "EXT1", 0),
    ("N0\u{83}\u{1}\u{1}.", "extension code 257", "EXT2", 2),
    ("\u{84}\u{FF}\u{FF}\u{FF}\u{FF}.", "extension code -1", "EXT4", 0),
    ("N)R.", "a call of a value that is not a class or function", "REDUCE", 2),
    ("ca\nb\n}b.", "a change of a.b", "BUILD", 6),
    ("ca\nb\n)R)R.", "a call of a value that is not a class or function", "REDUCE", 8),
  ])
  func requestsAreNoted(stream: String, name: String, opcode: String, offset: Int) throws {
    let (_, machine) = try read(Self.bytes(stream))
    #expect(
      machine.requests == [PickleMachine.GlobalUse(name: name, opcode: opcode, offset: offset)])
  }

  @Test(arguments: [("Pid\n.", "\"id\"", "PERSID", 0), ("U\u{1}aQ.", "b61", "BINPERSID", 3)])
  func persistentIdentifiersAreNoted(
    stream: String, id: String, opcode: String, offset: Int
  ) throws {
    let (root, machine) = try read(Self.bytes(stream))
    #expect(machine.graph.text(describing: root) == "persistent \(id)")
    let use = try #require(machine.persistentIDs.first)
    #expect(machine.persistentIDs.count == 1)
    #expect(machine.graph.text(describing: use.id) == id)
    #expect((use.opcode, use.offset) == (opcode, offset))
    #expect(machine.findings().map(\.code) == ["code.outside_request"])
    #expect(machine.findings(accepting: { _ in true }).isEmpty)
  }

  // MARK: Streams that are none

  @Test(arguments: [
    ("", PickleError.truncated(offset: 0)), ("N", .truncated(offset: 1)),
    (".", .wrongKind("one value at the end", offset: 0)),
    ("NN.", .wrongKind("one value at the end", offset: 2)),
    ("N(.", .wrongKind("one value at the end", offset: 2)),
    ("N.N", .trailingBytes(1, offset: 2)), ("N..", .trailingBytes(1, offset: 2)),
    ("\u{FF}", .unknownOpcode(0xFF, offset: 0)), ("NA", .unknownOpcode(0x41, offset: 1)),
    ("\u{80}\u{6}N.", .badProtocol(6, offset: 0)), ("N\u{80}\u{4}.", .badProtocol(4, offset: 1)),
    ("\u{80}\u{4}\u{80}\u{4}N.", .badProtocol(4, offset: 2)),
    ("0", .stackUnderflow(offset: 0)), ("1", .stackUnderflow(offset: 0)),
    ("2", .stackUnderflow(offset: 0)), ("N(2", .stackUnderflow(offset: 2)),
    ("N\u{86}", .stackUnderflow(offset: 1)), ("a", .stackUnderflow(offset: 0)),
    ("]a", .stackUnderflow(offset: 1)), ("]N(a", .stackUnderflow(offset: 3)),
    ("t", .stackUnderflow(offset: 0)), ("(e", .stackUnderflow(offset: 1)),
    ("(o", .stackUnderflow(offset: 1)), ("R", .stackUnderflow(offset: 0)),
    ("\u{94}", .stackUnderflow(offset: 0)), ("N(\u{94}", .stackUnderflow(offset: 2)),
    ("(N(tp0\n1p0\n", .stackUnderflow(offset: 8)), ("b", .stackUnderflow(offset: 0)),
    ("Nb", .stackUnderflow(offset: 1)), ("\u{93}", .stackUnderflow(offset: 0)),
    ("h\0", .noSuchMemo(0, offset: 0)), ("Nq\u{1}h\u{2}", .noSuchMemo(2, offset: 3)),
    ("j\u{FF}\u{FF}\u{FF}\u{FF}", .noSuchMemo(4_294_967_295, offset: 0)),
    ("g5\n", .noSuchMemo(5, offset: 0)), ("Np-1\n", .badText(offset: 1)),
    ("gx\n", .badText(offset: 0)), ("g99999999999999999999\n", .badText(offset: 0)),
    ("NNa", .wrongKind("a list", offset: 2)), (")Na", .wrongKind("a list", offset: 2)),
    ("N(Ne", .wrongKind("a list", offset: 3)), ("]NNs", .wrongKind("a dictionary", offset: 3)),
    ("}(Nu", .wrongKind("keys with values", offset: 3)),
    ("(Nd", .wrongKind("keys with values", offset: 2)),
    ("](N\u{90}", .wrongKind("a set", offset: 3)),
    ("NN\u{93}", .wrongKind("a module and a name", offset: 2)),
    ("ca\nb\nNR", .wrongKind("a tuple of arguments", offset: 6)),
    ("]Nb", .wrongKind("an object", offset: 2)),
    ("Ix\n", .badText(offset: 0)), ("I\n", .badText(offset: 0)), ("L1LL\n", .badText(offset: 0)),
    ("Fx\n", .badText(offset: 0)), ("Sab\n", .badText(offset: 0)), ("S'\n", .badText(offset: 0)),
    ("S'a\"\n", .badText(offset: 0)), ("S'\\'\n", .badText(offset: 0)),
    ("S'\\xg'\n", .badText(offset: 0)), ("V\\u12\n", .badText(offset: 0)),
    ("V\\ud83d\n", .badText(offset: 0)), ("V\\U00110000\n", .badText(offset: 0)),
    ("X\u{1}\0\0\0\u{FF}", .badText(offset: 0)), ("c\u{FF}\nb\n", .badText(offset: 1)),
    ("I1", .truncated(offset: 2)), ("ca\nb", .truncated(offset: 4)),
    ("X\u{5}\0\0\0abc", .truncated(offset: 8)), ("X\u{5}\0", .truncated(offset: 3)),
    ("\u{97}", .outOfBandBuffer(offset: 0)), ("N\u{98}", .outOfBandBuffer(offset: 1)),
  ])
  func brokenStreamsEndWithTheirError(stream: String, expected: PickleError) {
    #expect(error(Self.bytes(stream)) == expected)
  }

  /// What a value is built with would have two meanings if it were built twice.
  @Test func objectsAreBuiltOnce() {
    #expect(error(Self.bytes("ca\nb\n)R}b}b.")) == .wrongKind("an object", offset: 10))
  }

  @Test(arguments: [
    "\u{8B}\u{FF}\u{FF}\u{FF}\u{7F}", "\u{8B}\u{FF}\u{FF}\u{FF}\u{FF}", "T\u{FF}\u{FF}\u{FF}\u{FF}",
    "T\u{FF}\u{FF}\u{FF}\u{7F}", "X\u{FF}\u{FF}\u{FF}\u{FF}", "B\u{FF}\u{FF}\u{FF}\u{FF}",
    "\u{8E}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{7F}",
    "\u{8E}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}",
    "\u{8D}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{7F}",
    "\u{8D}\0\0\0\0\0\0\0\u{80}", "\u{96}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{7F}",
    "\u{8A}\u{FF}", "U\u{FF}", "C\u{FF}", "\u{8C}\u{FF}",
  ])
  func lengthsBeyondTheFileTakeNoMemory(stream: String) {
    guard case .truncated = error(Self.bytes(stream + "abc.")) else {
      Issue.record("\(String(describing: error(Self.bytes(stream))))")
      return
    }
  }

  // MARK: Limits

  private func expectLimit(
    _ bytes: [UInt8], _ limits: Limits, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = error(bytes, limits: limits)
    guard case .limit = error else {
      Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
  }

  /// A byte of the file must not become many bytes of memory without end.
  @Test(arguments: ["N", "(", "N\u{94}\u{94}", "N2", "N\u{94}h\0", "])"])
  func valuesMarksAndMemosAreLimited(stream: String) {
    var limits = Limits.standard
    limits.pickleValues = 1_000
    let unit = Self.bytes(stream)
    // The last opcodes again and again.
    let last = Array(unit.suffix(stream.hasSuffix("h\0") ? 2 : 1))
    let repeated = [[UInt8]](repeating: last, count: 1_100).flatMap(\.self)
    expectLimit(unit + repeated, limits)
  }

  @Test func nestedPicklesAreLimited() {
    let start = PickleBytes.joblibArray(shape: [1], PickleBytes.dtype("O"), raw: [])
    let levels = [[UInt8]](repeating: start, count: 1_000).flatMap(\.self)
    expectLimit(levels, .standard)
    var limits = Limits.standard
    limits.nesting = 3
    let value = PickleBytes.pickle(start + PickleBytes.pickle(start + PickleBytes.pickle([0x4E])))
    #expect(error(value, limits: limits) == nil)
    limits.nesting = 2
    expectLimit(value, limits)
  }

  /// A name's two parts may stand in the file once and be used a million times.
  @Test func longNamesAreRefused() {
    let name = PickleBytes.text(String(repeating: "a", count: 1 << 20))
    let use: [UInt8] = [0x68, 0, 0x68, 0, 0x93, 0x30]
    let uses = [[UInt8]](repeating: use, count: 20_000).flatMap(\.self)
    expectLimit(name + PickleBytes.memoize + uses, .standard)
  }

  // MARK: Time

  /// Four times the opcodes must not take much more than four times as long, whatever is there.
  @Test(
    arguments: [
      ("]", "Na"), ("}", "NNs"), ("\u{8F}", "(N\u{90}"), ("]", "(NNe"), ("}", "(NNu"),
      ("ca\nb\n)R", "Na"), ("ca\nb\n)R", "NNs"), ("]", "2a"), ("N\u{94}", "h\00"), ("N", "N0"),
      ("N", "(N1"), ("N", "(0"), ("N", ")0"), ("N", "ca\nb\n)R0"), ("]", "ca\nb\n)R}ba"),
    ])
  func opcodesTakeConstantTime(start: String, step: String) {
    let isLinear = takesLinearTime(20_000) { count in
      let bytes =
        Self.bytes(start)
        + [[UInt8]](repeating: Self.bytes(step), count: count).flatMap(\.self) + [0x2E]
      #expect(error(bytes) == nil)
    }
    #expect(isLinear)
  }
}
