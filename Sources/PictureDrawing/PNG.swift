internal import CRSVG

/// What keeps a picture from being drawn.
public struct PictureError: Error, Hashable, Sendable {
  /// The reason in a few words.
  public let message: String
}

/// A picture of pixels.
public enum PNG {
  /// Draws a picture of SVG, by librsvg where the system has it.
  ///
  /// - Parameters:
  ///   - svg: The picture; it refers to nothing outside itself.
  ///   - width: In pixels, at least 1.
  ///   - height: In pixels, at least 1.
  /// - Returns: the bytes of a PNG file.
  /// - Throws: ``PictureError`` where there is no librsvg, or it cannot draw the picture.
  public static func bytes(
    ofSVG svg: String, width: Int, height: Int
  ) throws(PictureError) -> [UInt8] {
    var svg = svg
    var size = 0
    var reason: UnsafeMutablePointer<CChar>?
    // Safety: the text is read during the call alone, and what comes back is copied and given back.
    let bytes = svg.withUTF8 { text in
      unsafe text.withMemoryRebound(to: CChar.self) { text in
        unsafe crsvg_png(
          text.baseAddress, text.count, Int32(width), Int32(height), &size, &reason)
      }
    }
    guard let bytes = unsafe bytes else {
      // Safety: a reason is a text of C's, or there is none where memory is short.
      let message = unsafe reason.map { unsafe String(cString: $0) } ?? "memory is short"
      unsafe crsvg_free(reason)
      throw PictureError(message: message)
    }
    defer { unsafe crsvg_free(bytes) }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: size))
  }
}
