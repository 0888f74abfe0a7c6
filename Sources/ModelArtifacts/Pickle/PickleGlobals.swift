internal import PredictiveModels

/// The classes and functions that a pickle may name, and what is said of the others.
enum PickleGlobals {
  /// What a name means for the file that uses it.
  enum Standing: Hashable, Sendable {
    /// Assay makes what the class or function would make.
    case known
    /// A class of a modelling library that Assay does not implement.
    case unsupported
    /// A way to run code, read files or reach a network.
    case dangerous
    /// Anything else.
    case unknown
  }

  /// What a dotted name means.
  static func standing(of name: String) -> Standing {
    if data.contains(name) || ScikitLearnReader.knows(name) || TorchTensors.knows(name)
      || PickleCalls.isDistribution(name)
    {
      return .known
    }
    let parts = name.split(separator: ".")
    guard let package = parts.first else { return .unknown }
    if dangerousPackages.contains(String(package)) { return .dangerous }
    if dangerousModules.contains(where: { name.hasPrefix($0 + ".") }) { return .dangerous }
    // A module has the modules that it imports as attributes: sklearn.base.os.
    if parts.dropFirst().contains(where: { importedModules.contains(String($0)) }) {
      return .dangerous
    }
    // Libraries name their classes in capitals and their functions in small letters.
    let last = parts.last.map(String.init) ?? ""
    let isClass = last.first { $0 != "_" }?.isUppercase == true
    let isHelper = helpers.contains(last) || last.hasPrefix("__pyx_unpickle_")
    if libraries.contains(String(package)), parts.count > 2, isClass || isHelper {
      return .unsupported
    }
    return .unknown
  }

  /// Whether a function of one of numpy's modules is one that Assay knows.
  static func isNumPyFunction(module: String, name: String) -> Bool {
    (module + ".").hasPrefix("numpy.") && data.contains(canonical("\(module).\(name)"))
  }

  /// A name in the form that Python 3 and numpy 2 give it.
  static func canonical(_ name: String) -> String {
    for (old, new) in renamed where name.hasPrefix(old) { return new + name.dropFirst(old.count) }
    return name
  }

  private static let renamed = [
    ("__builtin__.", "builtins."), ("copy_reg.", "copyreg."),
    ("numpy.core.", "numpy._core."), ("sklearn.externals.joblib.", "joblib."),
  ]

  /// What makes plain data: Python's containers, numpy's arrays, joblib's framing.
  private static let data: Set<String> = Set(
    ElementaryFunction.allCases.flatMap { function in
      ["numpy.", "numpy._core._multiarray_umath.", "numpy._core.umath."].map {
        $0 + function.rawValue
      }
    }
  ).union(PickleCalls.frozenDistributions).union([
    // Called on load by nothing: what it would call is named beside it.
    "numpy.vectorize",
    "builtins.object", "builtins.bytes", "builtins.bytearray", "builtins.set", "builtins.frozenset",
    "builtins.list", "builtins.dict", "builtins.tuple", "builtins.int", "builtins.float",
    "builtins.str", "builtins.bool", "builtins.complex", "builtins.slice", "builtins.range",
    "collections.OrderedDict", "collections.defaultdict", "collections.Counter",
    "collections.deque", "copyreg._reconstructor", "datetime.date", "datetime.datetime",
    "datetime.time", "datetime.timedelta", "datetime.timezone", "decimal.Decimal",
    "fractions.Fraction", "uuid.UUID", "pathlib.PosixPath", "pathlib.PurePosixPath",
    "pathlib.WindowsPath", "pathlib.PureWindowsPath", "pathlib._local.PosixPath",
    "pathlib._local.WindowsPath",
    "_codecs.encode",
    "joblib.numpy_pickle.NumpyArrayWrapper",
    "numpy.ndarray", "numpy.dtype", "numpy.matrix",
    "numpy._core.multiarray._reconstruct", "numpy._core.multiarray.scalar",
    "numpy._core.numeric._frombuffer",
    "numpy.bool_", "numpy.bool", "numpy.int8", "numpy.int16", "numpy.int32", "numpy.int64",
    "numpy.uint8", "numpy.uint16", "numpy.uint32", "numpy.uint64", "numpy.float16",
    "numpy.float32", "numpy.float64", "numpy.str_", "numpy.bytes_", "numpy.object_",
    "numpy.random.__RandomState_ctor", "numpy.random._pickle.__randomstate_ctor",
    "numpy.random._pickle.__bit_generator_ctor", "numpy.random._pickle.__generator_ctor",
    "numpy.random._mt19937.MT19937", "numpy.random._pcg64.PCG64",
    "numpy.random.mtrand.RandomState",
    // Of numpy's functions alone, which is looked at when it is called.
    "numpy._core._ufunc_reconstruct",
    // A call that is put off: what it would call is named beside it.
    "functools.partial",
    "numpy.random.bit_generator.SeedSequence",
    "numpy.random.bit_generator.__pyx_unpickle_SeedSequence",
    "numpy.ma.core._mareconstruct", "numpy.ma.core.MaskedArray", "numpy.ma.MaskedArray",
    "pandas.core.indexes.base._new_Index", "pandas.core.indexes.base.Index",
  ])

