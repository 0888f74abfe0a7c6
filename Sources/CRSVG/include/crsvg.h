#ifndef CRSVG_H
#define CRSVG_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// librsvg, opened at run time: pictures of SVG as PNG.

// The bytes of a PNG of that many pixels, which crsvg_free takes back. NULL, with a reason that it
// takes back too, where there is no library or it cannot draw the picture.
unsigned char *crsvg_png(
  const char *svg, size_t length, int width, int height, size_t *size, char **error);
void crsvg_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
