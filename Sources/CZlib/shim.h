#include <zlib.h>

// The macro inflateInit2 cannot be called from Swift.
static inline int demarc_inflate_begin(z_stream *stream) { return inflateInit2(stream, 16 + MAX_WBITS); }
