#ifndef CONNXRUNTIME_H
#define CONNXRUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ONNX Runtime, opened at run time. Errors are texts that cort_free takes back.

typedef struct cort_library cort_library;
typedef struct cort_session cort_session;
typedef struct cort_outputs cort_outputs;

// The kinds of values that tensors may have, by ONNX's own numbers.
enum {
  CORT_FLOAT = 1,
  CORT_INT32 = 6,
  CORT_INT64 = 7,
  CORT_STRING = 8,
  CORT_BOOL = 9,
  CORT_DOUBLE = 11,
};

// A tensor that a graph is given; the data of strings is an array of pointers to texts.
typedef struct {
  const char *name;
  int32_t type;
  const int64_t *sizes;
  size_t rank;
  void *data;
  size_t byte_count;
} cort_tensor;

// Opens the library; never closed. NULL, with a reason, where there is none.
cort_library *cort_library_open(const char *path, char **error);
const char *cort_library_version(const cort_library *library);

// Reads a model that is in memory, to run on so many threads. No library of further operators is loaded.
cort_session *cort_session_open(
    const cort_library *library, const void *bytes, size_t count, int threads, char **error);
void cort_session_free(cort_session *session);

// Runs a model; sessions may run on several threads at once.
cort_outputs *cort_session_run(
    const cort_session *session, const cort_tensor *inputs, size_t input_count,
    const char *const *output_names, size_t output_count, char **error);

// What came of it: 0 where an output is no tensor.
int32_t cort_output_type(const cort_outputs *outputs, size_t index);
size_t cort_output_rank(const cort_outputs *outputs, size_t index);
int64_t cort_output_size(const cort_outputs *outputs, size_t index, size_t axis);
size_t cort_output_count(const cort_outputs *outputs, size_t index);
const void *cort_output_data(const cort_outputs *outputs, size_t index);
// A text of an output of strings, and its length.
const char *cort_output_text(
    const cort_outputs *outputs, size_t index, size_t place, size_t *length);
void cort_outputs_free(cort_outputs *outputs);

void cort_free(char *error);

#ifdef __cplusplus
}
#endif

#endif
