#include "connxruntime.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// What follows is ONNX Runtime's C API as far as it is used here. Functions stand in a table whose
// first 102 places, those of its version 1, never change.
// Source: include/onnxruntime/core/session/onnxruntime_c_api.h, struct OrtApi.
typedef void *handle;
typedef handle status;

enum { api_version = 1 };

enum {
  get_error_message = 2,
  create_env = 3,
  disable_telemetry = 6,
  create_session_from_array = 8,
  run = 9,
  create_session_options = 10,
  set_intra_op_threads = 24,
  set_inter_op_threads = 25,
  create_tensor = 48,
  create_tensor_with_data = 49,
  is_tensor = 50,
  tensor_data = 51,
  fill_strings = 52,
  string_length = 53,
  string_content = 54,
  element_type = 60,
  dimension_count = 61,
  dimensions = 62,
  element_count = 64,
  type_and_shape = 65,
  create_cpu_memory_info = 69,
  default_allocator = 78,
  release_status = 93,
  release_memory_info = 94,
  release_session = 95,
  release_value = 96,
  release_type_and_shape = 99,
  release_session_options = 100,
};

struct base {
  const handle *(*get_api)(uint32_t version);
  const char *(*get_version)(void);
};

struct cort_library {
  const handle *api;
  const char *version;
  handle env;
};

struct cort_session {
  const cort_library *library;
  handle session;
};

struct output {
  handle value;
  int32_t type;
  size_t rank, count;
  int64_t *sizes;
  void *data;
  // Texts, one behind another, and where each begins; the last place is their end.
  char *texts;
  size_t *starts;
};

struct cort_outputs {
  const cort_library *library;
  size_t count;
  struct output items[];
};

// The function at a place of the table, as one with these parameters.
#define FUNCTION(library, place, ...) ((status(*)(__VA_ARGS__))(library)->api[place])
#define RELEASE(library, place, value) ((void (*)(handle))(library)->api[place])(value)

// Whether a call went well; where it did not, its reason is kept.
static int is_fine(const cort_library *library, status result, char **error) {
  if (result == NULL) return 1;
  const char *message =
      ((const char *(*)(status))library->api[get_error_message])(result);
  if (*error == NULL) *error = strdup(message);
  RELEASE(library, release_status, result);
  return 0;
}

cort_library *cort_library_open(const char *path, char **error) {
  *error = NULL;
  void *file = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (file == NULL) {
    *error = strdup(dlerror());
    return NULL;
  }
  const struct base *(*get_base)(void);
  *(void **)&get_base = dlsym(file, "OrtGetApiBase");
  if (get_base == NULL) {
    *error = strdup("it has no OrtGetApiBase");
    return NULL;
  }
  cort_library *library = calloc(1, sizeof *library);
  if (library == NULL) return NULL;
  library->version = get_base()->get_version();
  library->api = get_base()->get_api(api_version);
  if (library->api == NULL) {
    *error = strdup("it does not offer the interface that is used here");
    free(library);
    return NULL;
  }
  // Nothing but errors that end a call are of interest: level 4.
  if (!is_fine(
          library,
          FUNCTION(library, create_env, int, const char *, handle *)(4, "assay", &library->env),
          error)) {
    free(library);
    return NULL;
  }
  status result = FUNCTION(library, disable_telemetry, handle)(library->env);
  if (result != NULL) RELEASE(library, release_status, result);
  return library;
}

const char *cort_library_version(const cort_library *library) { return library->version; }

cort_session *cort_session_open(
    const cort_library *library, const void *bytes, size_t count, int threads, char **error) {
  *error = NULL;
  handle options = NULL;
  cort_session *session = calloc(1, sizeof *session);
  if (session == NULL) return NULL;
  session->library = library;
  int fine =
      is_fine(library, FUNCTION(library, create_session_options, handle *)(&options), error) &&
      is_fine(
          library, FUNCTION(library, set_intra_op_threads, handle, int)(options, threads), error) &&
      is_fine(library, FUNCTION(library, set_inter_op_threads, handle, int)(options, 1), error) &&
      is_fine(
          library,
          FUNCTION(library, create_session_from_array, handle, const void *, size_t, handle, handle *)(
              library->env, bytes, count, options, &session->session),
          error);
  if (options != NULL) RELEASE(library, release_session_options, options);
  if (fine) return session;
  cort_session_free(session);
  return NULL;
}

void cort_session_free(cort_session *session) {
  if (session == NULL) return;
  if (session->session != NULL) RELEASE(session->library, release_session, session->session);
  free(session);
}

// Makes the library's own tensor of one that is given.
static int make_tensor(
    const cort_library *library, const cort_tensor *tensor, handle memory, handle *value,
    char **error) {
  if (tensor->type != CORT_STRING) {
    return is_fine(
        library,
        FUNCTION(
            library, create_tensor_with_data, handle, void *, size_t, const int64_t *, size_t, int,
            handle *)(
            memory, tensor->data, tensor->byte_count, tensor->sizes, tensor->rank, tensor->type,
            value),
        error);
  }
  handle allocator = NULL;
  return is_fine(library, FUNCTION(library, default_allocator, handle *)(&allocator), error) &&
         is_fine(
             library,
             FUNCTION(library, create_tensor, handle, const int64_t *, size_t, int, handle *)(
                 allocator, tensor->sizes, tensor->rank, tensor->type, value),
             error) &&
         is_fine(
             library,
             FUNCTION(library, fill_strings, handle, const char *const *, size_t)(
                 *value, tensor->data, tensor->byte_count / sizeof(char *)),
             error);
}

