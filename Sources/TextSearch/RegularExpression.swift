internal import CPCRE2

/// What keeps a text from being a regular expression.
public struct RegularExpressionError: Error, Hashable, Sendable {
  /// What is wrong, in PCRE2's words.
  public let message: String
  /// The byte of the expression before which it is wrong.
  public let offset: Int
}

/// A regular expression in Perl's syntax, compiled by PCRE2 and by its just-in-time compiler.
///
/// Work on one text is bounded: an expression that would try too many ways finds nothing, and
/// ``exceededLimit`` tells so. An instance keeps what it matched last, so it is used by one thread
/// at a time.
@safe
public final class RegularExpression {
  /// The expression as it was given.
  public let pattern: String
  /// How many groups capture.
  public let groupCount: Int
  /// Whether a search was given up because it tried too many ways.
  public private(set) var exceededLimit = false

  // Safety: all four are made by `init`, freed by `deinit`, and never handed out.
  private let code: OpaquePointer
  private let match: OpaquePointer
  private let context: OpaquePointer?
  private let stack: OpaquePointer?

  /// Ways that a search tries before it gives up.
  public static let standardMatchLimit = 1_000_000

  /// Compiles an expression.
  ///
  /// - Parameters:
  ///   - pattern: The expression; a text outside ASCII makes it one of characters, not bytes.
  ///   - ignoresCase: Whether letters match in either case.
  ///   - matchLimit: Ways that a search may try.
  /// - Throws: ``RegularExpressionError`` if it is none.
  public init(
    _ pattern: String, ignoresCase: Bool = false, matchLimit: Int = standardMatchLimit
  ) throws(RegularExpressionError) {
    self.pattern = pattern
    var options: UInt32 = ignoresCase ? PCRE2_CASELESS : 0
    if !pattern.utf8.allSatisfy({ $0 < 0x80 }) { options |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF }
    var number: Int32 = 0
    var offset = 0
    let bytes = Array(pattern.utf8)
    let compiled = unsafe bytes.withUnsafeBufferPointer { buffer in
      // Safety: PCRE2 reads as many bytes as it is told, and none where there are none.
      unsafe withUnsafePointer(to: UInt8(0)) { empty in
        unsafe pcre2_compile_8(
          buffer.baseAddress ?? empty, buffer.count, options, &number, &offset, nil)
      }
    }
    guard let compiled = unsafe compiled else {
      throw RegularExpressionError(message: Self.message(number), offset: offset)
    }
    guard let match = unsafe pcre2_match_data_create_from_pattern_8(compiled, nil) else {
      unsafe pcre2_code_free_8(compiled)
      throw RegularExpressionError(message: "there is no memory for it", offset: 0)
    }
    unsafe code = compiled
    unsafe self.match = match
    // Where there is no just-in-time compiler the interpreter gives the same answers.
    _ = unsafe pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
    unsafe context = pcre2_match_context_create_8(nil)
    unsafe stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
    if let context = unsafe context {
      unsafe pcre2_set_match_limit_8(context, UInt32(clamping: matchLimit))
      unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
    }
    var groups: UInt32 = 0
    _ = unsafe pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    groupCount = Int(groups)
  }

  deinit {
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_jit_stack_free_8(stack)
    unsafe pcre2_match_data_free_8(match)
    unsafe pcre2_code_free_8(code)
  }

  /// Finds the first match in a part of a text.
  ///
  /// What lies outside the part does not count: its beginning is the text's beginning.
  ///
  /// - Parameters:
  ///   - text: Bytes.
  ///   - range: The part to search.
  ///   - start: Where in the part to begin; what stands before may be looked back at.
  /// - Returns: whether there is a match, which ``range(ofGroup:)`` then tells of.
  public func matches(_ text: Span<UInt8>, in range: Range<Int>, from start: Int? = nil) -> Bool {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= text.count, "the part must lie in the text")
    let start = start ?? range.lowerBound
    precondition((range.lowerBound...range.upperBound).contains(start), "it begins in the part")
    base = range.lowerBound
    let result = unsafe text.withUnsafeBufferPointer { buffer -> Int32 in
      guard let address = buffer.baseAddress else { return Self.noMatch }
      // Safety: the part lies in the text, which lives as long as the call.
      return unsafe pcre2_match_8(
        code, address + range.lowerBound, range.count, start - range.lowerBound, 0, match, context)
    }
    if result < 0, result != Self.noMatch { exceededLimit = true }
    return result > 0
  }

  private var base = 0
  private static let noMatch: Int32 = -1

  /// Where a group of the last match stands in its text; group 0 is the whole match.
  ///
  /// `nil` where the group took no part. Asked only behind a match.
  public func range(ofGroup group: Int) -> Range<Int>? {
    guard (0...groupCount).contains(group) else { return nil }
    // Safety: the vector has two numbers for each group and for the whole.
    let vector = unsafe pcre2_get_ovector_pointer_8(match)
    let low = unsafe vector?[2 * group] ?? Int.max
    let high = unsafe vector?[2 * group + 1] ?? Int.max
    // PCRE2 marks what is unset by the largest number. \K may set a match's start behind its end.
    guard low >= 0, low <= high, high != Int.max else { return nil }
    return base + low..<base + high
  }

  /// The number of the group of that name; `nil` where there is none.
  public func number(ofGroup name: String) -> Int? {
    let number = unsafe name.withCString { characters in
      unsafe characters.withMemoryRebound(to: UInt8.self, capacity: name.utf8.count + 1) {
        // Safety: the name ends in a zero, as PCRE2 wants it.
        unsafe pcre2_substring_number_from_name_8(code, $0)
      }
    }
    return number > 0 ? Int(number) : nil
  }

  /// The first match in a text and its groups, as texts.
  ///
  /// - Returns: the whole match and each group; `nil` where there is none.
  public func groups(in text: String) -> [String?]? {
    let bytes = Array(text.utf8)
    let span = bytes.span
    guard matches(span, in: 0..<bytes.count) else { return nil }
    return (0...groupCount).map { group in
      range(ofGroup: group).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  private static func message(_ number: Int32) -> String {
    var text = [UInt8](repeating: 0, count: 256)
    _ = unsafe text.withUnsafeMutableBufferPointer { buffer in
      unsafe pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
    }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }
}
