internal import ArgumentParser
internal import InputReading
internal import Reports
internal import TrainingRecords

/// The command `assay logs`.
struct LogsCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Says which metrics and which signs of failure logs have.",
    discussion: """
      Reads plain text, what 'aws logs tail', 'get-log-events', 'filter-log-events' and \
      'get-query-results' print, and the console's CSV and JSON exports. Of each metric it tells the \
      first, last, best and final value. With --definitions the job's own regular expressions decide \
      the lines that they match, and what is wrong with them is told: that one matches nothing, or \
      several values of a line, cuts an exponent off, or captures no number. A built-in algorithm \
      defines every metric it could print; those of its definitions that match nothing are no faults.

      Examples:
        assay logs train.log
        aws logs tail /aws/sagemaker/TrainingJobs --log-stream-name-prefix job | assay logs -
        assay logs --definitions training-job.json logs/*.log

      Exit status: 0 done, 1 a definition is faulty, 2 could not be read, 64 wrong usage.
      """)

  @Argument(help: "Logs; - is standard input.")
  var files: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The job's description, or a list of metric definitions: objects with Name and Regex.",
      valueName: "file"))
  var definitions: String?

  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Report") var report: ReportOptions<LogReport>

  func validate() throws {
    if files.isEmpty { throw ValidationError("name at least one log") }
  }

  func answer(on screen: Screen) throws -> Answer {
    let source = try definitions.map { try MetricDefinitionFile(path: $0, limits: limits.limits) }
    var logs: [(path: String, log: LogFile)] = []
    for file in files {
      let log = try LogFile(
        path: file, definitions: source?.definitions ?? [], framework: source?.framework,
        limits: limits.limits)
      logs.append((file == "-" ? "standard input" : file, log))
    }
    let made = LogReport(logs, definitionsAreBuiltIn: source?.areBuiltIn ?? false)
    return report.answer(made, isNo: made.hasFaultyDefinitions, on: screen)
  }
}
