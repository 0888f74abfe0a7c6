internal import Glibc

extension Array where Element: BitwiseCopyable {
  /// Reserves room as `reserveCapacity` does, in pages of 2 MB where the system has them.
  ///
  /// Fresh memory is touched several times faster in large pages than in small ones.
  public mutating func reserveLargeCapacity(_ count: Int) {
    guard count > capacity else { return }
    reserveCapacity(count)
    let room = capacity
    unsafe withUnsafeMutableBufferPointer { buffer in
      unsafe HugePages.ask(for: UnsafeMutableBufferPointer(start: buffer.baseAddress, count: room))
    }
  }
}

extension Array where Element: BitwiseCopyable {
  /// Makes room for so many more elements, and for as many again as half of all, in large pages.
  public mutating func reserveLargeRoom(for more: Int) {
    guard count + more > capacity else { return }
    reserveLargeCapacity(Swift.max(count + more, capacity + capacity / 2))
  }
}

/// Memory in pages of 2 MB.
enum HugePages {
  /// Lets the whole large pages of a buffer come as such when they are first touched.
  static func ask<Element>(for buffer: UnsafeMutableBufferPointer<Element>) {
    guard let start = buffer.baseAddress else { return }
    let page = 2 << 20
    let first = (Int(bitPattern: start) + page - 1) / page * page
    let last = unsafe Int(bitPattern: start + buffer.count) / page * page
    guard last > first, let address = unsafe UnsafeMutableRawPointer(bitPattern: first) else {
      return
    }
    // A refusal costs speed alone.
    _ = unsafe madvise(address, last - first, MADV_HUGEPAGE)
  }
}
