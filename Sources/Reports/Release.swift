/// What this is, for reports that name their maker.
public enum Release {
  /// The version of program and library.
  public static let version = "0.1.0"
}
