// What kernels have in common whose text is compiled for several widths of vector: AVX-512, AVX2 and the baseline, in this order.
#pragma once

#include <stddef.h>

#include "unrolled.h"

/// Variants that are wider than the baseline.
#if defined(__x86_64__)
#define WIDER 2
#else
#define WIDER 0
#endif

/// The first that this processor can run.
static size_t widest(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return 0;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return WIDER;
}
