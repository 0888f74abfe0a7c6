internal import InputReading
internal import TestSupport
internal import Testing
internal import TrainingRecords

@testable internal import SageMakerJobs

@Suite struct TrainingJobTests {
  private let aws: RecordedAWS

  init() throws { aws = try RecordedAWS() }

  private let wholeLog = """
    2023-11-14T22:13:20.000Z accuracy: 0.5
    2023-11-14T22:13:20.000Z accuracy: 0.75
    2023-11-14T22:13:20.001Z Traceback:
      two lines

    """

  @Test func everythingIsFetched() async throws {
    try aws.object("output.tar.gz", "the output")
    let fetched = try await aws.fetch()
    #expect(
      try aws.files() == [
        "fetched.json", "logs", "logs/algo-1-17.log", "model.tar.gz", "output.tar.gz",
        "training-job.json",
      ])
    #expect(aws.text("logs/algo-1-17.log") == wholeLog)
    #expect(aws.text("model.tar.gz") == "the model")
    #expect(fetched.record.status == .completed)
    #expect(fetched.notes.isEmpty)
    let model = try #require(fetched.parts.first { $0.path == "model.tar.gz" })
    #expect(model.sha256 == SHA256.hex(of: Array("the model".utf8)))
    #expect(model.size == 9 && !model.wasThere)
    let digest = try #require(model.sha256)
    #expect(aws.text("fetched.json")?.contains(digest) == true)
  }

  @Test func optionsArePassedOn() async throws {
    var commandLine = aws.commandLine
    commandLine.profile = "p"
    commandLine.region = "eu-west-1"
    commandLine.endpointURL = "http://127.0.0.1:1"
    _ = try await TrainingJob(name: "job", aws: commandLine).fetch(into: aws.target)
    let calls = try aws.calls()
    #expect(calls.count >= 7)
    for call in calls {
      #expect(call.contains("--profile p --region eu-west-1 --endpoint-url http://127.0.0.1:1"))
    }
  }

  @Test func whatIsThereAndWholeIsNotFetchedAgain() async throws {
    _ = try await aws.fetch()
    _ = try aws.calls()
    let again = try await aws.fetch()
    #expect(again.parts.filter(\.wasThere).map(\.path) == ["logs/algo-1-17.log", "model.tar.gz"])
    let calls = try aws.calls()
    #expect(!calls.contains { $0.hasPrefix("s3 cp") })
    // One question for what is new, and none for what is known.
    #expect(calls.filter { $0.hasPrefix("logs get-log-events") }.count == 1)
    #expect(aws.text("logs/algo-1-17.log") == wholeLog)
  }

  @Test func aLogIsReadOnFromWhereItEnded() async throws {
    _ = try await aws.fetch()
    try aws.page(after: "f/2", ["the end"], next: "f/3")
    try aws.page(after: "f/3", [], next: "f/3")
    _ = try await aws.fetch()
    #expect(aws.text("logs/algo-1-17.log") == wholeLog + "2023-11-14T22:13:20.000Z the end\n")
    let again = try await aws.fetch()
    #expect(again.parts[1].wasThere)
  }

  @Test func aPlaceThatIsForgottenMeansAllOver() async throws {
    _ = try await aws.fetch()
    try aws.page(after: "", ["all anew"], next: "f/9")
    try aws.page(after: "f/9", [], next: "f/9")
    try aws.refuse(
      "page-f_2",
      "An error occurred (InvalidParameterException) when calling the GetLogEvents operation: token"
    )
    _ = try await aws.fetch()
    #expect(aws.text("logs/algo-1-17.log") == "2023-11-14T22:13:20.000Z all anew\n")
  }

  @Test func whatChangedOrIsDamagedIsFetchedAgain() async throws {
    _ = try await aws.fetch()
    try aws.object("model.tar.gz", "the other", tag: "2")
    let other = try await aws.fetch()
    #expect(other.parts.last?.wasThere == false)
    #expect(aws.text("model.tar.gz") == "the other")
    try aws.replace("model.tar.gz", "the oth3r")
    try aws.replace("logs/algo-1-17.log", "something else\n")
    let fetched = try await aws.fetch()
    #expect(fetched.parts.filter(\.wasThere).isEmpty)
    #expect(aws.text("model.tar.gz") == "the other")
    #expect(aws.text("logs/algo-1-17.log") == wholeLog)
  }

  @Test func anInterruptedDownloadIsNotTakenForTheArtifact() async throws {
    try aws.refuse("cp", "download failed: Connection was closed")
    await #expect(throws: SageMakerError.self) { try await aws.fetch() }
    #expect(aws.text("model.tar.gz") == nil)
    #expect(aws.text("model.tar.gz.partial") == "half")
    #expect(aws.text("logs/algo-1-17.log") == wholeLog)
    try aws.refuse("cp", nil)
    _ = try aws.calls()
    let fetched = try await aws.fetch()
    #expect(fetched.parts.map(\.wasThere) == [false, true, false])
    #expect(aws.text("model.tar.gz") == "the model")
    #expect(aws.text("model.tar.gz.partial") == nil)
  }

  @Test func anInterruptedLogIsNotTakenForAllOfIt() async throws {
    try aws.answer("page-f_1", "{")
    await #expect(throws: SageMakerError.self) { try await aws.fetch() }
    #expect(aws.text("logs/algo-1-17.log") == nil)
    try aws.page(after: "f/1", ["accuracy: 0.75"], next: "f/2")
    _ = try await aws.fetch()
    #expect(aws.text("logs/algo-1-17.log")?.hasSuffix("accuracy: 0.75\n") == true)
    #expect(try !aws.files().contains { $0.hasSuffix(".partial") })
  }

  @Test func anObjectOfAnotherSizeIsAnError() async throws {
    try aws.object("model.tar.gz", "the model", size: 10)
    await #expect(throws: SageMakerError.self) { try await aws.fetch() }
    #expect(aws.text("model.tar.gz") == nil)
  }

  @Test func aFailedJobHasLogsAndNoArtifact() async throws {
    try aws.answer(
      "describe-training-job",
      #"{"TrainingJobName": "job", "TrainingJobStatus": "Failed", "FailureReason": "AlgorithmError"}"#
    )
    let fetched = try await aws.fetch()
    #expect(fetched.record.status == .failed)
    #expect(fetched.notes == ["the job has no artifact"])
    #expect(aws.text("logs/algo-1-17.log") == wholeLog)
  }

  @Test func whatIsNotThereIsSaid() async throws {
    try aws.refuse(
      "describe-log-streams",
      "An error occurred (ResourceNotFoundException) when calling the DescribeLogStreams operation: x"
    )
    let fetched = try await aws.fetch()
    #expect(
      fetched.notes == [
        "there are no logs in /aws/sagemaker/TrainingJobs",
        "there is no s3://bucket/job/output/output.tar.gz",
      ])
  }

  @Test func anArtifactThatIsNoArchiveIsLeftToTheUser() async throws {
    try aws.answer(
      "describe-training-job",
      """
      {"TrainingJobName": "job", "TrainingJobStatus": "Completed",
       "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/job/output/model/"}}
      """)
    let fetched = try await aws.fetch()
    #expect(fetched.notes.count == 1 && fetched.notes[0].contains("aws s3 sync"))
  }

  @Test func complaintsAreOneLineWithTheMend() async throws {
    try aws.refuse(
      "describe-training-job",
      "An error occurred (ValidationException) when calling the DescribeTrainingJob operation: "
        + "Requested resource\nnot found.")
    do {
      _ = try await aws.fetch()
      Issue.record("no error")
    } catch let error as SageMakerError {
      #expect(
        "\(error.diagnostic)" == "aws sagemaker describe-training-job: An error occurred "
          + "(ValidationException) when calling the DescribeTrainingJob operation: Requested resource "
          + "not found.; check the name, the region and the account")
    }
    #expect((try? aws.files()) == nil)
  }

  @Test func withoutTheCLIThatIsSaid() async throws {
    var commandLine = aws.commandLine
    commandLine.searchPath = "/nowhere"
    await #expect {
      try await TrainingJob(name: "job", aws: commandLine).fetch(into: aws.target)
    } throws: { error in
      guard case SageMakerError.notInstalled = error else { return false }
      return true
    }
  }

  @Test func anotherJobsFolderIsLeftAlone() async throws {
    _ = try await aws.fetch()
    await #expect(throws: SageMakerError.self) { try await aws.fetch("other") }
  }

  @Test func namesLeadNowhereElse() async throws {
    try aws.answer(
      "describe-log-streams",
      """
      {"logStreams": [{"logStreamName": "job/../../x"}, {"logStreamName": "job/..-..-x"},
       {"logStreamName": "other/y"}, {"logStreamName": "job/a b"}]}
      """)
    let fetched = try await aws.fetch()
    #expect(
      fetched.parts.map(\.path).filter { $0.hasPrefix("logs") }
        == ["logs/-..-x.log", "logs/-..-x-2.log", "logs/a-b.log"])
    for text in ["s3://b", "s3://b/", "http://b/k", "s3:///k", "s3://b/file:///etc/x", "s3://-b/k"]
    {
      #expect(throws: SageMakerError.self, "\(text)") { try ObjectLocation(text) }
    }
    let good = try ObjectLocation("s3://b/k/l")
    #expect(good.bucket == "b" && good.key == "k/l")
  }

  @Test(arguments: [
    ("job", true), ("a-1", true), ("", false), ("-a", false), ("a-", false), ("a b", false),
    ("a/b", false), ("é", false), (String(repeating: "a", count: 63), true),
    (String(repeating: "a", count: 64), false),
  ])
  func namesOfJobs(name: String, isName: Bool) {
    #expect(TrainingJob.isName(name) == isName)
  }

  /// A damaged manifest vouches for nothing, and a damaged answer is an error or an answer.
  @Test func damageNeverTraps() async throws {
    _ = try await aws.fetch()
    let manifest = Array(try #require(aws.text("fetched.json")).utf8)
    for end in stride(from: 0, to: manifest.count, by: 7) {
      try aws.replace("fetched.json", String(decoding: manifest[..<end], as: UTF8.self))
      #expect(FetchManifest(path: aws.target + "/fetched.json", limits: .standard) == nil)
    }
    var random = SplitMix64(seed: 3)
    for _ in 0..<200 {
      var flipped = manifest
      flipped[Int.random(in: flipped.indices, using: &random)] ^=
        1 << UInt8.random(in: 0..<7, using: &random)
      try aws.replace("fetched.json", String(decoding: flipped, as: UTF8.self))
      _ = FetchManifest(path: aws.target + "/fetched.json", limits: .standard)
    }
    for text in [
      "", "[]", "{}", #"{"nextForwardToken": 1}"#, #"{"events": 3, "nextForwardToken": "f/2"}"#,
    ] {
      try aws.answer("page-", text)
      try aws.answer("page-f_2", text)
      _ = try? await aws.fetch()
    }
  }
}

@Suite struct ModelPackageTests {
  @Test func theApprovalIsSetWithItsReasons() async throws {
    let aws = try RecordedAWS()
    let package = ModelPackage(arn: "arn:aws:sagemaker:x:1:model-package/g/1", aws: aws.commandLine)
    try await package.set(.rejected, description: "assay: rejected:\n  a reason")
    #expect(
      try aws.calls() == [
        "sagemaker update-model-package --model-package-arn arn:aws:sagemaker:x:1:model-package/g/1 "
          + "--model-approval-status Rejected --approval-description assay: rejected: a reason"
      ])
    try aws.refuse("update-model-package", "An error occurred (ValidationException): no")
    await #expect(throws: SageMakerError.self) {
      try await package.set(.approved, description: "x")
    }
  }

  @Test(arguments: [10, 1_023, 1_024, 1_025, 5_000])
  func descriptionsFitTheRegistry(count: Int) {
    let text = ModelPackage.shortened(String(repeating: "é", count: count))
    #expect(text.unicodeScalars.count == min(count, 1_024))
    #expect(text.hasSuffix(count > 1_024 ? "…" : "é"))
    #expect(ModelPackage.shortened("a\n\tb\u{1B}c") == "a b\\u{1B}c")
  }
}
