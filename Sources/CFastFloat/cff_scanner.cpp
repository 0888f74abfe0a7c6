#include "cff_scanner.h"

#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include <fast_float/fast_float.h>

namespace {

uint64_t load(const char *p) {
  uint64_t word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

constexpr uint64_t ones = 0x0101010101010101;

// The high bit of the lowest zero byte is the lowest one set; bits above it may be wrong.
uint64_t zero_bytes(uint64_t word) { return (word - ones) & ~word & (ones << 7); }

// The first separator or line feed at or behind `p`; `end` where there is none before it. Reads up
// to eight bytes behind `end`.
const char *field_end(const char *p, const char *end, char separator) {
  const uint64_t separators = ones * static_cast<uint8_t>(separator);
  for (; p < end; p += 8) {
    const uint64_t word = load(p);
    const uint64_t found = zero_bytes(word ^ separators) | zero_bytes(word ^ (ones * '\n'));
    if (found == 0) continue;
    const char *place = p + (__builtin_ctzll(found) >> 3);
    return place < end ? place : end;
  }
  return end;
}

// The spellings of a column's labels, of at most sixteen bytes.
class Spellings {
 public:
  Spellings() { forget(); }

  void forget() {
    slots_.assign(64, Slot{});
    count_ = 0;
    for (int32_t &code : single_) code = -1;
  }

  void learn(const char *text, size_t length, bool is_quoted, int32_t code) {
    if (length == 0 || length > longest || count_ == most) return;
    char padded[longest] = {};
    std::memcpy(padded, text, length);
    const Key key = key_of(padded, length, is_quoted);
    Slot *slot = find(key);
    if (slot->key.length != 0) return;
    if (2 * ++count_ > slots_.size()) {
      std::vector<Slot> old(slots_.size() * 4);
      old.swap(slots_);
      for (const Slot &known : old)
        if (known.key.length != 0) *find(known.key) = known;
      slot = find(key);
    }
    *slot = {key, code};
    if (length == 1 && !is_quoted) single_[static_cast<uint8_t>(text[0])] = code;
  }

  // The code of a spelling, or -1; reads sixteen bytes at `text`.
  int32_t code(const char *text, size_t length, bool is_quoted) {
    if (length == 1 && !is_quoted) return single_[static_cast<uint8_t>(*text)];
    if (length == 0 || length > longest) return -1;
    const Slot *slot = find(key_of(text, length, is_quoted));
    return slot->key.length == 0 ? -1 : slot->code;
  }

 private:
  static constexpr size_t longest = 16;
  static constexpr size_t most = 1 << 14;

  struct Key {
    uint64_t low = 0, high = 0;
    // The length and whether it is quoted; 0 marks a free slot.
    uint64_t length = 0;
    bool operator==(const Key &other) const {
      return low == other.low && high == other.high && length == other.length;
    }
  };

  struct Slot {
    Key key;
    int32_t code = -1;
  };

  static Key key_of(const char *text, size_t length, bool is_quoted) {
    const auto mask = [](size_t bytes) { return bytes >= 8 ? ~0ull : (1ull << 8 * bytes) - 1; };
    return {
        load(text) & mask(length), length > 8 ? load(text + 8) & mask(length - 8) : 0,
        length << 1 | (is_quoted ? 1u : 0u)};
  }

  Slot *find(const Key &key) {
    const uint64_t mixed =
        (key.low ^ key.length) * 0x9E3779B97F4A7C15 ^ key.high * 0xC2B2AE3D27D4EB4F;
    for (size_t i = mixed >> 32;; ++i) {
      Slot &slot = slots_[i & (slots_.size() - 1)];
      if (slot.key.length == 0 || slot.key == key) return &slot;
    }
  }

  std::vector<Slot> slots_;
  size_t count_ = 0;
  int32_t single_[256];
};

struct Column {
  int32_t form = CFF_SKIPPED;
  std::vector<double> numbers;
  std::vector<int32_t> codes;
  std::vector<cff_field> fields;
  // Not vector<bool>, which has no array.
  std::unique_ptr<bool[]> quoted;
  Spellings spellings;

  void reserve(size_t rows) {
    if (form == CFF_NUMBERS && numbers.size() < rows) numbers.resize(rows);
    if (form == CFF_CODES && codes.size() < rows) codes.resize(rows);
    if (form == CFF_FIELDS && fields.size() < rows) {
      fields.resize(rows);
      quoted.reset(new bool[rows]);
    }
  }
};

}  // namespace

struct cff_scanner {
  char separator;
  std::vector<Column> columns;

