internal import Foundation
internal import TestSupport

/// A program as it was run in a process of its own, in the repository's folder.
struct ProgramRun {
  /// The exit status, or the signal that ended it.
  let status: Int32
  /// Whether it ended by itself.
  let isExit: Bool
  let standardOutput: String
  let standardError: String

  /// The folder of the built programs, which stand beside the tests.
  private static let folder = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().path
  /// The built program; scripts find it as `$assay`.
  static let assay = folder + "/assay"
  /// What runs a program that is killed where it reaches beyond reading.
  static let confine = folder + "/confine"

  /// A process that is not started yet.
  static func process(_ program: String, _ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: repository)
    process.environment = ProcessInfo.processInfo.environment.merging(["assay": assay]) { $1 }
    return process
  }

  /// Runs a program to its end.
  init(_ program: String, _ arguments: [String], input: String = "") throws {
    let process = Self.process(program, arguments)
    let output = Pipe()
    let errors = Pipe()
    let standardInput = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = standardInput
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let outputData = try output.fileHandleForReading.readToEnd() ?? Data()
    let errorData = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    status = process.terminationStatus
    isExit = process.terminationReason == .exit
    standardOutput = String(decoding: outputData, as: UTF8.self)
    standardError = String(decoding: errorData, as: UTF8.self)
  }
}
