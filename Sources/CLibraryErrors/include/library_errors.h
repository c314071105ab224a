#pragma once

struct MHD_Connection;
struct MHD_Response;

// MHD_queue_response for the program's own answers; not 0 when the library takes it. See library_errors.c.
int cmhd_queue_own_response(struct MHD_Connection *connection, unsigned int status,
                            struct MHD_Response *response);
