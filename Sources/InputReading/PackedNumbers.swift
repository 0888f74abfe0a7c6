/// Numbers that stand in bytes at equal distances, as the fields of records do.
public struct PackedNumbers: Sendable {
  @usableFromInline let bytes: ArraySlice<UInt8>
  @usableFromInline let offset: Int
  @usableFromInline let stride: Int
  @usableFromInline let count: Int
  @usableFromInline let isBigEndian: Bool

  /// Describes numbers.
  ///
  /// - Parameters:
  ///   - bytes: The records.
  ///   - offset: Where the number stands in a record.
  ///   - stride: The bytes of a record, at least 1.
  ///   - isBigEndian: Whether the highest byte comes first.
  public init(_ bytes: ArraySlice<UInt8>, offset: Int, stride: Int, isBigEndian: Bool = false) {
    precondition(offset >= 0 && stride > 0, "a record has bytes")
    self.bytes = bytes
    self.offset = offset
    self.stride = stride
    self.isBigEndian = isBigEndian
    count = bytes.count / stride
  }

  /// Reads whole numbers of one width and makes something of each.
  ///
  /// - Returns: a value for each whole record.
  /// - Complexity: O(*records*).
  @inlinable
  public func map<Number: FixedWidthInteger & BitwiseCopyable, Result>(
    _ type: Number.Type, _ transform: (Number) -> Result
  ) -> [Result] {
    let width = Number.bitWidth / 8
    precondition(offset + width <= stride, "a number stands inside its record")
    var results: [Result] = []
    results.reserveCapacity(count)
    unsafe bytes.withUnsafeBytes { bytes in
      for index in 0..<count {
        // Safety: the last record ends with the bytes, and the number inside its record.
        let number = unsafe bytes.loadUnaligned(fromByteOffset: index * stride + offset, as: type)
        results.append(transform(isBigEndian ? number.byteSwapped : number))
      }
    }
    return results
  }

  /// Counts the whole numbers of one width that fulfil a condition.
  ///
  /// - Returns: the number of records whose number does.
  /// - Complexity: O(*records*).
  @inlinable
  public func count<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, where condition: (Number) -> Bool
  ) -> Int {
    let width = Number.bitWidth / 8
    precondition(offset + width <= stride, "a number stands inside its record")
    var found = 0
    unsafe bytes.withUnsafeBytes { bytes in
      for index in 0..<count {
        // Safety: the last record ends with the bytes, and the number inside its record.
        let number = unsafe bytes.loadUnaligned(fromByteOffset: index * stride + offset, as: type)
        if condition(isBigEndian ? number.byteSwapped : number) { found += 1 }
      }
    }
    return found
  }
}
