import InputReading
import Testing

@testable import ModelArtifacts

@Suite struct PickleCallsTests {
  private typealias P = PickleBytes

  private func codes(_ value: [UInt8]) -> [String] {
    PickleFile(P.pickle(P.tuple(P.logisticRegression(), value)), ReadingOptions()).findings
      .map(\.code)
  }

  private static let template = """

    def _parse_args(self,  loc=0, scale=1):
        return (), loc, scale

    def _parse_args_rvs(self,  loc=0, scale=1, size=None):
        return self._argcheck_rvs( loc, scale, size=size)

    def _parse_args_stats(self,  loc=0, scale=1, moments='mv'):
        return (), loc, scale, moments

    """

  private func distribution(state: [UInt8]) -> [UInt8] {
    P.global("scipy.stats._continuous_distns", "uniform_gen") + P.emptyTuple + P.newObject + state
      + P.build
  }

  private func distribution(_ entries: [(String, [UInt8])]) -> [UInt8] {
    distribution(
      state: P.dictionary([("_parse_arg_template", P.text(Self.template))] + entries))
  }

  @Test func whatSearchesDrawFromIsHarmless() {
    #expect(codes(distribution([])) == ["model.inside"])
    #expect(codes(distribution([("numargs", P.integer(0))])) == ["model.inside"])
    // Before scipy 1.6.
    let arguments = P.dictionary([("a", P.none), ("b", P.none), ("name", P.text("uniform"))])
    #expect(codes(distribution(state: P.tuple(arguments, P.none))) == ["model.inside"])
  }

  /// scipy runs a text of the state, and calls what a state puts in place of its methods.
  @Test func distributionsOfOtherCodeAreNot() {
    let evil = P.text("import os")
    for state in [
      P.dictionary([("_parse_arg_template", evil)]),
      P.dictionary([
        ("_parse_arg_template", P.text(Self.template)), ("_parse_arg_template", evil),
      ]),
      P.dictionary([("_parse_arg_template", P.text(Self.template + "print(1)\n"))]),
      P.dictionary([
        (
          "_parse_arg_template",
          P.text(Self.template.replacing("return (), loc", with: "return (x:=1), loc"))
        )
      ]),
      P.dictionary([("_attach_methods", P.global("builtins", "list"))]),
      P.dictionary([("numargs", P.text("1"))]),
      P.tuple(P.tuple(P.text("_parse_arg_template"), evil), P.none),
      P.tuple(P.dictionary([("_parse_arg_template", P.none), ("x", P.none)]), P.text("ab")),
      P.list([P.tuple(P.text("_parse_arg_template"), evil)]),
      P.call("builtins", "dict"),
    ] {
      #expect(codes(distribution(state: state)) == ["code.outside_request"])
    }
    #expect(
      codes(P.call("scipy.stats._continuous_distns", "uniform_gen", P.text("a")))
        == ["code.outside_request"])
    #expect(
      codes(P.call("scipy.stats._distn_infrastructure", "rv_frozen", P.none))
        == ["code.outside_request"])
    #expect(
      codes(
        P.call(
          "copyreg", "_reconstructor", P.global("scipy.stats._continuous_distns", "uniform_gen"),
          P.global("builtins", "object"), P.none)) == ["code.outside_request"])
  }

  @Test func methodsOfModelsOwnAreHarmless() {
    let entropy = P.call("builtins", "getattr", distribution([]), P.text("_entropy"))
    #expect(codes(entropy) == ["model.inside"])
    let vectorized = P.object("numpy", "vectorize", [("pyfunc", entropy)])
    #expect(codes(vectorized) == ["model.inside"])
  }

  @Test func otherAttributesAreNot() {
    for value in [
      P.call("builtins", "getattr", P.global("sklearn.base", "os"), P.text("system")),
      P.call("builtins", "getattr", P.logisticRegression(), P.text("_raw_predict")),
      P.call("builtins", "getattr", distribution([]), P.text("__setstate__")),
      P.call("builtins", "getattr", P.doubles([1]), P.text("tofile")),
      P.call("builtins", "getattr", distribution([])),
      P.global("builtins", "getattr"),
    ] {
      #expect(codes(value).contains("code.dangerous_global"))
    }
  }

  @Test func functionsThatCallTheirArgumentsAreLookedAt() {
    #expect(
      codes(
        P.call(
          "functools", "partial", P.global("sklearn.utils.validation", "check_array"))
      ) == ["model.inside"])
    for value in [
      P.call(
        "functools", "partial", P.global("numpy.core", "_ufunc_reconstruct"), P.text("evil")),
      P.call("functools", "partial", P.global("_codecs", "encode")),
      P.call("functools", "partial", P.logisticRegression()),
      P.call(
        "numpy.random._pickle", "__randomstate_ctor", P.text("MT19937"),
        P.object("numpy", "vectorize", [])),
      P.call(
        "numpy.random._pickle", "__randomstate_ctor", P.text("evil"),
        P.global("numpy.core", "_ufunc_reconstruct")),
    ] {
      #expect(codes(value) == ["code.outside_request"])
    }
  }
}
