#ifndef CVALIJSON_H
#define CVALIJSON_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Holds a JSON document against a JSON Schema.
///
/// Both are UTF-8 text. Returns 0 where the document is valid, 1 where it is not, 2 where either text
/// is no JSON or the schema is none; then `message` has what is wrong, cut off at `capacity` bytes.
int cvj_check(const char *schema, size_t schema_size, const char *document, size_t document_size,
              char *message, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
