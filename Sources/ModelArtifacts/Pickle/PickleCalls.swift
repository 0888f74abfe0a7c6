internal import PredictiveModels

/// The calls that are harmless with some arguments alone, though the names of what is called are known.
///
/// What stands for a call that was not made may be an argument of another, so that a function which
/// calls its argument would make it after all.
enum PickleCalls {
  /// The classes of scipy's distributions, which searches draw from.
  ///
  /// When one of them is loaded, it runs the text of its attribute `_parse_arg_template`.
  /// Source: scipy's rv_generic.__setstate__, scipy/stats/_distn_infrastructure.py (1.6 to 1.18).
  static func isDistribution(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    return parts.count == 4 && parts[0] == "scipy" && parts[1] == "stats"
      && (parts[2] == "_continuous_distns" || parts[2] == "_discrete_distns")
      && parts[3].hasSuffix("_gen")
  }

  /// The classes of distributions with their parameters.
  static let frozenDistributions: Set<String> = Set(
    ["rv_frozen", "rv_continuous_frozen", "rv_discrete_frozen"].map {
      "scipy.stats._distn_infrastructure.\($0)"
    })

  /// The function that tells an object's attribute; objects keep methods of their own by it.
  static let accessor = "builtins.getattr"

  /// Says why a call of a known class or function may not be harmless.
  ///
  /// - Parameters:
  ///   - name: The dotted name of what is called.
  ///   - arguments: What it is called with.
  ///   - opcode: The opcode that calls it.
  ///   - graph: Where the arguments are.
  /// - Returns: What the call would ask for; `nil` where it is harmless.
  static func objection(
    to name: String, _ arguments: [NodeID], _ opcode: PickleOpcode, in graph: PickleGraph
  ) -> String? {
    switch name {
    case "numpy._core._ufunc_reconstruct":
      // It imports the module that it is given.
      let words = arguments.compactMap { graph.text($0) }
      if words.count == 2, PickleGlobals.isNumPyFunction(module: words[0], name: words[1]) {
        return nil
      }
      return "the module '\(words.first.map { String($0.prefix(64)) } ?? "")'"
    case "functools.partial":
      guard let first = arguments.first else { return nil }
      switch graph[first] {
      case .global(let function)
      where function.hasPrefix("sklearn.") || function.hasPrefix("numpy."):
        return function == "numpy._core._ufunc_reconstruct" ? "a call of \(function)" : nil
      case .object(let call) where call.constructor == "numpy._core._ufunc_reconstruct":
        return nil
      case .global(let function): return "a call of \(function.prefix(64))"
      default: return "a call of a value that is not a class or function"
      }
    case _ where name.hasPrefix("numpy.random.") && name.hasSuffix("_ctor"):
      // They call what they are given, to make a generator.
      return arguments.allSatisfy { isPartOfGenerator($0, in: graph) }
        ? nil : "a call of an argument of \(name)"
    case accessor: return isMethod(arguments, in: graph) ? nil : "an attribute of a value"
    case "copyreg._reconstructor":
      guard let first = arguments.first, case .global(let made) = graph[first],
        isDistribution(made) || frozenDistributions.contains(made)
      else { return nil }
      return "a call of \(made)"
    case _ where isDistribution(name) || frozenDistributions.contains(name):
      return opcode == .newObj && arguments.isEmpty ? nil : "a call of \(name)"
    default: return nil
    }
  }

  /// Says why the state that an object is given may not be harmless.
  static func objection(
    toState state: NodeID, of object: PickleGraph.Object, in graph: PickleGraph
  ) -> String? {
    guard isDistribution(object.constructor) else { return nil }
    let words = "a distribution's code of its own"
    switch graph[state] {
    case .dictionary(let entries): return isHarmless(entries, in: graph) ? nil : words
    // Before scipy 1.6 arguments of the class and a generator; as pairs they could be attributes.
    case .tuple(let parts):
      guard parts.count == 2, case .dictionary(let entries) = graph[parts[0]], entries.count > 2,
        Set(entries.compactMap { literal($0.key, in: graph) }).count == entries.count
      else { return words }
      return nil
    default: return words
    }
  }

  /// The attributes of a distribution that it neither calls nor runs when it is loaded.
  private static let attributes: Set<String> = [
    "__doc__", "_ctor_param", "_parse_arg_template", "_random_state", "_rvs_size_warned",
    "_rvs_uses_size_attribute", "_stats_has_moments", "a", "b", "badvalue", "extradoc", "inc",
    "moment_tol", "moment_type", "name", "numargs", "shapes", "vecentropy", "xtol",
  ]

  private static func isHarmless(_ entries: [PickleGraph.Entry], in graph: PickleGraph) -> Bool {
    entries.allSatisfy { entry in
      guard let name = literal(entry.key, in: graph), attributes.contains(name) else {
        return false
      }
      switch name {
      case "_parse_arg_template":
        return literal(entry.value, in: graph).map(isArgumentTemplate) ?? false
      case "numargs", "moment_type": return graph.integer(entry.value) != nil
      default: return true
      }
    }
  }

  private static func literal(_ id: NodeID, in graph: PickleGraph) -> String? {
    if case .text(let text) = graph[id] { text } else { nil }
  }

  /// Whether a text is the three functions that scipy makes for a distribution's parameters, letter by
  /// letter but for the parameters' names.
  private static func isArgumentTemplate(_ text: String) -> Bool {
    guard let start = text.firstRange(of: "return ("), start.upperBound < text.endIndex,
      let end = text[start.upperBound...].firstIndex(of: ")")
    else { return false }
    let names = text[start.upperBound..<end]
    guard
      names.utf8.allSatisfy({ byte in
        Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ")
      })
    else { return false }
    return ["loc=0, scale=1", "loc=0"].contains { given in
      let passed = given == "loc=0" ? "loc, 1" : "loc, scale"
      return text == """

        def _parse_args(self, \(names) \(given)):
            return (\(names)), \(passed)

        def _parse_args_rvs(self, \(names) \(given), size=None):
            return self._argcheck_rvs(\(names) \(passed), size=size)

        def _parse_args_stats(self, \(names) \(given), moments='mv'):
            return (\(names)), \(passed), moments

        """
    }
  }

  private static func isPartOfGenerator(_ id: NodeID, in graph: PickleGraph) -> Bool {
    switch graph[id] {
    case .text, .bytes: true
    case .global(let name): name.hasPrefix("numpy.random.")
    case .object(let object): object.constructor.hasPrefix("numpy.random.")
    default: false
    }
  }

  /// Whether the arguments name a method that its object only computes by.
  private static func isMethod(_ arguments: [NodeID], in graph: PickleGraph) -> Bool {
    guard arguments.count == 2, case .object(let object) = graph[arguments[0]],
      let name = literal(arguments[1], in: graph)
    else { return false }
    if isDistribution(object.constructor) { return name == "_entropy" }
    return object.constructor.hasPrefix(
      "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.")
      && name == "_raw_predict"
  }
}
