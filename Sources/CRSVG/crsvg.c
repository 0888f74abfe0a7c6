#include "crsvg.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// What follows is librsvg's and cairo's C API as far as it is used here.
// Sources: librsvg/rsvg.h (2.46 and later), cairo.h, glib-object.h, gerror.h.
typedef struct {
  double x, y, width, height;
} rectangle;

typedef struct {
  unsigned domain;
  int code;
  char *message;
} fault;

typedef int (*writing)(void *closure, const unsigned char *data, unsigned length);

struct library {
  void *(*new_handle)(const unsigned char *data, size_t length, fault **error);
  int (*render)(void *handle, void *context, const rectangle *viewport, fault **error);
  void (*release)(void *object);
  void (*free_fault)(fault *error);
  void *(*new_surface)(int format, int width, int height);
  int (*surface_status)(void *surface);
  void (*free_surface)(void *surface);
  void *(*new_context)(void *surface);
  void (*free_context)(void *context);
  int (*write_png)(void *surface, writing write, void *closure);
};

enum { argb32 = 0, success = 0, no_memory = 1 };

static int find(void *handle, const char *name, void *place) {
  void *symbol = dlsym(handle, name);
  memcpy(place, &symbol, sizeof symbol);
  return symbol != NULL;
}

// Opens the library; what it depends on is found through it. Never closed.
static int open_library(struct library *library) {
  void *handle = dlopen("librsvg-2.so.2", RTLD_NOW | RTLD_LOCAL);
  return handle && find(handle, "rsvg_handle_new_from_data", &library->new_handle) &&
         find(handle, "rsvg_handle_render_document", &library->render) &&
         find(handle, "g_object_unref", &library->release) &&
         find(handle, "g_error_free", &library->free_fault) &&
         find(handle, "cairo_image_surface_create", &library->new_surface) &&
         find(handle, "cairo_surface_status", &library->surface_status) &&
         find(handle, "cairo_surface_destroy", &library->free_surface) &&
         find(handle, "cairo_create", &library->new_context) &&
         find(handle, "cairo_destroy", &library->free_context) &&
         find(handle, "cairo_surface_write_to_png_stream", &library->write_png);
}

struct bytes {
  unsigned char *data;
  size_t count, capacity;
};

static int append(void *closure, const unsigned char *data, unsigned length) {
  struct bytes *bytes = closure;
  if (bytes->count + length > bytes->capacity) {
    size_t capacity = 2 * (bytes->count + length);
    unsigned char *larger = realloc(bytes->data, capacity);
    if (!larger) return no_memory;
    bytes->data = larger;
    bytes->capacity = capacity;
  }
  memcpy(bytes->data + bytes->count, data, length);
  bytes->count += length;
  return success;
}

static unsigned char *failed(char **error, const char *reason) {
  *error = strdup(reason);
  return NULL;
}

unsigned char *crsvg_png(
  const char *svg, size_t length, int width, int height, size_t *size, char **error) {
  struct library library;
  *error = NULL;
  if (!open_library(&library)) return failed(error, "librsvg is not there");

  fault *reason = NULL;
  void *handle = library.new_handle((const unsigned char *)svg, length, &reason);
  struct bytes bytes = {NULL, 0, 0};
  int is_drawn = 0;
  if (handle) {
    void *surface = library.new_surface(argb32, width, height);
    void *context = library.new_context(surface);
    rectangle viewport = {0, 0, width, height};
    is_drawn = library.surface_status(surface) == success &&
               library.render(handle, context, &viewport, &reason) &&
               library.write_png(surface, append, &bytes) == success;
    library.free_context(context);
    library.free_surface(surface);
    library.release(handle);
  }
  if (is_drawn) {
    *size = bytes.count;
    return bytes.data;
  }
  free(bytes.data);
  failed(error, reason ? reason->message : "librsvg cannot draw the picture");
  if (reason) library.free_fault(reason);
  return NULL;
}

void crsvg_free(void *memory) { free(memory); }
