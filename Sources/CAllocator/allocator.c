#include "allocator.h"

#include <malloc.h>

void callocator_give_back(void) {
  // What a few seconds of sound take stays; what minutes of it take goes.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
}
