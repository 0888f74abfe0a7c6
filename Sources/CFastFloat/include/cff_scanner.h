// Plain records of delimited text in one pass: fields are parted and parsed as they are met.
#ifndef CFF_SCANNER_H
#define CFF_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfastfloat.h"

#ifdef __cplusplus
extern "C" {
#endif

// What becomes of a column's fields.
enum {
  // They are passed over.
  CFF_SKIPPED,
  // Decimal numbers, as doubles.
  CFF_NUMBERS,
  // The codes of spellings that the scanner was taught.
  CFF_CODES,
  // Where they begin and end.
  CFF_FIELDS,
};

// Bytes that must be readable behind the end of what is scanned; their values do not matter.
enum { CFF_PADDING = 64 };

typedef struct cff_scanner cff_scanner;

// A scanner of records of `column_count` fields; NULL where there is no memory for it.
cff_scanner *cff_scanner_create(size_t column_count, uint8_t separator);
void cff_scanner_free(cff_scanner *scanner);

// Says what becomes of a column; all are passed over at first.
void cff_scanner_set_form(cff_scanner *scanner, size_t column, int32_t form);

// Teaches the code of a spelling in a column; long spellings, and more of them than there is room
// for, are not taken in.
void cff_scanner_learn(
    cff_scanner *scanner, size_t column, const uint8_t *bytes, size_t length, bool is_quoted,
    int32_t code);
void cff_scanner_forget(cff_scanner *scanner, size_t column);

// Scans records from `start` up to `end` until `max_rows` are read or one is not plain: a number
// that is none or has blanks around it, a label of unknown spelling, doubled quotes, another number
// of fields, no line break at its end. Returns where the next record begins and writes the number
// of those read to `*rows`.
size_t cff_scan(
    cff_scanner *scanner, const uint8_t *bytes, size_t start, size_t end, size_t max_rows,
    size_t *rows);

// What the last call of cff_scan read of a column, a row each.
const double *cff_scanner_numbers(const cff_scanner *scanner, size_t column);
const int32_t *cff_scanner_codes(const cff_scanner *scanner, size_t column);
const cff_field *cff_scanner_fields(const cff_scanner *scanner, size_t column);
const bool *cff_scanner_quoted(const cff_scanner *scanner, size_t column);

// Where the last whole record of `count` bytes, which begin with one, ends; 0 where there is none.
size_t cff_last_record_end(const uint8_t *bytes, size_t count, uint8_t separator);

#ifdef __cplusplus
}
#endif

#endif
