internal import InputReading
internal import PredictiveModels

/// What keeps a file from being the model that its format says.
enum ModelFormatError: Error, Hashable, Sendable {
  /// The bytes are not what the format says.
  case damaged(String, offset: Int?)
  /// A part that every version writes is not there, or is of another kind.
  case badField(String, expected: String)
  /// Assay does not implement what the file asks for.
  case unsupported(String)
  /// The parts do not fit one another.
  case model(ModelError)

  /// JSON that is none, with its line.
  static func notJSON(_ error: InputError) -> ModelFormatError {
    guard case .notJSON(let place, let reason) = error else {
      return .damaged("is not JSON", offset: nil)
    }
    return .damaged("is not JSON, at line \(place.line ?? 1): \(reason)", offset: nil)
  }

  /// Whether the file may well be good, and Assay lacks what it takes.
  var isUnsupported: Bool {
    if case .unsupported = self { true } else { false }
  }

  /// The byte where bytes are wrong.
  var offset: Int? {
    if case .damaged(_, let offset) = self { offset } else { nil }
  }

  /// What is wrong.
  var message: String {
    switch self {
    case .damaged(let reason, _): reason
    case .badField(let path, let expected): "'\(path)' is not \(expected)"
    case .unsupported(let what): "\(what) is not supported"
    case .model(let error): error.message
    }
  }
}

extension Finding {
  /// What is wrong, as a finding about the file.
  init(_ error: ModelFormatError) {
    self.init(
      .error, error.isUnsupported ? "model.unsupported" : "model.broken", error.message,
      offset: error.offset)
  }
}
