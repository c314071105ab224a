#include "allocator.h"

#include <malloc.h>
#include <unistd.h>

void callocator_give_back(void) {
  // What a few seconds of sound take stays; what minutes of it take goes.
  mallopt(M_MMAP_THRESHOLD, 2 << 20);
  mallopt(M_TRIM_THRESHOLD, 2 << 20);
  // Each arena keeps what it can; most threads wait for clients and need none of their own.
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  mallopt(M_ARENA_MAX, (int)(2 * (processors > 0 ? processors : 1)));
}
