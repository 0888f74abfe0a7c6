/// ONNX Runtime, by which graphs are computed that are not computed here.
public enum ONNXRuntimeVersion {
  /// The version of the library that is found, such as `1.32.0`; `nil` where there is none.
  public static var found: String? { ONNXRuntime.shared?.version }
}
