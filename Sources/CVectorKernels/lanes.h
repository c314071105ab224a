// Sixteen frames at once, one in each lane of a vector: rows of numbers become vectors of lanes, and back.
#pragma once

#include <string.h>

#include "unrolled.h"

#define LANES 16

typedef float row_of_lanes __attribute__((vector_size(4 * LANES), aligned(4)));

/// LANES numbers from `from` on; those outside the `count` numbers of x are zero. (A vector that is returned would need a calling
/// convention.)
INLINE void load_row(row_of_lanes *row, const float *x, long count, long from) {
  if (from >= 0 && from + LANES <= count) {
    *row = *(const row_of_lanes *)(x + from);
  } else {
    long first = from < 0 ? -from : 0, end = count - from < LANES ? count - from : LANES;
    *row = (row_of_lanes){0};
    if (first < end) memcpy((float *)row + first, x + from + first, 4 * (end - first));
  }
}

/// Row i, lane l becomes row l, lane i, by four perfect shuffles.
INLINE void transpose(row_of_lanes rows[LANES]) {
  row_of_lanes next[LANES];
  UNROLL for (int round = 1; round < LANES; round *= 2) {
    UNROLL for (int r = 0; r < LANES / 2; r++) {
      row_of_lanes a = rows[r], b = rows[r + LANES / 2];
      next[2 * r] = __builtin_shufflevector(
          a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * r + 1] = __builtin_shufflevector(
          a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    UNROLL for (int r = 0; r < LANES; r++) rows[r] = next[r];
  }
}

/// y[lane][i] = rows[i][lane] for lane < frames and i < count, at most LANES each; rows of y are `width` numbers apart.
INLINE void store_rows(row_of_lanes rows[LANES], float *y, long width, long frames, long count) {
  transpose(rows);
  if (count == LANES)
    UNROLL for (int lane = 0; lane < LANES; lane++) {
      if (lane < frames) *(row_of_lanes *)(y + lane * width) = rows[lane];
    }
  else
    UNROLL for (int lane = 0; lane < LANES; lane++) {
      if (lane < frames) memcpy(y + lane * width, &rows[lane], 4 * count);
    }
}
