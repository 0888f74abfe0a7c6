// A C face for fast_float: a column of decimal numbers in one call; whole records are in cff_scanner.h.
#ifndef CFASTFLOAT_H
#define CFASTFLOAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CFF_NUMBER,
  CFF_EMPTY,
  // Text that means a value which is not a finite number: nan, inf, infinity, in any case.
  CFF_NOT_FINITE,
  CFF_OVERFLOW,
  CFF_TEXT,
};

typedef struct {
  // Where the field begins and ends in the block.
  uint32_t start;
  uint32_t end;
} cff_field;

// Parses `count` fields of `bytes` into `numbers`: ASCII decimal with an optional sign and exponent,
// blanks around it allowed. Stops at the first field that is none, returns its index and says in
// `*found` what it is; returns `count` where all are numbers. With `missing_is_nan`, empty fields
// and "nan" become NaN.
size_t cff_parse(
    const uint8_t *bytes, const cff_field *fields, size_t count, bool missing_is_nan,
    double *numbers, int32_t *found);

#ifdef __cplusplus
}
#endif

#endif
