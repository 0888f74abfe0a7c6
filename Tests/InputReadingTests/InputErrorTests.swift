import InputReading
import Testing

@Suite struct InputErrorTests {
  @Test(arguments: [
    (InputError.notFound("a.csv"), "a.csv: no such file; check the path"),
    (.isFolder("a"), "a: is a folder, not a file; name a file in it"),
    (.unreadable("a", reason: "permission denied"), "a: cannot be read: permission denied"),
    (
      .tooLarge("a", limit: 10),
      "a: is larger than the limit of 10 bytes; raise the limit with --max-memory if you trust what you read"
    ),
    (
      .notJSON(Place("a.json", .line(3)), reason: "no value"),
      "a.json:3: is not JSON: no value; write the file anew"
    ),
    (.notText(Place("a.log")), "a.log: is not UTF-8 text; save the file as UTF-8"),
  ])
  func errorsTellThePlaceAndTheMend(error: InputError, line: String) {
    #expect(error.diagnostic.description == line)
  }
}
