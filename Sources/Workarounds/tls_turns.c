// gnutls_bye, redefined for libmicrohttpd 0.9.75 with GnuTLS 3.7.9.
//
// GnuTLS lets one thread send while another one receives, but no two threads may send at once. The thread of a live answer
// sends. The library's thread only receives, but says goodbye (gnutls_bye) as soon as the client has gone, and that sends.
// So that function and the program's sending take turns.
//
// Decision: docs/decisions/0002. Needed as long as `library-faults tls_turns` finds the fault (WorkaroundsTests).
#define _GNU_SOURCE
#include "workarounds.h"

#include <dlfcn.h>
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdint.h>

// Sessions share them, which does no harm: nobody waits for a client while it has a turn.
static pthread_mutex_t turns[64] = {[0 ... 63] = PTHREAD_MUTEX_INITIALIZER};

static pthread_mutex_t *turn(const void *session) { return &turns[((uintptr_t)session >> 6) % 64]; }

static int (*library_bye)(gnutls_session_t, gnutls_close_request_t);

// Before main, when there is one thread.
__attribute__((constructor)) static void find_library_bye(void) {
  library_bye = (int (*)(gnutls_session_t, gnutls_close_request_t))dlsym(RTLD_NEXT, "gnutls_bye");
}

int gnutls_bye(gnutls_session_t session, gnutls_close_request_t how) {
  if (!library_bye) return GNUTLS_E_INTERNAL_ERROR;
  pthread_mutex_lock(turn(session));
  int code = library_bye(session, how);
  pthread_mutex_unlock(turn(session));
  return code;
}

ssize_t cmhd_tls_send(struct gnutls_session_int *session, const void *bytes, size_t count) {
  pthread_mutex_lock(turn(session));
  ssize_t sent = gnutls_record_send(session, bytes, count);
  pthread_mutex_unlock(turn(session));
  return sent;
}
