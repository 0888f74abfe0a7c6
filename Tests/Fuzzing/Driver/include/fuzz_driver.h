#ifndef FUZZ_DRIVER_H
#define FUZZ_DRIVER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own main function, for programs that have another one: runs inputs until an option
/// or a fault ends it. It takes the command line apart as libFuzzer's documentation says.
int LLVMFuzzerRunDriver(
    int *count, char ***arguments, int (*callback)(const uint8_t *bytes, size_t size));

#endif
