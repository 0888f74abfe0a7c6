// A C face for Highway: vectorised kernels, dispatched at run time to what the processor has, and
// the loops over sorted numbers whose speed is the latency of a comparison.
#ifndef CHIGHWAY_H
#define CHIGHWAY_H

#include <stddef.h>
#include <stdint.h>

#include "chw_forest.h"

#ifdef __cplusplus
extern "C" {
#endif

// Sorts `count` numbers, none of them NaN, into ascending order.
void chw_sort(double *numbers, size_t count);

// Writes to `order` the indices of `count` numbers, none of them NaN and at most 2^32, from the
// smallest number to the greatest; of equal ones, zeros of either sign among them, the lower index
// comes first. `scratch` has room for 16 bytes a number, aligned to 16.
void chw_sort_order(const double *numbers, size_t count, void *scratch, uint32_t *order);

// Sorts pairs of a number and a weight, neither of them NaN, by number and then by weight; -0.0 becomes
// 0.0. `scratch` has room for 16 bytes a pair, aligned to 16.
void chw_sort_pairs(double *numbers, double *weights, size_t count, void *scratch);

// Of the pairs of one of `a` and one of `b`, both ascending and without NaN: twice the number in
// which the one of `a` is greater, plus the number in which both are equal.
uint64_t chw_half_wins(const double *a, size_t a_count, const double *b, size_t b_count);

#ifdef __cplusplus
}
#endif

#endif
