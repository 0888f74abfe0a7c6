import TestSupport

/// The path of a file of this target's Fixtures.
func fixture(_ name: String) -> String {
  "\(repository)/Tests/TrainingRecordsTests/Fixtures/\(name)"
}
