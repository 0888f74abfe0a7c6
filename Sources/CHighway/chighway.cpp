#include "chighway.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include <hwy/contrib/sort/vqsort.h>

void chw_sort(double *numbers, size_t count) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double *first = numbers;
  double *last = numbers + count;
  // Highway 1.0.3 pads with the largest finite double and puts that in the place of infinities.
  size_t infinite = 0;
  for (size_t i = 0; i < count; ++i) infinite += std::fabs(numbers[i]) == infinity;
  if (infinite > 0) {
    first = std::partition(numbers, last, [](double x) { return x == -infinity; });
    last = std::partition(first, last, [](double x) { return x != infinity; });
  }
  hwy::Sorter sorter;
  sorter(first, static_cast<size_t>(last - first), hwy::SortAscending());
}

namespace {

constexpr uint64_t sign = uint64_t{1} << 63;

// Bits that ascend as numbers do. Those of negative numbers ascend the wrong way, and stand above those
// of positive ones.
uint64_t ascending_bits(double number) {
  number += 0.0;  // of -0.0 makes 0.0
  uint64_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  return bits & sign ? ~bits : bits | sign;
}

double number_of(uint64_t ascending) {
  const uint64_t bits = ascending & sign ? ascending & ~sign : ~ascending;
  double number;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

}  // namespace

void chw_sort_pairs(double *numbers, double *weights, size_t count, void *scratch) {
  auto *keys = static_cast<hwy::uint128_t *>(scratch);
  for (size_t i = 0; i < count; ++i) {
    keys[i].hi = ascending_bits(numbers[i]);
    keys[i].lo = ascending_bits(weights[i]);
  }
  hwy::Sorter sorter;
  sorter(keys, count, hwy::SortAscending());
  for (size_t i = 0; i < count; ++i) {
    numbers[i] = number_of(keys[i].hi);
    weights[i] = number_of(keys[i].lo);
  }
}

void chw_sort_order(const double *numbers, size_t count, void *scratch, uint32_t *order) {
  auto *keys = static_cast<hwy::uint128_t *>(scratch);
  for (size_t i = 0; i < count; ++i) {
    keys[i].hi = ascending_bits(numbers[i]);
    keys[i].lo = i;
  }
  hwy::Sorter sorter;
  sorter(keys, count, hwy::SortAscending());
  for (size_t i = 0; i < count; ++i) order[i] = static_cast<uint32_t>(keys[i].lo);
}

namespace {

// A merge of two sorted ranges that adds up, for each number of the second, how many of the first
// come before it: those below it, or with `Ties` those that are not above it.
template <bool Ties>
struct Merge {
  const double *a, *a_end, *b, *b_end;
  uint64_t before;
  uint64_t sum = 0;

  bool runs() const { return a != a_end && b != b_end; }

  void step() {
    const bool advances = Ties ? *a <= *b : *a < *b;
    sum += advances ? 0 : before;
    before += advances;
    a += advances;
    b += !advances;
  }

  // All that is left of `b` has all of `a` before it.
  void finish() {
    while (runs()) step();
    sum += static_cast<uint64_t>(b_end - b) * before;
  }
};

}  // namespace

uint64_t chw_half_wins(const double *a, size_t a_count, const double *b, size_t b_count) {
  // A step waits for the comparison before it; merges of parts of `b` that run side by side fill
  // the time.
  constexpr size_t parts = 4;
  std::array<Merge<false>, parts> below{};
  std::array<Merge<true>, parts> up_to{};
  for (size_t i = 0; i < parts; ++i) {
    const double *from = b + b_count * i / parts;
    const double *to = b + b_count * (i + 1) / parts;
    if (from == to) continue;
    const double *first = std::lower_bound(a, a + a_count, *from);
    const double *last = std::upper_bound(first, a + a_count, to[-1]);
    below[i] = {first, last, from, to, static_cast<uint64_t>(first - a)};
    const double *past = std::upper_bound(first, last, *from);
    up_to[i] = {past, last, from, to, static_cast<uint64_t>(past - a)};
  }
  const auto all_run = [&](const auto &merges) {
    return std::all_of(merges.begin(), merges.end(), [](const auto &m) { return m.runs(); });
  };
  while (all_run(below) && all_run(up_to)) {
    for (size_t i = 0; i < parts; ++i) {
      below[i].step();
      up_to[i].step();
    }
  }
  uint64_t not_above = 0;
  for (auto &merge : below) merge.finish(), not_above += merge.sum;
  for (auto &merge : up_to) merge.finish(), not_above += merge.sum;
  return 2 * static_cast<uint64_t>(a_count) * b_count - not_above;
}
