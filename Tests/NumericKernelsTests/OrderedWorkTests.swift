import NumericKernels
import Testing

@Suite struct OrderedWorkTests {
  struct Worker {
    var part = 0
    var result = 0
  }

  @Test(arguments: [1, 2, 5])
  func resultsComeInOrder(workerCount: Int) {
    var workers = [Worker](repeating: Worker(), count: workerCount)
    var next = 0
    var results: [Int] = []
    OrderedWork.run(&workers) { worker in
      guard next < 500 else { return false }
      worker.part = next
      next += 1
      return true
    } work: { worker in
      // Parts of different lengths overtake each other.
      worker.result = (0..<(worker.part * 7919 % 2_000)).reduce(worker.part) { $0 ^ ($1 & 0) }
    } handOver: { worker in
      results.append(worker.result)
      return true
    }
    #expect(results == Array(0..<500))
  }

  @Test(arguments: [1, 2, 5])
  func anEndIsFinal(workerCount: Int) {
    var workers = [Worker](repeating: Worker(), count: workerCount)
    var next = 0
    var results: [Int] = []
    OrderedWork.run(&workers) { worker in
      worker.part = next
      next += 1
      return true
    } work: { _ in
    } handOver: { worker in
      results.append(worker.part)
      return worker.part < 10
    }
    #expect(results == Array(0...10))
    #expect(next <= 11 + workerCount)
  }

  @Test func largeArraysKeepWhatTheyHold() {
    var array = [1.5, 2.5]
    array.reserveLargeCapacity(1 << 20)
    #expect(array == [1.5, 2.5])
    #expect(array.capacity >= 1 << 20)
    array += [Double](repeating: 0.5, count: 1 << 20)
    #expect(array.count == 2 + 1 << 20)
  }
}
