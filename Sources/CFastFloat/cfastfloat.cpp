#include "cfastfloat.h"

#include <cmath>
#include <limits>

#include <fast_float/fast_float.h>

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool equals_ignoring_case(const char *first, const char *last, const char *word) {
  for (; first != last && *word != 0; ++first, ++word)
    if ((*first | 0x20) != *word) return false;
  return first == last && *word == 0;
}

int32_t parse(const char *first, const char *last, double &number) {
  while (first != last && is_blank(*first)) ++first;
  while (first != last && is_blank(last[-1])) --last;
  if (first == last) return CFF_EMPTY;
  const char *digits = first + (*first == '+' || *first == '-');
  if (digits == last) return CFF_TEXT;
  // fast_float also reads "nan" and "inf" and takes no leading plus.
  if ((*digits < '0' || *digits > '9') && *digits != '.') {
    const bool not_finite = equals_ignoring_case(digits, last, "nan")
        || equals_ignoring_case(digits, last, "inf")
        || equals_ignoring_case(digits, last, "infinity");
    return not_finite ? CFF_NOT_FINITE : CFF_TEXT;
  }
  const auto result = fast_float::from_chars(*first == '+' ? digits : first, last, number);
  if (result.ptr != last) return CFF_TEXT;
  // Underflow to zero is a number; fast_float tells it from overflow by the value alone.
  if (std::isinf(number)) return CFF_OVERFLOW;
  if (result.ec != std::errc() && number != 0) return CFF_TEXT;
  return CFF_NUMBER;
}

bool is_nan_word(const char *first, const char *last) {
  while (first != last && is_blank(*first)) ++first;
  while (first != last && is_blank(last[-1])) --last;
  return equals_ignoring_case(first, last, "nan");
}

}  // namespace

size_t cff_parse(
    const uint8_t *bytes, const cff_field *fields, size_t count, bool missing_is_nan,
    double *numbers, int32_t *found) {
  const char *text = reinterpret_cast<const char *>(bytes);
  for (size_t i = 0; i < count; ++i) {
    const char *first = text + fields[i].start;
    const char *last = text + fields[i].end;
    const int32_t kind = parse(first, last, numbers[i]);
    if (kind == CFF_NUMBER) continue;
    const bool is_missing = kind == CFF_EMPTY || is_nan_word(first, last);
    if (!missing_is_nan || !is_missing) {
      *found = kind;
      return i;
    }
    numbers[i] = std::numeric_limits<double>::quiet_NaN();
  }
  *found = CFF_NUMBER;
  return count;
}
