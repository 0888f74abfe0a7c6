import InputReading
import Testing

@Suite struct PackedNumbersTests {
  private let bytes: [UInt8] = [0xFF, 1, 2, 3, 4, 0xEE, 5, 6, 0xFF, 8, 9]

  @Test func numbersStandAtEqualDistances() {
    let slice = bytes[1...]
    let packed = PackedNumbers(slice, offset: 1, stride: 4)
    #expect(packed.map(UInt16.self) { $0 } == [0x0302, 0x0605])
    #expect(packed.map(Int8.self) { $0 } == [2, 5])
  }

  @Test func theHighestByteMayComeFirst() {
    let packed = PackedNumbers(bytes[...], offset: 0, stride: 4, isBigEndian: true)
    #expect(packed.map(UInt32.self) { $0 } == [0xFF01_0203, 0x04EE_0506])
    #expect(packed.map(Int16.self) { $0 } == [-255, 0x04EE])
  }

  @Test func aPartOfARecordIsNone() {
    #expect(PackedNumbers(bytes[..<7], offset: 0, stride: 4).map(UInt8.self) { $0 } == [0xFF])
    #expect(PackedNumbers(bytes[..<3], offset: 0, stride: 4).map(UInt8.self) { $0 } == [])
    #expect(PackedNumbers([], offset: 0, stride: 8).map(UInt64.self) { $0 } == [])
  }
}
