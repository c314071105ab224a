// Included once for each width of vector: LANES, VARIANT(name), TARGET, OUTPUTS (a divisor of GROUP), and LOW(a, b) and HIGH(a, b), which
// interleave the halves of two vectors. They are undefined at its end.
//
// A lane is a stretch of the signal, so that neighbouring numbers of one stretch lie in neighbouring rows, and no sum runs across a
// vector. A tile is OUTPUTS outputs of VECTORS vectors of stretches, whose sums stay in registers: each row is loaded once for so many
// outputs, each coefficient once for so many vectors.

typedef float VARIANT(vector) __attribute__((vector_size(4 * LANES), aligned(4)));
#define VECTOR VARIANT(vector)

/// Rows become columns: log2(LANES) perfect shuffles.
TARGET INLINE void VARIANT(transpose)(VECTOR rows[LANES]) {
  VECTOR next[LANES];
  UNROLL for (size_t round = 1; round < LANES; round *= 2) {
    UNROLL for (size_t r = 0; r < LANES / 2; r++) {
      next[2 * r] = LOW(rows[r], rows[r + LANES / 2]);
      next[2 * r + 1] = HIGH(rows[r], rows[r + LANES / 2]);
    }
    UNROLL for (size_t r = 0; r < LANES; r++) rows[r] = next[r];
  }
}

#define ROW (VECTORS * LANES)

/// to[i][l] = x[l * step + i] for i < length and l < ROW, zero from `count` on. `to` has room for a multiple of LANES rows.
TARGET INLINE void VARIANT(to_lanes)(const float *x, size_t count, size_t step, size_t length,
                                     float *to) {
  for (size_t i = 0; i < length; i += LANES)
    for (size_t v = 0; v < ROW; v += LANES) {
      VECTOR rows[LANES];
      UNROLL for (size_t l = 0; l < LANES; l++) {
        size_t from = (v + l) * step + i;
        VECTOR row = {0};
        if (from + LANES <= count)
          row = *(const VECTOR *)(x + from);
        else if (from < count)
          memcpy(&row, x + from, 4 * (count - from));
        rows[l] = row;
      }
      VARIANT(transpose)(rows);
      UNROLL for (size_t l = 0; l < LANES; l++) *(VECTOR *)(to + (i + l) * ROW + v) = rows[l];
    }
}

/// y[l * length + i] = from[i][l] for i < length and l < ROW, as far as y has `count` numbers.
TARGET INLINE void VARIANT(from_lanes)(const float *from, size_t length, float *y, size_t count) {
  for (size_t i = 0; i < length; i += LANES)
    for (size_t v = 0; v < ROW; v += LANES) {
      VECTOR rows[LANES];
      UNROLL for (size_t l = 0; l < LANES; l++)
        rows[l] = *(const VECTOR *)(from + (i + l) * ROW + v);
      VARIANT(transpose)(rows);
      size_t left = length - i < LANES ? length - i : LANES;
      UNROLL for (size_t l = 0; l < LANES; l++) {
        size_t to = (v + l) * length + i;
        if (left == LANES && to + LANES <= count)
          *(VECTOR *)(y + to) = rows[l];
        else if (to < count)
          memcpy(y + to, &rows[l], 4 * (count - to < left ? count - to : left));
      }
    }
}

TARGET static void VARIANT(filter)(const vk_polyphase *filter, const float *x, size_t count,
                                   size_t phase, float *y, size_t outputs, float *scratch) {
  size_t up = filter->up, down = filter->down, taps = filter->taps, padding = filter->padding;
  size_t row = taps + 2 * padding;
  size_t stretch = stretch_of(outputs, ROW, up);
  size_t length = input_of(stretch, filter);
  float *sums = scratch, *lanes = scratch + round_up(stretch, LANES) * ROW;
  VARIANT(to_lanes)(x, count, stretch / up * down, length, lanes);
  for (size_t n = 0; n < stretch; n += OUTPUTS) {
    const float *weights[OUTPUTS];
    size_t first = (phase + n * down) / up;
    size_t last = first;
    UNROLL for (size_t k = 0; k < OUTPUTS; k++) {
      size_t place = phase + (n + k) * down;
      last = place / up;
      weights[k] = filter->rows + place % up * row + padding - (last - first);
    }
    size_t width = last - first + taps;
    const float *input = lanes + first * ROW;
    VECTOR sum[OUTPUTS][VECTORS] = {0};
    for (size_t j = 0; j < width; j += filter->step) {
      VECTOR numbers[VECTORS];
      UNROLL for (size_t v = 0; v < VECTORS; v++)
        numbers[v] = *(const VECTOR *)(input + j * ROW + v * LANES);
      UNROLL for (size_t k = 0; k < OUTPUTS; k++) {
        float weight = weights[k][j];
        UNROLL for (size_t v = 0; v < VECTORS; v++) sum[k][v] += weight * numbers[v];
      }
    }
    UNROLL for (size_t k = 0; k < OUTPUTS; k++)
      UNROLL for (size_t v = 0; v < VECTORS; v++) {
        if (filter->step == 2)
          sum[k][v] += filter->middle *
                       *(const VECTOR *)(input + (k * down + taps / 2) * ROW + v * LANES);
        *(VECTOR *)(sums + (n + k) * ROW + v * LANES) = sum[k][v];
      }
  }
  VARIANT(from_lanes)(sums, stretch, y, outputs);
}

#undef ROW
#undef VECTOR
#undef LANES
#undef OUTPUTS
#undef TARGET
#undef VARIANT
#undef LOW
#undef HIGH
