// Loops over a few vectors.
#pragma once

#define INLINE static inline __attribute__((always_inline))

// Before a loop over a constant number of vectors: only unrolled, they are registers.
#define UNROLL _Pragma("clang loop unroll(full)")
