#pragma once
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>

// Swift cannot call C functions with variable arguments. MHD_start_daemon takes its options so:
// here they come as one array, which ends with MHD_OPTION_END.
static inline struct MHD_Daemon *cmhd_start_daemon(unsigned int flags,
                                                   MHD_AccessHandlerCallback handler,
                                                   void *context,
                                                   struct MHD_OptionItem *options) {
  return MHD_start_daemon(flags, 0, NULL, NULL, handler, context,
                          MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

// An option item holds a function as an integer, a cast that Swift does not offer; each maker below
// checks the function's type.
static inline struct MHD_OptionItem cmhd_on_target(
    void *(*callback)(void *, const char *, struct MHD_Connection *), void *context) {
  struct MHD_OptionItem item = {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)callback, context};
  return item;
}

static inline struct MHD_OptionItem cmhd_on_completed(MHD_RequestCompletedCallback callback,
                                                      void *context) {
  struct MHD_OptionItem item = {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)callback, context};
  return item;
}

static inline struct MHD_OptionItem cmhd_on_connection(MHD_NotifyConnectionCallback callback,
                                                       void *context) {
  struct MHD_OptionItem item = {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)callback, context};
  return item;
}

// Who reads the library's own messages, one line each.
struct cmhd_message_sink {
  void (*write)(void *context, const char *line);
  void *context;
};

// The library hands out a format and a va_list, which Swift cannot read: this makes a line of them.
static inline void cmhd_write_message(void *sink, const char *format, va_list arguments) {
  char line[512];
  vsnprintf(line, sizeof line, format, arguments);
  const struct cmhd_message_sink *target = (const struct cmhd_message_sink *)sink;
  target->write(target->context, line);
}

static inline struct MHD_OptionItem cmhd_on_message(struct cmhd_message_sink *sink) {
  struct MHD_OptionItem item = {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)&cmhd_write_message, sink};
  return item;
}

// MHD_get_connection_info and MHD_get_daemon_info have variable arguments, none of which these questions use;
// each answers from a union, of which one member is right.
static inline const struct sockaddr *cmhd_client_address(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info ? info->client_addr : NULL;
}

static inline int cmhd_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

// What the program has noted about the connection.
static inline void *cmhd_socket_context(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

// The gnutls_session_t; NULL without TLS.
static inline void *cmhd_tls_session(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  return info ? info->tls_session : NULL;
}

// MHD_set_connection_option has variable arguments, too.
static inline void cmhd_set_timeout(struct MHD_Connection *connection, unsigned int seconds) {
  MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

// The status of the response that the library has queued; 0 when there is none.
static inline unsigned int cmhd_status(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
  return info ? info->http_status : 0;
}

static inline unsigned int cmhd_connection_count(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info =
      MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
  return info ? info->num_connections : 0;
}
