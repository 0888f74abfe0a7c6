import CFuzzDriver
import FuzzedReaders

@main struct Fuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    _ = LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      FuzzedReader.csv.read([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
  }
}
