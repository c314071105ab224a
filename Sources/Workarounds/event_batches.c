// epoll_wait, redefined for libmicrohttpd 0.9.75.
//
// The library asks for at most 128 events. When it gets exactly 128, it asks again before it looks at any of them, and
// waits for as long as a connection may be idle: 128 clients that speak at once and then wait are left alone until somebody
// else speaks. Given one event less than it asked for, it never asks twice, and the kernel keeps the rest for the next call.
//
// Decision: docs/decisions/0002. Needed as long as `library-faults event_batches` finds the fault (WorkaroundsTests).
#define _GNU_SOURCE
#include <sys/epoll.h>

int epoll_wait(int descriptor, struct epoll_event *events, int most, int timeout) {
  return epoll_pwait(descriptor, events, most > 1 ? most - 1 : most, timeout, 0);
}
