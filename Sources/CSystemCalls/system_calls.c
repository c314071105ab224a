#define _GNU_SOURCE
#include "system_calls.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

static int add(int set, int descriptor, uint32_t events, uint64_t number) {
  struct epoll_event event = {.events = events, .data.u64 = number};
  return epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
}

int csys_watch_open(int ends[2]) {
  ends[0] = ends[1] = -1;
  int set = epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) return -1;
  if (pipe2(ends, O_CLOEXEC) == 0 && add(set, ends[0], EPOLLRDHUP, 0) == 0) return set;
  close(set);
  return -1;
}

void csys_watch_begin(int set, int socket, uint64_t number) {
  if (set >= 0) add(set, socket, EPOLLRDHUP | EPOLLONESHOT, number);
}

void csys_watch_end(int set, int socket) {
  struct epoll_event none = {0};
  if (set >= 0) epoll_ctl(set, EPOLL_CTL_DEL, socket, &none);
}

int csys_watch_wait(int set, uint64_t *numbers, int most) {
  struct epoll_event events[64];
  int count = epoll_pwait(set, events, most < 64 ? most : 64, -1, 0);
  for (int i = 0; i < count; i++) numbers[i] = events[i].data.u64;
  return count;
}

// Linux has a priority for each thread: 0 is the calling one.
void csys_be_nice(void) { setpriority(PRIO_PROCESS, 0, 19); }

int csys_affinity(void) {
  cpu_set_t mask;
  return sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : -1;
}
