#include <string.h>
#include <zlib.h>

// inflateInit2 is a macro, which Swift cannot call. 32 more than the largest window takes zlib's and
// gzip's framing alike, and both checksums are verified.
static inline int cz_inflate_init(z_stream *stream) {
  memset(stream, 0, sizeof *stream);
  return inflateInit2(stream, 15 + 32);
}
