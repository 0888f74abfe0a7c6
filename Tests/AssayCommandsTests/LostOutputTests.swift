internal import Foundation
internal import TestSupport
internal import Testing

/// Results of a program that is killed, or whose disk is full: whole or not there.
@Suite(.serialized) struct LostOutputTests {
  private static let model = "Datasets/iris-tree/model.tar.gz"

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func aKilledProgramLeavesAWholeFileOrNone() throws {
    let rows = try folder.write(
      (0..<20_000).map { "\(4.5 + Double($0 % 30) / 10),3.1,\(1 + $0 % 6),0.5\n" }.joined(),
      to: "rows.csv")
    let results = try folder.makeFolder("results")
    let file = results + "/predictions.csv"
    let words = ["predict", Self.model, rows, "--no-header", "--output", file]
    let start = ContinuousClock.now
    #expect(try ProgramRun(ProgramRun.assay, words).status == 0)
    let duration = start.duration(to: .now)
    let whole = try String(contentsOfFile: file, encoding: .utf8)
    var random = SplitMix64(seed: 1)
    var lost = 0
    for round in 0..<24 {
      // Every other time there is an older file, which stays until the new one is whole.
      let old: String? = round % 2 == 0 ? nil : "old"
      try? FileManager.default.removeItem(atPath: file)
      if let old { try old.write(toFile: file, atomically: false, encoding: .utf8) }
      let process = ProgramRun.process(ProgramRun.assay, words)
      try process.run()
      usleep(UInt32.random(in: 0..<UInt32(duration / .microseconds(1) * 1.2), using: &random))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let found = try? String(contentsOfFile: file, encoding: .utf8)
      let isWholeOrAbsent = found == whole || found == old
      #expect(isWholeOrAbsent, "round \(round): \(found?.utf8.count ?? 0) bytes")
      if found != whole { lost += 1 }
      let names = try FileManager.default.contentsOfDirectory(atPath: results)
      #expect(names.isEmpty || names == ["predictions.csv"], "\(names)")
    }
    #expect(lost > 0)
  }

  /// Whether this user may mount a file system of his own.
  private static let canMount =
    (try? ProgramRun("/usr/bin/unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]))?
    .status == 0

  @Test(.enabled(if: canMount))
  func aFullDiskIsAnErrorWithItsName() throws {
    let disk = try folder.makeFolder("disk")
    let made = try ProgramRun(
      "/usr/bin/unshare",
      [
        "--mount", "/bin/bash", "-c",
        """
        mount -t tmpfs -o size=64k none \(disk) && echo old > \(disk)/kept
        for name in new kept; do
          yes 5,3,1,0.5 | head -n 20000 | $assay predict \(Self.model) - --no-header --output \(disk)/$name
          echo $?
        done
        ls -A \(disk) && cat \(disk)/kept
        """,
      ])
    #expect(made.standardOutput == "2\n2\nkept\nold\n")
    let lines = made.standardError.split(separator: "\n")
    #expect(
      lines.map(String.init)
        == ["new", "kept"].map {
          "error: \(disk)/\($0): cannot be written: no space left on device; name another place"
        })
  }

  @Test func aFullDeviceIsAnErrorWithItsName() throws {
    let made = try ProgramRun("/bin/bash", ["-c", "$assay inspect \(Self.model) > /dev/full"])
    #expect(made.status == 2)
    #expect(
      made.standardError
        == "error: standard output: cannot be written: no space left on device; name another place\n"
    )
  }
}
