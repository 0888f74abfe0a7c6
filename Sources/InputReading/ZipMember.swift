internal import CArchive

/// A file in a zip archive.
public struct ZipMember: Hashable, Sendable {
  /// The path in the archive.
  public let path: String
  /// The unpacked content.
  public let bytes: [UInt8]

  /// Unpacks all files of a zip archive.
  ///
  /// - Parameters:
  ///   - bytes: The archive.
  ///   - file: Its path, for errors.
  ///   - limits: The most members, and the most bytes of one and of all.
  /// - Returns: the files in the archive's order.
  /// - Throws: ``InputError/damaged(_:reason:)`` if the archive is cut off, damaged or too large.
  public static func all(
    of bytes: [UInt8], in file: String, limits: Limits
  ) throws(InputError) -> [ZipMember] {
    guard let handle = unsafe archive_read_new() else {
      throw .unreadable(file, reason: "not enough memory")
    }
    defer { unsafe archive_read_free(handle) }
    // By the directory at its end, as everyone reads it, so that a cut shows.
    unsafe archive_read_support_format_zip_seekable(handle)
    var members: [ZipMember] = []
    // Safety: the bytes stay where they are while the archive is read.
    let failure: InputError? = unsafe bytes.withUnsafeBytes { memory in
      guard unsafe archive_read_open_memory(handle, memory.baseAddress, memory.count) == ARCHIVE_OK
      else { return unsafe Self.failure(handle, file) }
      var total = 0
      while true {
        var entry: OpaquePointer?
        let code = unsafe archive_read_next_header(handle, &entry)
        if code == ARCHIVE_EOF { return nil }
        guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let entry = unsafe entry else {
          return unsafe Self.failure(handle, file)
        }
        guard members.count < limits.memberCount else {
          return .beyondLimit(Place(file), "\(limits.memberCount) members", raisedBy: nil)
        }
        let path =
          unsafe archive_entry_pathname_utf8(entry).map { unsafe String(cString: $0) } ?? ""
        let room = limits.room(after: total)
        var content: [UInt8] = []
        var block: [UInt8] = []
        block.appendZeros(1 << 16)
        while true {
          let count = unsafe block.withUnsafeMutableBytes { buffer in
            unsafe archive_read_data(handle, buffer.baseAddress, buffer.count)
          }
          if count == 0 { break }
          guard count > 0 else { return unsafe Self.failure(handle, file) }
          guard content.count + count <= room.byteCount else {
            return .beyondLimit(Place(file, member: path), room.limit, raisedBy: room.option)
          }
          content += block[..<count]
        }
        total += content.count
        members.append(ZipMember(path: path, bytes: content))
      }
    }
    if let failure { throw failure }
    return members
  }

  private static func failure(_ handle: OpaquePointer, _ file: String) -> InputError {
    let text = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
    return .damaged(file, reason: text?.lowercased() ?? "it is no zip archive")
  }
}
