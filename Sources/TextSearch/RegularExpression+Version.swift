internal import CPCRE2

extension RegularExpression {
  /// PCRE2's version, such as `10.42`.
  public static var libraryVersion: String {
    // Safety: PCRE2 tells the size, and writes at most so much, a 0 behind it.
    let size = pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), nil)
    guard size > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    _ = unsafe pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), &bytes)
    // The day of the release stands behind it.
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return text.split(separator: " ").first.map(String.init) ?? ""
  }
}
