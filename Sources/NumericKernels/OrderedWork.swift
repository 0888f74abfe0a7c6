internal import Dispatch
internal import Glibc

/// Work on parts of a stream: parts are taken one after the other, worked on side by side, and handed
/// over in the order in which they were taken.
public enum OrderedWork {
  /// The cores that this process may run on.
  public static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Runs until there is nothing more to take or a hand-over says that it was the last.
  ///
  /// At any time one call at most of `take` is under way, and one at most of `handOver`; the two may
  /// run at the same time, so they share no state.
  ///
  /// - Parameters:
  ///   - workers: What each worker has to itself; the part that it works on is in it.
  ///   - take: Puts the next part into a worker; `false` where there is none.
  ///   - work: Works on the part.
  ///   - handOver: Takes the result; `false` ends the work.
  public static func run<Worker>(
    _ workers: inout [Worker], take: (inout Worker) -> Bool, work: (inout Worker) -> Void,
    handOver: (inout Worker) -> Bool
  ) {
    let count = workers.count
    precondition(count > 0, "somebody must do the work")
    // A semaphore must not end below the value that it began with.
    let intake = DispatchSemaphore(value: 0)
    intake.signal()
    // Parts under way have consecutive numbers, no more of them than workers.
    let turns = (0..<count).map { _ in DispatchSemaphore(value: 0) }
    turns[0].signal()
    var state = State()
    unsafe withUnsafeMutablePointer(to: &state) { state in
      unsafe workers.withUnsafeMutableBufferPointer { workers in
        withoutActuallyEscaping(take) { take in
          withoutActuallyEscaping(work) { work in
            withoutActuallyEscaping(handOver) { handOver in
              // Safety: each iteration has a worker of its own; `intake` guards taking and the first
              // two properties of the state, a turn guards handing over and the last.
              nonisolated(unsafe) let (state, workers) = unsafe (state, workers)
              nonisolated(unsafe) let (take, work, handOver) = (take, work, handOver)
              DispatchQueue.concurrentPerform(iterations: count) { index in
                while true {
                  intake.wait()
                  let number = unsafe state.pointee.taken
                  let isThere = unsafe !state.pointee.isOver && take(&workers[index])
                  if isThere {
                    unsafe state.pointee.taken += 1
                  } else {
                    unsafe state.pointee.isOver = true
                  }
                  intake.signal()
                  guard isThere else { return }
                  unsafe work(&workers[index])
                  turns[number % count].wait()
                  if unsafe !state.pointee.isRefused && !handOver(&workers[index]) {
                    unsafe state.pointee.isRefused = true
                    intake.wait()
                    unsafe state.pointee.isOver = true
                    intake.signal()
                  }
                  turns[(number + 1) % count].signal()
                }
              }
            }
          }
        }
      }
    }
  }

  private struct State {
    /// Parts taken so far.
    var taken = 0
    /// Whether no more are to be taken.
    var isOver = false
    /// Whether no more results are wanted.
    var isRefused = false
  }
}