// Reads what a tensor's own functions tell of it.
static int read_output(const cort_library *library, struct output *output, char **error) {
  int tensor = 0;
  if (!is_fine(library, FUNCTION(library, is_tensor, handle, int *)(output->value, &tensor), error))
    return 0;
  if (!tensor) return 1;
  handle info = NULL;
  if (!is_fine(
          library, FUNCTION(library, type_and_shape, handle, handle *)(output->value, &info), error))
    return 0;
  int type = 0;
  int fine =
      is_fine(library, FUNCTION(library, element_type, handle, int *)(info, &type), error) &&
      is_fine(
          library, FUNCTION(library, dimension_count, handle, size_t *)(info, &output->rank),
          error) &&
      is_fine(
          library, FUNCTION(library, element_count, handle, size_t *)(info, &output->count), error);
  if (fine) {
    output->sizes = calloc(output->rank + 1, sizeof *output->sizes);
    fine = output->sizes != NULL &&
           is_fine(
               library,
               FUNCTION(library, dimensions, handle, int64_t *, size_t)(
                   info, output->sizes, output->rank),
               error);
  }
  RELEASE(library, release_type_and_shape, info);
  if (!fine) return 0;
  output->type = type;
  if (type != CORT_STRING) {
    return is_fine(
        library, FUNCTION(library, tensor_data, handle, void **)(output->value, &output->data),
        error);
  }
  size_t length = 0;
  if (!is_fine(
          library, FUNCTION(library, string_length, handle, size_t *)(output->value, &length),
          error))
    return 0;
  output->texts = malloc(length + 1);
  output->starts = calloc(output->count + 1, sizeof *output->starts);
  if (output->texts == NULL || output->starts == NULL) return 0;
  output->starts[output->count] = length;
  return output->count == 0 ||
         is_fine(
             library,
             FUNCTION(library, string_content, handle, void *, size_t, size_t *, size_t)(
                 output->value, output->texts, length, output->starts, output->count),
             error);
}

cort_outputs *cort_session_run(
    const cort_session *session, const cort_tensor *inputs, size_t input_count,
    const char *const *output_names, size_t output_count, char **error) {
  *error = NULL;
  const cort_library *library = session->library;
  cort_outputs *outputs =
      calloc(1, sizeof *outputs + output_count * sizeof *outputs->items);
  handle *values = calloc(input_count + output_count + 1, sizeof *values);
  const char **names = calloc(input_count + 1, sizeof *names);
  handle memory = NULL;
  int fine = outputs != NULL && values != NULL && names != NULL;
  if (fine) {
    outputs->library = library;
    outputs->count = output_count;
    // An arena of the default kind: 0 and 0.
    fine = is_fine(
        library, FUNCTION(library, create_cpu_memory_info, int, int, handle *)(0, 0, &memory),
        error);
  }
  for (size_t i = 0; fine && i < input_count; ++i) {
    names[i] = inputs[i].name;
    fine = make_tensor(library, &inputs[i], memory, &values[i], error);
  }
  handle *results = values + input_count;
  if (fine) {
    fine = is_fine(
        library,
        FUNCTION(
            library, run, handle, handle, const char *const *, const handle *, size_t,
            const char *const *, size_t, handle *)(
            session->session, NULL, names, values, input_count, output_names, output_count,
            results),
        error);
  }
  for (size_t i = 0; outputs != NULL && values != NULL && i < output_count; ++i) {
    outputs->items[i].value = results[i];
    if (fine) fine = read_output(library, &outputs->items[i], error);
  }
  for (size_t i = 0; values != NULL && i < input_count; ++i) {
    if (values[i] != NULL) RELEASE(library, release_value, values[i]);
  }
  if (memory != NULL) RELEASE(library, release_memory_info, memory);
  free(names);
  free(values);
  if (fine) return outputs;
  cort_outputs_free(outputs);
  return NULL;
}

int32_t cort_output_type(const cort_outputs *outputs, size_t index) {
  return outputs->items[index].type;
}

size_t cort_output_rank(const cort_outputs *outputs, size_t index) {
  return outputs->items[index].rank;
}

int64_t cort_output_size(const cort_outputs *outputs, size_t index, size_t axis) {
  return outputs->items[index].sizes[axis];
}

size_t cort_output_count(const cort_outputs *outputs, size_t index) {
  return outputs->items[index].count;
}

const void *cort_output_data(const cort_outputs *outputs, size_t index) {
  return outputs->items[index].data;
}

const char *cort_output_text(
    const cort_outputs *outputs, size_t index, size_t place, size_t *length) {
  const struct output *output = &outputs->items[index];
  *length = output->starts[place + 1] - output->starts[place];
  return output->texts + output->starts[place];
}

void cort_outputs_free(cort_outputs *outputs) {
  if (outputs == NULL) return;
  for (size_t i = 0; i < outputs->count; ++i) {
    struct output *output = &outputs->items[i];
    if (output->value != NULL) RELEASE(outputs->library, release_value, output->value);
    free(output->sizes);
    free(output->texts);
    free(output->starts);
  }
  free(outputs);
}

void cort_free(char *error) { free(error); }
