#include "chighway.h"

#include <algorithm>
#include <limits>

#include <hwy/contrib/sort/vqsort.h>

void chw_sort(double *numbers, size_t count) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  // Highway 1.0.3 pads with the largest finite double and puts that in the place of infinities.
  double *const end = numbers + count;
  double *const first = std::partition(numbers, end, [](double x) { return x == -infinity; });
  double *const last = std::partition(first, end, [](double x) { return x != infinity; });
  hwy::Sorter sorter;
  sorter(first, static_cast<size_t>(last - first), hwy::SortAscending());
}
