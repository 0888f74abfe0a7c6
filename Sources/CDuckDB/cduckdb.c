#define _GNU_SOURCE
#include "cduckdb.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// What follows is DuckDB's C API as far as it is used here: opaque handles, and the numbers of its
// enumerations. Source: duckdb.h of DuckDB 1.0 and later.
typedef void *handle;
typedef uint64_t idx_t;
enum { duckdb_success = 0 };
enum { statement_select = 1 };

typedef struct {
  idx_t deprecated_column_count, deprecated_row_count, deprecated_rows_changed;
  void *deprecated_columns;
  char *deprecated_error_message;
  void *internal_data;
} result_t;

// Sixteen bytes: a text of up to twelve lies in them.
typedef union {
  struct {
    uint32_t length;
    char text[12];
  } short_text;
  struct {
    uint32_t length;
    char prefix[4];
    char *text;
  } long_text;
} string_t;

struct cdb_library {
  int (*create_config)(handle *);
  int (*set_config)(handle, const char *, const char *);
  void (*destroy_config)(handle *);
  int (*open_ext)(const char *, handle *, handle, char **);
  void (*close)(handle *);
  int (*connect)(handle, handle *);
  void (*disconnect)(handle *);
  int (*prepare)(handle, const char *, handle *);
  const char *(*prepare_error)(handle);
  int (*statement_type)(handle);
  void (*destroy_prepare)(handle *);
  int (*pending_streaming)(handle, handle *);
  const char *(*pending_error)(handle);
  int (*execute_pending)(handle, result_t *);
  void (*destroy_pending)(handle *);
  const char *(*result_error)(result_t *);
  idx_t (*column_count)(result_t *);
  const char *(*column_name)(result_t *, idx_t);
  int (*column_type)(result_t *, idx_t);
  handle (*fetch_chunk)(result_t);
  void (*destroy_result)(result_t *);
  idx_t (*chunk_size)(handle);
  handle (*chunk_vector)(handle, idx_t);
  void *(*vector_data)(handle);
  uint64_t *(*vector_validity)(handle);
  void (*destroy_chunk)(handle *);
  void (*free_text)(void *);
  const char *(*version)(void);
};

struct cdb_query {
  const cdb_library *library;
  handle database, connection, statement, pending, chunk;
  result_t result;
  bool has_result;
};

static const struct {
  const char *name;
  size_t offset;
} functions[] = {
    {"duckdb_create_config", offsetof(cdb_library, create_config)},
    {"duckdb_set_config", offsetof(cdb_library, set_config)},
    {"duckdb_destroy_config", offsetof(cdb_library, destroy_config)},
    {"duckdb_open_ext", offsetof(cdb_library, open_ext)},
    {"duckdb_close", offsetof(cdb_library, close)},
    {"duckdb_connect", offsetof(cdb_library, connect)},
    {"duckdb_disconnect", offsetof(cdb_library, disconnect)},
    {"duckdb_prepare", offsetof(cdb_library, prepare)},
    {"duckdb_prepare_error", offsetof(cdb_library, prepare_error)},
    {"duckdb_prepared_statement_type", offsetof(cdb_library, statement_type)},
    {"duckdb_destroy_prepare", offsetof(cdb_library, destroy_prepare)},
    {"duckdb_pending_prepared_streaming", offsetof(cdb_library, pending_streaming)},
    {"duckdb_pending_error", offsetof(cdb_library, pending_error)},
    {"duckdb_execute_pending", offsetof(cdb_library, execute_pending)},
    {"duckdb_destroy_pending", offsetof(cdb_library, destroy_pending)},
    {"duckdb_result_error", offsetof(cdb_library, result_error)},
    {"duckdb_column_count", offsetof(cdb_library, column_count)},
    {"duckdb_column_name", offsetof(cdb_library, column_name)},
    {"duckdb_column_type", offsetof(cdb_library, column_type)},
    {"duckdb_fetch_chunk", offsetof(cdb_library, fetch_chunk)},
    {"duckdb_destroy_result", offsetof(cdb_library, destroy_result)},
    {"duckdb_data_chunk_get_size", offsetof(cdb_library, chunk_size)},
    {"duckdb_data_chunk_get_vector", offsetof(cdb_library, chunk_vector)},
    {"duckdb_vector_get_data", offsetof(cdb_library, vector_data)},
    {"duckdb_vector_get_validity", offsetof(cdb_library, vector_validity)},
    {"duckdb_destroy_data_chunk", offsetof(cdb_library, destroy_chunk)},
    {"duckdb_free", offsetof(cdb_library, free_text)},
    {"duckdb_library_version", offsetof(cdb_library, version)},
};

