// The library answers what it cannot read (a header too long, a broken chunk) itself, with a page of HTML, and has no
// option for another body. It hands that page to its own public MHD_queue_response, through the dynamic linker: so the
// function of that name here, in the program, is what it finds, and turns the page into application/problem+json.
// The program's own answers go to the library's function directly. A library that is linked so that it finds its own
// function first answers in HTML as before.
#define _GNU_SOURCE
#include "library_errors.h"

#include <dlfcn.h>
#include <microhttpd.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

typedef enum MHD_Result (*queue_function)(struct MHD_Connection *, unsigned int, struct MHD_Response *);

static queue_function library_queue;

// Before main, when there is one thread.
__attribute__((constructor)) static void find_library_queue(void) {
  library_queue = (queue_function)dlsym(RTLD_NEXT, "MHD_queue_response");
}

int cmhd_queue_own_response(struct MHD_Connection *connection, unsigned int status,
                            struct MHD_Response *response) {
  return library_queue && library_queue(connection, status, response) == MHD_YES;
}

static const char *title(unsigned int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "The request cannot be read";
  }
}

enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status,
                                   struct MHD_Response *page) {
  if (!library_queue) return MHD_NO;
  char body[256], id[17];
  uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) random = 0;
  snprintf(id, sizeof id, "%016llx", (unsigned long long)random);
  int length = snprintf(body, sizeof body,
                        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,"
                        "\"detail\":\"The request is not HTTP that can be read, or its header is too long.\"}",
                        title(status), status);
  struct MHD_Response *problem = MHD_create_response_from_buffer((size_t)length, body, MHD_RESPMEM_MUST_COPY);
  if (!problem) return library_queue(connection, status, page);
  MHD_add_response_header(problem, "Content-Type", "application/problem+json");
  MHD_add_response_header(problem, "X-Request-ID", id);
  enum MHD_Result result = library_queue(connection, status, problem);
  MHD_destroy_response(problem);
  return result;
}
