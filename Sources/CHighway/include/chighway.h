// A C face for Highway: vectorised kernels, dispatched at run time to what the processor has.
#ifndef CHIGHWAY_H
#define CHIGHWAY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Sorts `count` numbers, none of them NaN, into ascending order. Zeros may change their sign.
void chw_sort(double *numbers, size_t count);

#ifdef __cplusplus
}
#endif

#endif
