// libmicrohttpd 0.9.75 asks epoll_wait for at most 128 events, and when it gets exactly 128, asks once more before it
// looks at any of them: for as long as a connection may be idle. 128 clients that speak at once and then wait are left
// alone until somebody else speaks. Given one event less than it asked for, it never asks twice, and the kernel keeps
// the rest for the next round. As with MHD_queue_response (library_errors.c), the program's function of that name is
// the one that the dynamic linker finds for the library.
#define _GNU_SOURCE
#include <sys/epoll.h>

int epoll_wait(int descriptor, struct epoll_event *events, int most, int timeout) {
  return epoll_pwait(descriptor, events, most > 1 ? most - 1 : most, timeout, 0);
}
