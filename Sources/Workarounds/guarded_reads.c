// recv, gnutls_record_recv and gnutls_record_check_pending, redefined for libmicrohttpd 0.9.75.
//
// The library is lenient about HTTP's framing. Even at its strictest level it accepts what a proxy in front may read in another
// way, which is how requests are smuggled. So what a client sends passes a guard of the program's before the library sees
// it. Descriptors that nobody has registered, and reads with flags, go to the system as ever.
//
// Decision: docs/decisions/0002. Needed as long as `library-faults guarded_reads` finds the fault (WorkaroundsTests).
#define _GNU_SOURCE
#include "workarounds.h"

#include <dlfcn.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>

enum { slot_count = 1 << 21 };

// A guard for each descriptor, with 1 added for TLS: GnuTLS reads records from the same descriptor through recv. Pages that
// nobody has written to take no memory.
static _Atomic(uintptr_t) slots[slot_count];

static cmhd_socket_reader read_socket;
static cmhd_tls_reader read_tls;
static cmhd_waiting count_waiting;

static ssize_t (*library_recv)(gnutls_session_t, void *, size_t);
static size_t (*library_pending)(gnutls_session_t);

// Before main, when there is one thread.
__attribute__((constructor)) static void find_library_reads(void) {
  library_recv = (ssize_t(*)(gnutls_session_t, void *, size_t))dlsym(RTLD_NEXT, "gnutls_record_recv");
  library_pending = (size_t(*)(gnutls_session_t))dlsym(RTLD_NEXT, "gnutls_record_check_pending");
}

void cmhd_install_readers(cmhd_socket_reader socket_reader, cmhd_tls_reader tls_reader, cmhd_waiting waiting) {
  read_socket = socket_reader;
  read_tls = tls_reader;
  count_waiting = waiting;
}

int cmhd_guard(int descriptor, void *guard, int is_tls) {
  if (descriptor < 0 || descriptor >= slot_count) return 0;
  atomic_store_explicit(&slots[descriptor], (uintptr_t)guard | (is_tls ? 1 : 0), memory_order_release);
  return 1;
}

void cmhd_unguard(int descriptor) {
  if (descriptor >= 0 && descriptor < slot_count)
    atomic_store_explicit(&slots[descriptor], 0, memory_order_release);
}

static uintptr_t slot(int descriptor) {
  if (descriptor < 0 || descriptor >= slot_count) return 0;
  return atomic_load_explicit(&slots[descriptor], memory_order_acquire);
}

ssize_t cmhd_system_recv(int descriptor, void *buffer, size_t count) {
  return recvfrom(descriptor, buffer, count, 0, 0, 0);
}

ssize_t recv(int descriptor, void *buffer, size_t count, int flags) {
  uintptr_t guard = flags ? 0 : slot(descriptor);
  if (!guard || guard & 1) return recvfrom(descriptor, buffer, count, flags, 0, 0);
  ssize_t result = read_socket((void *)guard, descriptor, buffer, count);
  if (result >= 0) return result;
  errno = (int)-result;
  return -1;
}

ssize_t cmhd_tls_recv(struct gnutls_session_int *session, void *buffer, size_t count) {
  return library_recv ? library_recv(session, buffer, count) : GNUTLS_E_INTERNAL_ERROR;
}

static void *tls_guard(gnutls_session_t session) {
  uintptr_t guard = slot(gnutls_transport_get_int(session));
  return guard & 1 ? (void *)(guard & ~(uintptr_t)1) : 0;
}

ssize_t gnutls_record_recv(gnutls_session_t session, void *buffer, size_t count) {
  void *guard = tls_guard(session);
  return guard ? read_tls(guard, session, buffer, count) : cmhd_tls_recv(session, buffer, count);
}

// The library asks before it waits for the socket: what a guard has ready counts as well.
size_t gnutls_record_check_pending(gnutls_session_t session) {
  void *guard = tls_guard(session);
  return (library_pending ? library_pending(session) : 0) + (guard ? count_waiting(guard) : 0);
}
