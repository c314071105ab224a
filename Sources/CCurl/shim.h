#pragma once
#include <curl/curl.h>

// Swift cannot call C functions with variable arguments: one function for each type of value that curl_easy_setopt
// and curl_easy_getinfo take.
static inline CURLcode shim_set_string(CURL *handle, CURLoption option, const char *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode shim_set_long(CURL *handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode shim_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode shim_set_pointer(CURL *handle, CURLoption option, void *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode shim_set_write(CURL *handle, size_t (*function)(char *, size_t, size_t, void *)) {
  return (curl_easy_setopt)(handle, CURLOPT_WRITEFUNCTION, function);
}

static inline CURLcode shim_set_progress(CURL *handle, int (*function)(void *, curl_off_t, curl_off_t, curl_off_t,
                                                                         curl_off_t)) {
  return (curl_easy_setopt)(handle, CURLOPT_XFERINFOFUNCTION, function);
}

static inline long shim_response_code(CURL *handle) {
  long code = 0;
  (curl_easy_getinfo)(handle, CURLINFO_RESPONSE_CODE, &code);
  return code;
}
