internal import CNettle

/// A SHA-256 digest of bytes that come in pieces, by nettle.
public struct SHA256 {
  private var context = sha256_ctx()

  /// Begins a digest.
  public init() {
    unsafe nettle_sha256_init(&context)
  }

  /// Takes further bytes.
  public mutating func update(_ bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe nettle_sha256_update(&context, bytes.count, bytes.baseAddress)
    }
  }

  /// The digest of all bytes taken, as 64 hexadecimal digits.
  public consuming func hex() -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
    unsafe nettle_sha256_digest(&context, digest.count, &digest)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The digest of some bytes as 64 hexadecimal digits.
  public static func hex(of bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.update(bytes[...])
    return digest.hex()
  }

  /// The digest of a file, read in memory that does not grow with it.
  ///
  /// - Returns: 64 hexadecimal digits, and the number of bytes.
  /// - Throws: ``InputError`` if the file cannot be read.
  public static func hex(ofFile path: String) throws(InputError) -> (digest: String, size: Int) {
    var stream = try FileStream(path: path)
    var digest = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var size = 0
    while true {
      let count = try stream.read(buffer.count, into: &buffer, at: 0)
      guard count > 0 else { break }
      digest.update(buffer[..<count])
      size += count
    }
    return (digest.hex(), size)
  }
}
