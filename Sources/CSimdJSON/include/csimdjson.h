// A C face for simdjson's on-demand parser: a document as a flat list of nodes in document order.
// csj_rows.h has rows of cells instead.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CSJ_NULL,
  CSJ_FALSE,
  CSJ_TRUE,
  // A number; Python's NaN, Infinity and -Infinity, which simdjson refuses, count as numbers.
  CSJ_NUMBER,
  CSJ_STRING,
  // Followed by `length` nodes with all that they contain.
  CSJ_ARRAY,
  // Followed by `length` pairs of a CSJ_STRING and a value with all that it contains.
  CSJ_OBJECT,
};

typedef struct {
  int32_t kind;
  // Where the value begins in the input, in bytes.
  size_t offset;
  // Numbers: bytes of the token. Strings: bytes of the unescaped text. Containers: their elements.
  size_t length;
  double number;
  // Where a string's text begins in the document's texts.
  size_t text;
} csj_node;

typedef struct csj_document csj_document;

typedef struct {
  // Static text that says what is wrong with the input.
  const char *message;
  size_t offset;
} csj_error;

// Parses a whole document; NULL with `error` filled in where it is not one.
csj_document *csj_parse(const uint8_t *bytes, size_t count, size_t max_depth, csj_error *error);
size_t csj_node_count(const csj_document *document);
const csj_node *csj_nodes(const csj_document *document);
const uint8_t *csj_texts(const csj_document *document);
void csj_free(csj_document *document);

// Whether the bytes are well-formed UTF-8.
bool csj_is_utf8(const uint8_t *bytes, size_t count);

// The version of simdjson, such as "3.0.1".
const char *csj_version(void);

#ifdef __cplusplus
}
#endif

#endif