cdb_library *cdb_library_open(const char *path, const char *python, const char **error) {
  // The module takes its Python's symbols from what the process has loaded.
  if (python != NULL && dlopen(python, RTLD_LAZY | RTLD_GLOBAL) == NULL) {
    *error = dlerror();
    return NULL;
  }
  void *file = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (file == NULL) {
    *error = dlerror();
    return NULL;
  }
  cdb_library *library = calloc(1, sizeof *library);
  if (library == NULL) {
    *error = "not enough memory";
    return NULL;
  }
  for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
    void *symbol = dlsym(file, functions[i].name);
    if (symbol == NULL) {
      *error = dlerror();
      free(library);
      return NULL;
    }
    memcpy((char *)library + functions[i].offset, &symbol, sizeof symbol);
  }
  return library;
}

const char *cdb_library_version(const cdb_library *library) { return library->version(); }

static cdb_query *fail(cdb_query *query, const char *message, char **error) {
  *error = strdup(message == NULL ? "the query failed" : message);
  cdb_query_free(query);
  return NULL;
}

static bool open_database(cdb_query *query, char **error) {
  const cdb_library *library = query->library;
  handle config = NULL;
  char *message = NULL;
  bool is_open = library->create_config(&config) == duckdb_success
      && library->set_config(config, "autoinstall_known_extensions", "false") == duckdb_success
      && library->open_ext(NULL, &query->database, config, &message) == duckdb_success
      && library->connect(query->database, &query->connection) == duckdb_success;
  if (!is_open) *error = strdup(message == NULL ? "no database can be opened" : message);
  if (message != NULL) library->free_text(message);
  if (config != NULL) library->destroy_config(&config);
  return is_open;
}

cdb_query *cdb_query_run(const cdb_library *library, const char *sql, char **error) {
  cdb_query *query = calloc(1, sizeof *query);
  if (query == NULL) return fail(NULL, "not enough memory", error);
  query->library = library;
  if (!open_database(query, error)) {
    cdb_query_free(query);
    return NULL;
  }
  if (library->prepare(query->connection, sql, &query->statement) != duckdb_success)
    return fail(query, library->prepare_error(query->statement), error);
  if (library->statement_type(query->statement) != statement_select)
    return fail(query, "only a SELECT statement is run", error);
  if (library->pending_streaming(query->statement, &query->pending) != duckdb_success)
    return fail(query, library->pending_error(query->pending), error);
  query->has_result = true;
  if (library->execute_pending(query->pending, &query->result) != duckdb_success)
    return fail(query, library->result_error(&query->result), error);
  return query;
}

void cdb_query_free(cdb_query *query) {
  if (query == NULL) return;
  const cdb_library *library = query->library;
  if (query->chunk != NULL) library->destroy_chunk(&query->chunk);
  if (query->has_result) library->destroy_result(&query->result);
  if (query->pending != NULL) library->destroy_pending(&query->pending);
  if (query->statement != NULL) library->destroy_prepare(&query->statement);
  if (query->connection != NULL) library->disconnect(&query->connection);
  if (query->database != NULL) library->close(&query->database);
  free(query);
}

size_t cdb_query_column_count(const cdb_query *query) {
  return query->library->column_count((result_t *)&query->result);
}

const char *cdb_query_column_name(const cdb_query *query, size_t column) {
  return query->library->column_name((result_t *)&query->result, column);
}

int32_t cdb_query_column_type(const cdb_query *query, size_t column) {
  switch (query->library->column_type((result_t *)&query->result, column)) {
    case 1: return CDB_BOOLEAN;
    case 2: return CDB_INT8;
    case 3: return CDB_INT16;
    case 4: return CDB_INT32;
    case 5: return CDB_INT64;
    case 6: return CDB_UINT8;
    case 7: return CDB_UINT16;
    case 8: return CDB_UINT32;
    case 10: return CDB_FLOAT;
    case 11: return CDB_DOUBLE;
    case 17: return CDB_TEXT;
    case 19: return CDB_DECIMAL;
    default: return CDB_OTHER;
  }
}

int64_t cdb_query_next(cdb_query *query, char **error) {
  const cdb_library *library = query->library;
  if (query->chunk != NULL) library->destroy_chunk(&query->chunk);
  query->chunk = library->fetch_chunk(query->result);
  if (query->chunk != NULL) return (int64_t)library->chunk_size(query->chunk);
  const char *message = library->result_error(&query->result);
  if (message == NULL || *message == '\0') return 0;
  *error = strdup(message);
  return -1;
}

const void *cdb_query_cells(const cdb_query *query, size_t column) {
  const cdb_library *library = query->library;
  return library->vector_data(library->chunk_vector(query->chunk, column));
}

const uint64_t *cdb_query_validity(const cdb_query *query, size_t column) {
  const cdb_library *library = query->library;
  return library->vector_validity(library->chunk_vector(query->chunk, column));
}

const char *cdb_query_text(const cdb_query *query, size_t column, size_t row, size_t *length) {
  const string_t *text = (const string_t *)cdb_query_cells(query, column) + row;
  *length = text->short_text.length;
  return *length <= sizeof text->short_text.text ? text->short_text.text : text->long_text.text;
}

void cdb_free(char *error) { free(error); }
