import Testing

@testable import ModelArtifacts

@Suite struct PickleGlobalsTests {
  @Test(arguments: [
    "builtins.dict", "collections.OrderedDict", "numpy.ndarray", "numpy.dtype",
    "numpy._core.multiarray._reconstruct", "joblib.numpy_pickle.NumpyArrayWrapper",
    "sklearn.pipeline.Pipeline", "sklearn.tree._tree.Tree",
    "sklearn.linear_model._logistic.LogisticRegression",
    "sklearn.linear_model.logistic.LogisticRegression",
    "sklearn.tree.tree.DecisionTreeClassifier", "sklearn.preprocessing.data.StandardScaler",
  ])
  func whatMakesDataIsKnown(name: String) {
    #expect(PickleGlobals.standing(of: name) == .known)
  }

  @Test(arguments: [
    "os.system", "posix.system", "nt.system", "os", "os.path.join", "subprocess.Popen",
    "builtins.eval", "builtins.exec", "builtins.getattr", "builtins.__import__",
    "builtins.compile", "builtins.open", "builtins.dict.fromkeys", "sys.exit",
    "importlib.import_module", "runpy.run_path", "pickle.loads", "marshal.loads",
    "socket.socket", "shutil.rmtree", "functools.reduce", "operator.attrgetter",
    "copyreg.__newobj__", "webbrowser.open", "pip.main", "ctypes.CDLL", "io.open",
    "types.FunctionType", "numpy.testing._private.utils.runstring", "torch.hub.load",
    "numpy.f2py.capi_maps.eval", "pandas.io.pickle.read_pickle",
  ])
  func whatRunsCodeIsDangerous(name: String) {
    #expect(PickleGlobals.standing(of: name) == .dangerous)
  }

  /// Since protocol 4 a name may lead through attributes, and a module's imports are attributes.
  @Test(arguments: [
    "sklearn.base.os.PathLike", "torch.storage.subprocess.Popen", "scipy.misc.sys.Flags",
    "xgboost.core.ctypes.CDLL", "sklearn.utils.builtins.Exception",
    "keras.layers.importlib.Loader", "numpy.os.system",
  ])
  func modulesInsideALibrarysModulesAreDangerous(name: String) {
    #expect(PickleGlobals.standing(of: name) == .dangerous)
  }

  @Test(arguments: [
    "sklearn.neighbors._classification.KNeighborsClassifier", "sklearn.cluster._kmeans.KMeans",
    "xgboost.core.DMatrix", "lightgbm.basic.Dataset",
    "scipy.signal._ltisys.TransferFunction",
    "torch.nn.modules.linear.Linear", "sklearn.gaussian_process.kernels.RBF",
    "sklearn.tree._criterion.__pyx_unpickle_Gini",
    "numpy.random._philox.Philox",
    "sklearn.metrics._dist_metrics.newObj", "scipy.special._ufuncs.Unknown",
  ])
  func otherEstimatorsAreUnsupported(name: String) {
    #expect(PickleGlobals.standing(of: name) == .unsupported)
  }

  @Test(arguments: [
    "", ".", "evil.payload", "mylib.Model", "sklearn.x", "sklearn.Pipeline",
    "sklearn.base.clone", "numpy.load", "numpy.ndarray.tofile", "joblib.load",
    "collections.OrderedDict.fromkeys", "sklearn.tree._tree.Tree.__reduce__",
    "__main__.Model", "numpy.dtype\u{0}", "Numpy.ndarray", "sklearn.pipeline.Pipeline.predict",
  ])
  func everythingElseIsUnknown(name: String) {
    #expect(PickleGlobals.standing(of: name) == .unknown)
  }

  @Test(arguments: [
    ("__builtin__.eval", "builtins.eval"), ("copy_reg._reconstructor", "copyreg._reconstructor"),
    ("numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"),
    (
      "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper",
      "joblib.numpy_pickle.NumpyArrayWrapper"
    ),
    ("numpy.ndarray", "numpy.ndarray"), ("my.__builtin__.x", "my.__builtin__.x"),
  ])
  func oldNamesAreBroughtUpToDate(old: String, new: String) {
    #expect(PickleGlobals.canonical(old) == new)
  }
}
