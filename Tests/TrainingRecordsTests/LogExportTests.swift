import InputReading
import TestSupport
import Testing

@testable import TrainingRecords

/// The forms in which CloudWatch's tools write one log.
@Suite struct LogExportTests {
  private func log(_ text: String) -> LogFile {
    LogFile(Array(text.utf8), from: Place("log"))
  }

  private func values(_ log: LogFile) -> [String] {
    log.series.map { "\($0.metric.id) \($0.first.value) \($0.last.value)" }
  }

  private let expected = ["roc_auc 0.87654 0.9", "roc_auc 0.85512 0.87"]

  private let lines = [
    "[0]#011train-auc:0.87654#011validation-auc:0.85512",
    "[1]#011train-auc:0.89321#011validation-auc:0.86477",
    "[2]\ttrain-auc:0.90\tvalidation-auc:0.87",
  ]

  @Test func plainTextIsRead() {
    #expect(values(log(lines.joined(separator: "\r\n"))) == expected)
  }

  @Test(arguments: ["2026-11-24T06:09:20 ", "2020-01-01T00:00:00.000Z ", ""])
  func tailsAndExportsAreRead(prefix: String) {
    let log = log(lines.map { prefix + $0 + "\n" }.joined())
    #expect(values(log) == expected)
    #expect(log.series.allSatisfy { $0.stream == nil })
  }

