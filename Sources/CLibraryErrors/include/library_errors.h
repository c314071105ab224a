#pragma once

#include <sys/types.h>

struct MHD_Connection;
struct MHD_Response;

// MHD_queue_response for the program's own answers; not 0 when the library takes it. See library_errors.c.
int cmhd_queue_own_response(struct MHD_Connection *connection, unsigned int status,
                            struct MHD_Response *response);

// gnutls_record_send, never while the library says goodbye in the same session. See tls_turns.c.
struct gnutls_session_int;
ssize_t cmhd_tls_send(struct gnutls_session_int *session, const void *bytes, size_t count);
