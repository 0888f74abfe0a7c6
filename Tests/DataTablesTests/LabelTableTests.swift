import DataTables
import TestSupport
import Testing

@Suite struct LabelTableTests {
  @Test func labelsAreNumberedAsTheyAreSeen() {
    var table = LabelTable()
    #expect(table.code(of: .text("b")) == 0)
    #expect(table.code(of: .text("a")) == 1)
    #expect(table.code(of: .text("b")) == 0)
    #expect(table.labels == [.text("b"), .text("a")])
    #expect(table.knownCode(of: .text("a")) == 1)
    #expect(table.knownCode(of: .text("c")) == nil)
  }

  @Test func spellingsOfOneLabelShareItsCode() throws {
    var table = LabelTable()
    for spelling in ["1", "1.0", "1", " +1", "true", "TRUE"] {
      #expect(try table.code(ofField: Array(spelling.utf8)[...], isQuoted: false) == 0)
    }
    #expect(try table.code(ofField: Array(" 1".utf8)[...], isQuoted: true) == 1)
    #expect(try table.code(ofField: Array(" 1".utf8)[...], isQuoted: false) == 0)
    #expect(table.labels == [.integer(1), .text(" 1")])
  }

  @Test func labelsOfEveryLengthAreToldApart() throws {
    var table = LabelTable()
    let labels = (1...300).flatMap { length in
      [String(repeating: "x", count: length), String(repeating: "x", count: length - 1) + "y"]
    }
    for _ in 0..<2 {
      for (code, label) in labels.enumerated() {
        #expect(try table.code(ofField: Array(label.utf8)[...], isQuoted: false) == Int32(code))
      }
    }
    #expect(table.labels == labels.map { .text($0) })
  }

  @Test func faultsLeaveTheTableAsItWas() throws {
    var table = LabelTable([.integer(0)])
    #expect(throws: Label.Fault.fractional) {
      try table.code(ofField: Array("0.5".utf8)[...], isQuoted: false)
    }
    #expect(throws: Label.Fault.empty) { try table.code(ofField: [], isQuoted: false) }
    #expect(table.labels == [.integer(0)])
  }

  @Test func sortingGivesCanonicalOrderAndTheNewCodes() {
    let table = LabelTable([.text("b"), .integer(10), .text("a"), .integer(9)])
    let (sorted, newCodes) = table.sorted()
    #expect(sorted.labels == [.integer(9), .integer(10), .text("a"), .text("b")])
    #expect(newCodes == [3, 1, 2, 0])
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func codesStandForTheirLabels(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var table = LabelTable()
    let numbers = (0..<200).map { _ in Int64.random(in: -20...20, using: &random) }
    let codes = try numbers.map { number in
      let text = random.next() % 2 == 0 ? "\(number)" : "\(number).0"
      return try table.code(ofField: Array(text.utf8)[...], isQuoted: false)
    }
    let (sorted, newCodes) = table.sorted()
    for (number, code) in zip(numbers, codes) {
      #expect(table.labels[Int(code)] == .integer(number))
      #expect(sorted.labels[Int(newCodes[Int(code)])] == .integer(number))
    }
    #expect(sorted.labels == Set(numbers).sorted().map { .integer($0) })
  }
}
