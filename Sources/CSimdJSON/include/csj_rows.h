// Rows of cells out of JSON Lines, or out of one JSON value, by simdjson's on-demand parser.
#ifndef CSJ_ROWS_H
#define CSJ_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csimdjson.h"

#ifdef __cplusplus
extern "C" {
#endif

// Bytes that must be readable behind the end of what is read; their values do not matter.
enum { CSJ_PADDING = 64 };

// Set in a cell's start and end where they count in the texts instead of the input.
#define CSJ_IN_TEXTS 0x80000000u

// A cell: the token of a scalar, a string without its quotes, nothing for null and what is not
// there, a container as it stands.
typedef struct {
  uint32_t start;
  uint32_t end;
  bool is_string;
} csj_cell;

typedef struct csj_rows csj_rows;

// A reader of rows; NULL where there is no memory for it.
csj_rows *csj_rows_create(size_t max_depth);
void csj_rows_free(csj_rows *rows);

// Asks for the value behind `count` keys, one inside the other, and returns its slot: 0, 1, …. A key
// of an array is an index, from 0, in decimal.
size_t csj_rows_want(csj_rows *rows, const char *const *keys, const size_t *lengths, size_t count);

// Reads lines from `start` on until `max_lines` are read or `end` is reached, or all up to `end` as
// one value with `is_whole`. A line is one row; an array of containers is a row each, and so is what
// an object has first under "predictions" or "instances", where that is an array. Blank lines are
// passed over. Returns where the next line begins. A line that is not JSON ends the reading: `error`
// has a message then, and its rows are not read.
size_t csj_rows_read(
    csj_rows *rows, const uint8_t *bytes, size_t start, size_t end, size_t max_lines, bool is_whole,
    csj_error *error);

// The rows of the last call, and the cells of a slot, one a row.
size_t csj_rows_count(const csj_rows *rows);
const csj_cell *csj_rows_cells(const csj_rows *rows, size_t slot);
// Strings that do not stand in the input as they are.
const uint8_t *csj_rows_texts(const csj_rows *rows, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
