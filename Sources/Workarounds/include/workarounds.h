#pragma once

// Functions of libraries that this program redefines. The dynamic linker looks for a name in the program first, so that
// libmicrohttpd finds these and not its own; dlsym(RTLD_NEXT) finds the library's. A library that is linked so that it
// finds its own function first works as if this were not here. Each file is one workaround: docs/decisions/0002.

#include <sys/types.h>

struct MHD_Connection;
struct MHD_Response;

// MHD_queue_response for the program's own answers; not 0 when the library takes it. See error_pages.c.
int cmhd_queue_own_response(struct MHD_Connection *connection, unsigned int status,
                            struct MHD_Response *response);

// Answers in the library's place, past it. The library then closes the connection.
typedef void (*cmhd_refusal)(struct MHD_Connection *connection, unsigned int status);

// Once, before any connection.
void cmhd_install_refusal(cmhd_refusal refusal);

// gnutls_record_send, never while the library says goodbye in the same session. See tls_turns.c.
struct gnutls_session_int;
ssize_t cmhd_tls_send(struct gnutls_session_int *session, const void *bytes, size_t count);

// Whoever stands between a descriptor and the library's reading. Each gives what recv would, with -errno for an error,
// and what gnutls_record_recv would. See guarded_reads.c.
typedef ssize_t (*cmhd_socket_reader)(void *guard, int descriptor, void *buffer, size_t count);
typedef ssize_t (*cmhd_tls_reader)(void *guard, struct gnutls_session_int *session, void *buffer, size_t count);
// Bytes that a guard has ready.
typedef size_t (*cmhd_waiting)(void *guard);

// Once, before a descriptor is guarded.
void cmhd_install_readers(cmhd_socket_reader socket_reader, cmhd_tls_reader tls_reader, cmhd_waiting waiting);

// From now on what is read from the descriptor passes the guard, which has an even address; 0 when the number is too high.
int cmhd_guard(int descriptor, void *guard, int is_tls);
void cmhd_unguard(int descriptor);

// recv and gnutls_record_recv themselves.
ssize_t cmhd_system_recv(int descriptor, void *buffer, size_t count);
ssize_t cmhd_tls_recv(struct gnutls_session_int *session, void *buffer, size_t count);
