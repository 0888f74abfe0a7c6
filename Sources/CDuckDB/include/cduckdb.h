// A C face for DuckDB's C API, whose library is opened at run time: a query and its rows, a chunk at a
// time.
#ifndef CDUCKDB_H
#define CDUCKDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The types that a query's columns have here.
enum {
  CDB_BOOLEAN,
  // Signed integers of 8, 16, 32 and 64 bits.
  CDB_INT8,
  CDB_INT16,
  CDB_INT32,
  CDB_INT64,
  CDB_UINT8,
  CDB_UINT16,
  CDB_UINT32,
  CDB_FLOAT,
  CDB_DOUBLE,
  CDB_TEXT,
  // A decimal number, which a double holds as nearly as it can.
  CDB_DECIMAL,
  CDB_OTHER,
};

typedef struct cdb_library cdb_library;
typedef struct cdb_query cdb_query;

// Opens the library at that path, or of that name. Where it is an extension module of Python, the
// library of its Python is opened first: `python` is its name, or NULL. NULL where it cannot be
// opened or lacks a function; `error` says why and is valid until the next call.
cdb_library *cdb_library_open(const char *path, const char *python, const char **error);

// The library's version, such as "v1.4.0".
const char *cdb_library_version(const cdb_library *library);

// Runs a query in a new database in memory; NULL with `error`, to be freed, where it fails. Only one
// SELECT statement runs, and no extension is fetched from anywhere.
cdb_query *cdb_query_run(const cdb_library *library, const char *sql, char **error);
void cdb_query_free(cdb_query *query);

size_t cdb_query_column_count(const cdb_query *query);
const char *cdb_query_column_name(const cdb_query *query, size_t column);
int32_t cdb_query_column_type(const cdb_query *query, size_t column);

// Goes on to the next rows and returns their number, 0 behind the last ones; -1 with `error`, to be
// freed, where the query fails.
int64_t cdb_query_next(cdb_query *query, char **error);
// The cells of a column, of its type; for CDB_TEXT see cdb_query_text.
const void *cdb_query_cells(const cdb_query *query, size_t column);
// A bit a row, the lowest first, that is set where there is a value; NULL where all have one.
const uint64_t *cdb_query_validity(const cdb_query *query, size_t column);
const char *cdb_query_text(const cdb_query *query, size_t column, size_t row, size_t *length);

void cdb_free(char *error);

#ifdef __cplusplus
}
#endif

#endif
