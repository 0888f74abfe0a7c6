import InputReading
import Testing

@Suite struct LimitsTests {
  @Test func theStandardLimitsAreThoseOfANewValue() {
    #expect(Limits.standard == Limits())
    var limits = Limits()
    limits.nesting = 3
    #expect(limits != .standard)
  }

  @Test func fieldsOfARecordHaveOffsetsOf31Bits() {
    // Batches of records tell offsets in 31 bits; a batch is at most a record and a block.
    #expect(Limits.standard.recordSize < 1 << 30)
  }
}