  // Scans one record and returns where the next begins; `nullptr` where it is not plain.
  const char *record(const char *text, const char *p, const char *end, size_t row) {
    const size_t last = columns.size() - 1;
    for (size_t i = 0; i <= last; ++i) {
      if (p >= end) return nullptr;
      Column &column = columns[i];
      const bool is_quoted = *p == '"';
      const char *first = p + is_quoted;
      const char *behind;
      if (column.form == CFF_NUMBERS) {
        behind = number(first, end, column.numbers[row]);
        if (behind == nullptr || (is_quoted && *behind != '"')) return nullptr;
      } else {
        behind = is_quoted ? static_cast<const char *>(std::memchr(first, '"', end - first))
                           : field_end(p, end, separator);
        if (behind == nullptr || behind == end) return nullptr;
        if (!is_quoted && *behind == '\n' && behind > first && behind[-1] == '\r') --behind;
        const size_t length = static_cast<size_t>(behind - first);
        if (column.form == CFF_CODES) {
          const int32_t code = column.spellings.code(first, length, is_quoted);
          if (code < 0) return nullptr;
          column.codes[row] = code;
        } else if (column.form == CFF_FIELDS) {
          column.fields[row] = {
              static_cast<uint32_t>(first - text), static_cast<uint32_t>(behind - text)};
          column.quoted[row] = is_quoted;
        }
      }
      p = behind + is_quoted;
      if (p >= end) return nullptr;
      if (*p == '\r' && p + 1 < end && p[1] == '\n') ++p;
      if (*p != (i == last ? '\n' : separator)) return nullptr;
      ++p;
    }
    return p;
  }

  static const char *number(const char *first, const char *end, double &number) {
    // fast_float also reads "nan" and "inf".
    const char *digits = first + (*first == '-');
    if (digits >= end || !((*digits >= '0' && *digits <= '9') || *digits == '.')) return nullptr;
    const auto result = fast_float::from_chars(first, end, number);
    if (result.ec != std::errc() || std::isinf(number)) return nullptr;
    return result.ptr;
  }
};

cff_scanner *cff_scanner_create(size_t column_count, uint8_t separator) {
  try {
    return new cff_scanner{static_cast<char>(separator), std::vector<Column>(column_count)};
  } catch (std::bad_alloc &) {
    return nullptr;
  }
}

void cff_scanner_free(cff_scanner *scanner) { delete scanner; }

void cff_scanner_set_form(cff_scanner *scanner, size_t column, int32_t form) {
  scanner->columns[column].form = form;
}

void cff_scanner_learn(
    cff_scanner *scanner, size_t column, const uint8_t *bytes, size_t length, bool is_quoted,
    int32_t code) {
  scanner->columns[column].spellings.learn(
      reinterpret_cast<const char *>(bytes), length, is_quoted, code);
}

void cff_scanner_forget(cff_scanner *scanner, size_t column) {
  scanner->columns[column].spellings.forget();
}

size_t cff_scan(
    cff_scanner *scanner, const uint8_t *bytes, size_t start, size_t end, size_t max_rows,
    size_t *rows) {
  for (Column &column : scanner->columns) column.reserve(max_rows);
  const char *text = reinterpret_cast<const char *>(bytes);
  const char *p = text + start;
  size_t row = 0;
  for (; row < max_rows; ++row) {
    const char *next = scanner->record(text, p, text + end, row);
    if (next == nullptr) break;
    p = next;
  }
  *rows = row;
  return static_cast<size_t>(p - text);
}

const double *cff_scanner_numbers(const cff_scanner *scanner, size_t column) {
  return scanner->columns[column].numbers.data();
}

const int32_t *cff_scanner_codes(const cff_scanner *scanner, size_t column) {
  return scanner->columns[column].codes.data();
}

const cff_field *cff_scanner_fields(const cff_scanner *scanner, size_t column) {
  return scanner->columns[column].fields.data();
}

const bool *cff_scanner_quoted(const cff_scanner *scanner, size_t column) {
  return scanner->columns[column].quoted.get();
}

size_t cff_last_record_end(const uint8_t *bytes, size_t count, uint8_t separator) {
  const char *text = reinterpret_cast<const char *>(bytes);
  const char *end = text + count;
  if (std::memchr(text, '"', count) == nullptr) {
    const void *line = memrchr(text, '\n', count);
    return line == nullptr ? 0 : static_cast<size_t>(static_cast<const char *>(line) - text) + 1;
  }
  // A quote opens a field only at its beginning.
  const char *last = text;
  for (const char *p = text; p < end;) {
    if (*p == '"') {
      for (++p;; p += 2) {
        p = static_cast<const char *>(std::memchr(p, '"', end - p));
        if (p == nullptr || p + 1 == end) return static_cast<size_t>(last - text);
        if (p[1] != '"') break;
      }
      ++p;
    }
    p = field_end(p, end, static_cast<char>(separator));
    if (p == end) break;
    if (*p++ == '\n') last = p;
  }
  return static_cast<size_t>(last - text);
}
