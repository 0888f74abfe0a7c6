import InputReading
import Testing

@testable import ModelArtifacts

@Suite struct ModelPlaceTests {
  private typealias P = PickleBytes

  private func file(_ value: [UInt8]) -> PickleFile {
    PickleFile(P.pickle(value), ReadingOptions())
  }

  private let model = P.logisticRegression()

  @Test func aModelMayBeTheValue() {
    let file = file(model)
    #expect(file.place == nil && file.reading != nil && file.findings.isEmpty)
  }

  @Test func aModelMayStandAmongOtherThings() {
    for (value, place) in [
      (P.dictionary([("model", model), ("features", P.list([P.text("a")]))]), "['model']"),
      (P.dictionary([("anything", model)]), "['anything']"),
      (P.tuple(P.text("x"), model), "[1]"), (P.list([model, P.none]), "[0]"),
      (P.dictionary([("scaler", P.standardScaler(2)), ("m", model)]), "['m']"),
      (P.dictionary([("old", model), ("clf", model)]), "['clf']"),
      (P.dictionary([("classifier", model), ("model", model)]), "['model']"),
    ] {
      let file = file(value)
      #expect(file.place == place && file.reading != nil, "\(place)")
      #expect(file.findings.contains { $0.code == "model.inside" && $0.severity == .info })
      #expect(file.findings.allSatisfy { $0.severity < .error })
    }
  }

  @Test func aStepBesideTheModelIsWarnedOf() {
    let file = file(P.dictionary([("scaler", P.standardScaler(2)), ("model", model)]))
    #expect(file.findings.map(\.code) == ["model.step_beside", "model.inside"])
    #expect(
      file.findings.first?.message
        == "the StandardScaler at ['scaler'] is not applied: the model takes features as it leaves "
        + "them")
  }

  @Test func whatAnEncoderOfLabelsSaysIsTold() {
    let encoder = P.object(
      "sklearn.preprocessing._label", "LabelEncoder", [("classes_", P.integers([4, 7]))])
    let beside = file(P.dictionary([("encoder", encoder), ("model", model)]))
    #expect(
      beside.findings.first?.message
        == "the LabelEncoder at ['encoder'] is not applied: the model says classes by the numbers "
        + "that it gives them, 0 = 4, 1 = 7")
    let alone = file(encoder)
    #expect(alone.reading == nil)
    #expect(alone.findings.map(\.code) == ["model.unsupported"])
    #expect(
      alone.findings.first?.message
        == "sklearn.preprocessing._label.LabelEncoder transforms labels (0 = 4, 1 = 7) and predicts "
        + "nothing; save it in a pipeline with its model")
  }

  @Test func containersAndPlainDataBesideAModelAreHarmless() {
    let factory = P.global("builtins", "list")
    let dictionary =
      P.call("collections", "defaultdict", factory) + P.mark + P.text("model") + model
      + P.text("when") + P.call("datetime", "date", P.bytes([7, 0xEA, 1, 2]))
      + P.text("path") + P.call("pathlib", "PosixPath", P.text("data")) + [0x75]
    let file = file(dictionary)
    #expect(file.place == "['model']" && file.findings.map(\.code) == ["model.inside"])
  }

  @Test func severalModelsAreNotChosenFrom() {
    for value in [
      P.tuple(model, model), P.dictionary([("a", model), ("b", model)]),
    ] {
      let file = file(value)
      #expect(file.reading == nil)
      #expect(file.findings.map(\.code) == ["model.unsupported"])
      #expect(
        file.findings.first?.message.hasPrefix("the pickle holds several models, at [") == true)
    }
  }

  @Test func whatHoldsNoModelIsNone() {
    for value in [
      P.list([]), P.dictionary([]), P.tuple(P.standardScaler(2), P.none), P.list([P.list([model])]),
    ] {
      #expect(file(value).reading == nil)
    }
  }

  @Test func arraysInFilesOfTheirOwnAreNamed() {
    let file = file(P.global("joblib.numpy_pickle", "NDArrayWrapper") + P.emptyTuple + P.newObject)
    #expect(
      file.findings.first?.message.hasPrefix("the arrays stand in files of their own") == true)
  }

  @Test func onlyNumPysFunctionsAreReconstructed() {
    func findings(_ module: String, _ name: String) -> [String] {
      file(
        P.call("numpy.core", "_ufunc_reconstruct", P.text(module), P.text(name))
      ).findings.map(\.code)
    }
    #expect(findings("numpy", "log1p") == ["model.unsupported"])
    #expect(findings("numpy.core._multiarray_umath", "exp") == ["model.unsupported"])
    for (module, name) in [("os", "system"), ("numpy", "load"), ("numpyx", "log1p"), ("evil", "x")]
    {
      #expect(findings(module, name) == ["code.outside_request"], "\(module).\(name)")
    }
  }

  @Test func writersAreTold() {
    #expect(file(model).writers.first?.hasPrefix("pickle protocol ") == true)
  }
}
