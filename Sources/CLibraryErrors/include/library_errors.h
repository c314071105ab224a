#pragma once

#include "client_watch.h"

#include <sys/types.h>

struct MHD_Connection;
struct MHD_Response;

// MHD_queue_response for the program's own answers; not 0 when the library takes it. See library_errors.c.
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
