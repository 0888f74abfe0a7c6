// Patterns and texts are bytes; the header wants to know before it is read.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
