import InputReading
import Testing

@testable import ModelArtifacts

@Suite struct PickleFileTests {
  private typealias P = PickleBytes

  private func scan(_ bytes: [UInt8]) -> PickleFile {
    PickleFile(bytes, ReadingOptions())
  }

  // MARK: What would run code

  /// A pickle that asks for something, and where its opcode stands.
  struct Hostile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: [UInt8]
    let trigger: [UInt8]
    let after: [UInt8]
    let code: String
    let words: String
    /// Where in the trigger the named opcode stands.
    let place: Int

    init(
      _ name: String, before: [UInt8] = P.proto(4), _ trigger: [UInt8], after: [UInt8] = P.stop,
      code: String = "code.dangerous_global", words: String, place: Int = 0
    ) {
      testDescription = name
      self.before = before
      self.trigger = trigger
      self.after = after
      self.code = code
      self.words = words
      self.place = place
    }
  }

  private static let echo = P.tuple(P.text("echo"))
  private static let system = P.global("os", "system")

  private static let hostiles: [Hostile] = [
    Hostile(
      "GLOBAL and REDUCE", P.global("posix", "system") + echo + P.reduce,
      words: "posix.system (GLOBAL)"),
    Hostile(
      "STACK_GLOBAL", P.stackGlobal("os", "system") + echo + P.reduce,
      words: "os.system (STACK_GLOBAL)", place: P.text("os").count + P.text("system").count),
    Hostile(
      "STACK_GLOBAL of the memo's texts",
      before: P.proto(4) + P.text("os") + P.put(0) + P.pop + P.text("system") + P.put(1) + P.pop,
      P.get(0) + P.get(1) + [0x93] + echo + P.reduce, words: "os.system (STACK_GLOBAL)", place: 4),
    Hostile(
      "INST", before: P.mark + P.text("echo"), [0x69] + Array("posix\nsystem\n".utf8),
      words: "posix.system (INST)"),
    Hostile(
      "OBJ", before: P.proto(2) + P.mark, system + P.text("echo") + [0x6F],
      words: "os.system (GLOBAL)"),
    Hostile(
      "NEWOBJ", P.global("subprocess", "Popen") + echo + P.newObject,
      words: "subprocess.Popen (GLOBAL)"),
    Hostile(
      "NEWOBJ_EX", P.global("subprocess", "Popen") + P.emptyTuple + [0x7D, 0x92],
      words: "subprocess.Popen (GLOBAL)"),
    Hostile(
      "BUILD",
      before: P.proto(4) + P.call("collections", "OrderedDict") + [0x7D]
        + P.text("__setstate__"), system,
      after: [0x73] + P.build + P.text("echo") + P.build + P.stop,
      words: "os.system (GLOBAL)"),
    Hostile(
      "named and not called", system, words: "os.system (GLOBAL)"),
    Hostile(
      "called and thrown away", before: P.proto(4) + P.none, system + echo + P.reduce,
      after: P.pop + P.stop, words: "os.system (GLOBAL)"),
    Hostile(
      "in a dictionary beside an array",
      before: P.proto(4) + [0x7D] + P.mark + P.text("x") + P.doubles([1, 2]) + P.text("y"),
      system + echo + P.reduce, after: [0x75] + P.stop, words: "os.system (GLOBAL)"),
    Hostile(
      "after joblib's raw bytes",
      before: P.proto(4)
        + P.joblibArray(
          shape: [2], P.dtype("f8"), raw: [UInt8](repeating: 0x2E, count: 16),
          padding: [0xFF, 0xFF]),
      P.global("posix", "system") + echo + P.reduce, after: [0x86] + P.stop,
      words: "posix.system (GLOBAL)"),
    Hostile(
      "after joblib's raw bytes without padding",
      before: P.proto(3)
        + P.joblibArray(shape: [1], P.dtype("f8"), raw: [UInt8](repeating: 0x2E, count: 8)),
      system + echo + P.reduce, after: [0x86] + P.stop, words: "os.system (GLOBAL)"),
    Hostile(
      "in an array of objects",
      before: P.proto(4) + P.joblibArray(shape: [1], P.dtype("O"), raw: []) + P.proto(5),
      P.stackGlobal("nt", "system") + echo + P.reduce, after: P.stop + P.stop,
      words: "nt.system (STACK_GLOBAL)", place: P.text("nt").count + P.text("system").count),
    Hostile(
      "in an array of structures with objects",
      before: P.proto(4)
        + P.joblibArray(
          shape: [1], P.dtype(size: 8, fields: [("o", P.dtype("O"), P.integer(0))]), raw: [])
        + P.proto(5), system + echo + P.reduce, after: P.stop + P.stop,
      words: "os.system (GLOBAL)"),
    Hostile(
      "in numpy's list of objects",
      before: P.proto(4)
        + P.call(
          "numpy.core.multiarray", "_reconstruct", P.global("numpy", "ndarray"),
          P.tuple(P.integer(0)), P.bytes([0x62])) + P.mark + P.integer(1)
        + P.tuple(P.integer(1)) + P.dtype("O") + P.bool(false) + [0x5D],
      system + echo + P.reduce, after: [0x61, 0x74] + P.build + P.stop,
      words: "os.system (GLOBAL)"),
    Hostile(
      "before a damage", system + echo + P.reduce, after: [0xFF], words: "os.system (GLOBAL)"),
    Hostile(
      "before a cut", system + echo + P.reduce, after: [], words: "os.system (GLOBAL)"),
    Hostile(
      "before a second pickle", before: P.proto(4), system + echo + P.reduce,
      after: P.stop + P.pickle(P.none), words: "os.system (GLOBAL)"),
    Hostile("eval", P.global("builtins", "eval"), words: "builtins.eval"),
    Hostile("getattr", P.global("builtins", "getattr"), words: "builtins.getattr"),
    Hostile("Python 2's eval", P.global("__builtin__", "eval"), words: "builtins.eval"),
    Hostile("the import", P.global("builtins", "__import__"), words: "builtins.__import__"),
    Hostile(
      "an attribute of a module of a library",
      P.stackGlobal("sklearn.base", "os.PathLike"), words: "sklearn.base.os.PathLike",
      place: P.text("sklearn.base").count + P.text("os.PathLike").count),
    Hostile(
      "an unknown module", P.global("harmless_looking", "Model") + P.emptyTuple + P.reduce,
      code: "code.unknown_global", words: "harmless_looking.Model (GLOBAL)"),
    Hostile(
      "the program's own class", P.global("__main__", "Model") + P.emptyTuple + P.newObject,
      code: "code.unknown_global", words: "__main__.Model (GLOBAL)"),
    Hostile("EXT1", [0x82, 1], code: "code.outside_request", words: "extension code 1 (EXT1)"),
    Hostile("EXT2", [0x83, 1, 1], code: "code.outside_request", words: "code 257 (EXT2)"),
    Hostile(
      "EXT4", [0x84, 1, 0, 0, 0], code: "code.outside_request", words: "code 1 (EXT4)"),
    Hostile(
      "PERSID", [0x50] + Array("key\n".utf8), code: "code.outside_request",
      words: "persistent id 'key' (PERSID)"),
    Hostile(
      "BINPERSID", before: P.proto(4) + P.text("key"), [0x51], code: "code.outside_request",
      words: "persistent id 'key' (BINPERSID)"),
    Hostile(
      "attributes of a class",
      before: P.proto(4) + P.global("sklearn.pipeline", "Pipeline")
        + P.dictionary([("predict", P.none)]), P.build, code: "code.outside_request",
      words: "a change of sklearn.pipeline.Pipeline (BUILD)"),
    Hostile(
      "a call of what a call returned",
      P.global("numpy", "dtype") + P.emptyTuple + P.reduce + P.emptyTuple + P.reduce,
      code: "code.outside_request", words: "not a class or function (REDUCE)",
      place: P.global("numpy", "dtype").count + 3),
  ]

  @Test(arguments: hostiles)
  func whatWouldRunCodeIsCritical(hostile: Hostile) throws {
    let file = scan(hostile.before + hostile.trigger + hostile.after)
    #expect(file.reading == nil)
    let finding = try #require(file.findings.first { $0.severity == .critical })
    #expect(finding.code == hostile.code)
    #expect(finding.message.contains(hostile.words), "\(finding.message)")
    #expect(finding.offset == hostile.before.count + hostile.place)
  }

  @Test func aModelBesideSomethingDangerousIsNotRead() {
    let bytes = P.pickle(P.tuple(P.logisticRegression(), Self.system))
    #expect(scan(bytes).reading == nil)
    let attribute = P.pickle(P.logisticRegression(others: [("hook", Self.system)]))
    #expect(scan(attribute).reading == nil)
    #expect(scan(attribute).findings.map(\.severity) == [.critical])
    #expect(scan(P.pickle(P.logisticRegression())).reading != nil)
  }

  @Test func everyNameIsToldOnce() {
    let bytes = P.pickle(
      P.tuple(Self.system, Self.system, P.global("sys", "exit"), [0x82, 1], [0x82, 1]))
    #expect(
      scan(bytes).findings.map(\.message).map { $0.prefix(46) } == [
        "loading the file would call os.system (GLOBAL)",
        "loading the file would call sys.exit (GLOBAL)",
        "loading the file would ask the program for ext",
      ])
  }

  // MARK: What is a pickle

  @Test(arguments: [0, 1, 2, 3, 4, 5] as [UInt8])
  func everyProtocolIsAPickle(version: UInt8) {
    #expect(PickleFile.isPickle([0x80, version], limits: .standard))
    #expect(PickleFile.isPickle([0x80, version, 0xFF], limits: .standard))
  }

  /// Python reads pickles without a mark, whatever comes behind the call.
  @Test func streamsThatCallAreAPickleWithoutAMark() {
    let call = Self.system + Self.echo + P.reduce
    for bytes in [
      call + P.stop, call, call + [0xFF], P.none + call,
      [0x95] + [UInt8](repeating: 0, count: 8) + call,
      P.mark + P.text("echo") + [0x69] + Array("posix\nsystem\n".utf8),
      P.stackGlobal("os", "system") + P.emptyTuple + P.newObject,
      P.global("sklearn.pipeline", "Pipeline") + P.dictionary([("predict", P.none)]) + P.build,
    ] {
      #expect(PickleFile.isPickle(bytes, limits: .standard))
    }
  }

  @Test(arguments: [
    "", "c", "{\"accuracy\": 0.9}", "catboost\nnumpy\npandas\n", "import os\nos.system('x')\n",
    "(MIT) License\n", "I am a text.\n", "Pickles.\n", "1,2,3\n", "tree\nversion=v4\n",
    "PK\u{3}\u{4}",
    "N.", "](I1\nI2\ne.", "]", "code/train.py\u{0}\u{0}\nprint(1)\n", "\u{FEFF}a,b\n",
  ])
  func otherFilesAreNoPickles(text: String) {
    #expect(!PickleFile.isPickle(Array(text.utf8), limits: .standard))
  }

  @Test func otherBinaryFilesAreNoPickles() {
    for bytes: [UInt8] in [
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59],
      [0x1F, 0x8B, 8], [0x80], [0x80, 6], [0x80, 0xFF], [0x08, 0x07],
      [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A], [UInt8](repeating: 0x28, count: 10_000),
    ] {
      #expect(!PickleFile.isPickle(bytes, limits: .standard))
    }
  }

  // MARK: Formats

  @Test func joblibIsToldByItsArrays() {
    #expect(scan(P.pickle(P.logisticRegression())).format == "pickle")
    let array = P.joblibArray(
      shape: [1], P.dtype("f8"), raw: P.littleEndian(0.5.bitPattern), padding: [0xFF])
    let model = scan(P.pickle(P.logisticRegression(intercepts: array)))
    #expect(model.format == "joblib" && model.reading != nil)
  }

  @Test func brokenPicklesTellTheByte() {
    let bytes = P.pickle(P.logisticRegression())
    let file = scan(bytes.dropLast() + [0xFF])
    #expect(
      file.findings == [
        Finding(
          .error, "pickle.broken", "0xff is no pickle opcode",
          offset: bytes.count - 1)
      ])
    #expect(scan(bytes + [0]).findings.map(\.message) == ["1 bytes follow the end of the pickle"])
    #expect(scan(bytes.dropLast()).findings.map(\.code) == ["pickle.broken"])
  }

  @Test func everyErrorHasItsSentence() {
    let errors: [PickleError] = [
      .truncated(offset: 1), .unknownOpcode(0xFF, offset: 1), .stackUnderflow(offset: 1),
      .wrongKind("a list", offset: 1), .noSuchMemo(3, offset: 1), .badText(offset: 1),
      .badProtocol(6, offset: 1), .outOfBandBuffer(offset: 1), .badArray("x", offset: 1),
      .limit("x", offset: 1), .trailingBytes(2, offset: 1),
    ]
    #expect(Set(errors.map(\.message)).count == errors.count)
    #expect(errors.allSatisfy { $0.offset == 1 && !$0.message.hasSuffix(".") })
  }
}
