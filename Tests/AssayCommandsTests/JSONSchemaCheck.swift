internal import CValijson

/// What keeps a JSON document from being what a JSON Schema says; `nil` where it is.
func faults(in document: String, against schema: String) -> String? {
  var message = [CChar](repeating: 0, count: 1 << 12)
  let status = unsafe cvj_check(
    schema, schema.utf8.count, document, document.utf8.count, &message, message.count)
  guard status != 0 else { return nil }
  let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return String(decoding: bytes, as: UTF8.self)
}