  private static let libraries: Set<String> = [
    "sklearn", "xgboost", "lightgbm", "catboost", "imblearn", "statsmodels", "torch", "tensorflow",
    "keras", "pandas", "scipy", "numpy", "joblib",
  ]

  /// Functions of those libraries that make one of their own objects and do nothing else.
  private static let helpers: Set<String> = ["newObj", "_mareconstruct"]

  private static let dangerousPackages: Set<String> = [
    "os", "posix", "nt", "ntpath", "posixpath", "subprocess", "_posixsubprocess", "sys", "builtins",
    "importlib", "_frozen_importlib", "runpy", "pkgutil", "zipimport", "imp", "ctypes", "_ctypes",
    "cffi", "socket", "_socket", "ssl", "select", "asyncio", "multiprocessing", "concurrent",
    "threading", "_thread", "signal", "shutil", "pathlib", "io", "_io", "tempfile", "glob",
    "fileinput", "shelve", "dbm", "sqlite3", "pty", "fcntl", "resource", "commands", "popen2",
    "code", "codeop", "compileall", "py_compile", "types", "inspect", "gc", "atexit",
    "pickle", "_pickle", "cPickle", "cloudpickle", "dill", "marshal", "copyreg", "operator",
    "_operator", "functools", "timeit", "cProfile", "profile", "pdb", "bdb", "trace",
    "doctest", "unittest", "webbrowser", "urllib", "urllib2", "http", "httplib", "ftplib",
    "smtplib", "telnetlib", "imaplib", "poplib", "xmlrpc", "requests", "httpx", "aiohttp",
    "paramiko", "fabric", "pip", "setuptools", "distutils", "venv", "ensurepip",
    "getpass", "site",
  ]

  /// Those of the dangerous packages whose names are not a library's own modules too.
  private static let importedModules: Set<String> = [
    "os", "posix", "nt", "subprocess", "sys", "builtins", "__builtins__", "importlib", "runpy",
    "ctypes", "socket", "shutil", "pickle", "cloudpickle", "marshal", "multiprocessing", "asyncio",
    "threading", "urllib", "pathlib", "tempfile", "functools", "operator",
  ]

  private static let dangerousModules = [
    "numpy.testing", "numpy.f2py", "numpy.distutils", "numpy.ctypeslib", "numpy.lib",
    "torch.hub", "torch.utils", "torch.serialization", "torch.jit", "tensorflow.io",
    "keras.utils", "pandas.io", "pandas.core.computation", "pandas.eval", "scipy.weave",
    "jax.experimental",
  ]
}
