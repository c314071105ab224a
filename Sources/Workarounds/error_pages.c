// MHD_queue_response, redefined for libmicrohttpd 0.9.75.
//
// The library answers what it cannot read (a header that does not fit, a broken chunk) itself, with a page of HTML. It has
// no option for another body, and sends the head of that answer twice. It hands the page to its own public
// MHD_queue_response: the function here has the program answer (RFC 9457) past the library instead. The program's own
// answers go to the library's function directly.
//
// Decision: docs/decisions/0002. Needed as long as `library-faults error_pages` finds the fault (WorkaroundsTests).
#define _GNU_SOURCE
#include "workarounds.h"

#include <dlfcn.h>
#include <microhttpd.h>

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

static cmhd_refusal refuse;

void cmhd_install_refusal(cmhd_refusal refusal) { refuse = refusal; }

enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status,
                                   struct MHD_Response *page) {
  if (!library_queue) return MHD_NO;
  if (!refuse) return library_queue(connection, status, page);
  refuse(connection, status);
  // As if it could not be queued: the library closes the connection. It would otherwise write the head twice.
  return MHD_NO;
}