  /// CloudWatch exports to S3 what Python 3.11's gzip.compress makes of its lines.
  @Test func compressedExportsAreKnownByTheirContent() throws {
    let bytes: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x33, 0x32, 0x30, 0x32,
      0xD0, 0x35, 0x30, 0x04, 0xA2, 0x10, 0x03, 0x03, 0x2B, 0x30, 0xD2, 0x33, 0x30, 0x30,
      0x88, 0x52, 0x28, 0x4B, 0xCC, 0xC9, 0x4C, 0x49, 0x2C, 0xC9, 0xCC, 0xCF, 0x53, 0x48,
      0x4C, 0x4E, 0x2E, 0x2D, 0x4A, 0x4C, 0xAE, 0xB4, 0x52, 0x30, 0xD0, 0x33, 0xE5, 0x32,
      0xC2, 0xD0, 0x61, 0x88, 0x57, 0x87, 0xB9, 0x29, 0x17, 0x00, 0x5F, 0xA2, 0xE9, 0x34,
      0x65, 0x00, 0x00, 0x00,
    ]
    let folder = try TemporaryFolder()
    let log = try LogFile(path: folder.write(bytes, to: "000000"))
    #expect(values(log) == ["accuracy 0.5 0.75"])
    #expect(log.lineCount == 2)
    for end in 2..<bytes.count {
      #expect(throws: InputError.self) { try LogFile(path: folder.write(bytes[..<end], to: "cut")) }
    }
    var random = SplitMix64(seed: 1)
    for _ in 0..<300 {
      var flipped = bytes
      flipped[Int.random(in: flipped.indices, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      _ = try? LogFile(path: folder.write(flipped, to: "flipped"))
    }
  }

  @Test func coloursOfTailAreNoPartOfTheStream() {
    let prefix =
      "\u{1B}[32m2026-11-24T06:09:20.010000+00:00\u{1B}[0m \u{1B}[36mjob/algo-1-17\u{1B}[0m "
    let log = log(lines.map { prefix + $0 + "\n" }.joined())
    #expect(values(log) == expected)
    #expect(log.series.map(\.stream) == ["job/algo-1-17", "job/algo-1-17"])
  }

  @Test func consoleExportsAreRead() {
    let csv =
      "timestamp,message\n" + lines.enumerated().map { "17955005600\($0),\"\($1)\"\n" }.joined()
    #expect(values(log(csv)) == expected)
    #expect(log(csv).series.first?.last.line == 4)
    #expect(values(log("message\n" + lines.joined(separator: "\n"))) == expected)
    // Logs Insights tells the newest first, and a message may have commas, quotes and lines.
    let insights =
      "@timestamp,@message,@logStream\r\n"
      + "2019-10-02 14:20:33.827,\"x, \"\"y\"\"\n\(lines[2])\",job/algo-1\r\n"
      + "2019-10-02 14:20:32.827,\(lines[1]),job/algo-1\r\n"
      + "2019-10-02 14:20:31.827,\(lines[0]),job/algo-1\r\n"
    #expect(values(log(insights)) == expected)
    #expect(log(insights).series.first?.last.line == 2)
    #expect(log(insights).series.first?.stream == "job/algo-1")
    #expect(log(insights).lineCount == 5)
  }

  @Test func resultsOfQueriesAreRead() {
    func fields(_ index: Int) -> String {
      let message = lines[index].replacing("\t", with: "\\t")
      return
        #"[{"field":"@ptr","value":"\#(index)"},{"field":"@timestamp","value":"2026-01-01 00:00:0\#(index).000"},{"field":"@message","value":"\#(message)"}]"#
    }
    let text =
      #"{"results": [\#(fields(2)), \#(fields(1)),\#n\#(fields(0))], "statistics": {"recordsMatched": 3.0}, "status": "Complete"}"#
    #expect(values(log(text)) == expected)
    let download =
      "["
      + lines.reversed().map { line in
        let message = line.replacing("\t", with: "\\t")
        return
          #"{"@timestamp": "2026-01-01 00:00:0\#(line.dropFirst().first ?? "0").000", "@message": "\#(message)"}"#
      }.joined(separator: ",\n") + "]"
    #expect(values(log(download)) == expected)
  }

  @Test func otherOutputsOfTheCLIAreRead() {
    let events =
      "b/0\tf/4\n"
      + lines.enumerated().map { "EVENTS\t1795500660783\t\($1)\t179550056000\($0)\n" }
      .joined()
    #expect(values(log(events)) == expected)
    let filtered =
      lines.enumerated().map {
        "EVENTS\t\($0)\t1795500660783\tjob/algo-1-17\t\($1)\t179550056000\($0)\n"
      }.joined() + "SEARCHEDLOGSTREAMS\tjob/algo-1-17\tTrue\n"
    #expect(values(log(filtered)) == expected)
    #expect(log(filtered).series.first?.stream == "job/algo-1-17")
    let yaml =
      "events:\n"
      + lines.enumerated().map {
        "- ingestionTime: 1795500660783\n  message: \"\($1.replacing("\t", with: "\\t"))\"\n  timestamp: 179550056000\($0)\n"
      }.joined() + "nextBackwardToken: b/0\n"
    #expect(values(log(yaml)) == expected)
    #expect(log(yaml).series.first?.first.line == 3)
  }

  @Test func escapesInMessagesAreRead() {
    let text =
      #"{"events": [{"message": "\u00e9 \ud83d\ude00, \"accuracy\": 0.5\\n", "timestamp": 1}]}"#
    #expect(log(text).metrics.map(\.value) == [0.5])
    let broken = #"{"events": [{"message": "\ud83d, accuracy: 0.5 \u12", "timestamp": 1}]}"#
    #expect(log(broken).metrics.map(\.value) == [0.5])
  }

  /// Progress bars are written over one another.
  @Test func theLastStateOfALineCounts() {
    for mark in ["\r", "#015", "\u{8}\u{8}", "#010"] {
      let log = log("Epoch 2/3\n1/2 - accuracy: 0.5\(mark)2/2 - accuracy: 0.75\n")
      #expect(log.metrics.map(\.value) == [0.75], "\(mark)")
      #expect(log.metrics.first?.line == 2)
    }
  }

  @Test func everyCutOfAnExportDoesNoHarm() throws {
    let texts = [
      try InputFile.text(of: fixture("logs-filter-log-events.json"), limit: 1 << 20),
      "@timestamp,@message\n2019,\"a \"\"b\"\" accuracy: 0.5\"\n",
      "events:\n- message: \"accuracy: 0.5\"\n  timestamp: 5\n",
      "EVENTS\t1\taccuracy: 0.5\t5\n",
    ]
    for text in texts {
      let bytes = Array(text.utf8)
      for count in 0..<bytes.count { _ = LogFile(Array(bytes[..<count]), from: Place("log")) }
      var random = SplitMix64(seed: 5)
      for _ in 0..<200 {
        var flipped = bytes
        flipped[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
        _ = LogFile(flipped, from: Place("log"))
      }
    }
  }

  /// Blocks of a file end anywhere in a line.
  @Test func longFilesAreReadInBlocks() throws {
    let folder = try TemporaryFolder()
    let filler = String(repeating: "nothing to see here\n", count: 100_000)
    let text = "accuracy: 0.25\n" + filler + "accuracy: 0.5\n" + filler + "accuracy: 0.75"
    let path = try folder.write(text, to: "train.log")
    let log = try LogFile(path: path)
    #expect(log.series.map(\.count) == [3])
    #expect(log.series.first?.first.line == 1 && log.series.first?.last.line == 200_003)
    #expect(log.lineCount == 200_003 && log.byteCount == text.utf8.count)
  }
}
