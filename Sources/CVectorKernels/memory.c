#include <stdlib.h>

#include "vector_kernels.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

void vk_keep_freed_memory(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
#endif
}
