internal import InputReading
internal import Reports
internal import TestSupport
internal import Testing

@Suite struct SettingsSchemaTests {
  /// The published file is what the program prints.
  @Test func theFileIsUpToDate() throws {
    let file = "\(repository)/Sources/Reports/Reports.docc/assay.schema.json"
    #expect(
      try InputFile.text(of: file, limit: 1 << 20) == SettingsSchema().json.text,
      "write it anew with 'assay init --schema'")
  }
}
