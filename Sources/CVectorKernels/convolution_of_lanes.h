// Included once for each width of vector: LANES, VARIANT(name), TARGET, POSITIONS and NUMBERS (of a large tile) and VECTORS (its
// vectors of columns, at most 3), so many that the sums, the weights and a number fit the registers. They are undefined at its end.
//
// A tile is a few positions by a few vectors of columns, whose sums stay in registers while the window is walked through: each
// number of the window is multiplied with as many vectors of weights as it is loaded for, each vector of weights with as many
// numbers.

typedef float VARIANT(vector) __attribute__((vector_size(4 * LANES), aligned(4)));
#define VECTOR VARIANT(vector)

/// How many vectors of `left` the next tile has. Four are two and two rather than three and one.
TARGET INLINE size_t VARIANT(vectors)(size_t left) {
  return left < VECTORS ? left : VECTORS == 3 && left == 4 ? 2 : VECTORS;
}

/// rows: positions of the tile. vectors: of columns, from `w` and `y` on.
TARGET INLINE void VARIANT(tile)(size_t rows, size_t vectors, float *y, size_t y_step,
                                 const float *x, size_t x_step, const ptrdiff_t *offsets,
                                 size_t taps, size_t inner, const float *w, size_t padded,
                                 size_t columns, const float *bias, int rectifies) {
  VECTOR sums[POSITIONS][3];
  UNROLL for (size_t v = 0; v < vectors; v++) {
    VECTOR start = {0};
    if (bias) {
      size_t left = columns - v * LANES;
      if (left >= LANES)
        start = *(const VECTOR *)(bias + v * LANES);
      else
        memcpy(&start, bias + v * LANES, 4 * left);
    }
    UNROLL for (size_t r = 0; r < rows; r++) sums[r][v] = start;
  }
  for (size_t t = 0; t < taps; t++) {
    const float *window = x + offsets[t];
    for (size_t c = 0; c < inner; c++, w += padded) {
      VECTOR weights[3];
      UNROLL for (size_t v = 0; v < vectors; v++) weights[v] = *(const VECTOR *)(w + v * LANES);
      UNROLL for (size_t r = 0; r < rows; r++) {
        float number = window[r * x_step + c];
        UNROLL for (size_t v = 0; v < vectors; v++) sums[r][v] += number * weights[v];
      }
    }
  }
  UNROLL for (size_t r = 0; r < rows; r++) {
    UNROLL for (size_t v = 0; v < vectors; v++) {
      VECTOR sum = sums[r][v];
      if (rectifies)
        for (size_t l = 0; l < LANES; l++) sum[l] = sum[l] < 0 ? 0 : sum[l];
      size_t left = columns - v * LANES;
      float *place = y + r * y_step + v * LANES;
      if (left >= LANES)
        *(VECTOR *)place = sum;
      else
        memcpy(place, &sum, 4 * left);
    }
  }
}

#define TILE(rows, vectors)                                                                       \
  VARIANT(tile)(rows, vectors, y + p * y_step + o, y_step, x + p * x_step, x_step, offsets, taps, \
                inner, w + o, padded, columns - o, bias ? bias + o : NULL, rectifies)
#define TILES(rows)           \
  for (; p + rows <= positions; p += rows) switch (vectors) { \
      case 1: TILE(rows, 1); break; \
      case 2: TILE(rows, 2); break; \
      default: TILE(rows, 3); \
    }

TARGET static void VARIANT(conv_row)(float *y, size_t y_step, const float *x, size_t x_step,
                                     const ptrdiff_t *offsets, size_t taps, size_t inner,
                                     const float *w, size_t columns, size_t positions,
                                     const float *bias, int rectifies) {
  size_t padded = (columns + LANES - 1) / LANES * LANES;
  for (size_t o = 0; o < padded;) {
    size_t left = (padded - o) / LANES;
    size_t vectors = VARIANT(vectors)(left);
    size_t p = 0;
    TILES(POSITIONS)
    TILES(4)
    TILES(1)
    o += vectors * LANES;
  }
}

/// rows: numbers of the window, from `x` on.
TARGET INLINE void VARIANT(weight_tile)(size_t rows, size_t vectors, float *dw, const float *x,
                                        size_t x_frame, size_t x_step, const float *dy,
                                        size_t dy_frame, size_t padded, size_t frames,
                                        size_t positions) {
  VECTOR sums[NUMBERS][3];
  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < vectors; v++)
      sums[r][v] = *(const VECTOR *)(dw + r * padded + v * LANES);
  for (size_t f = 0; f < frames; f++) {
    for (size_t p = 0; p < positions; p++) {
      const float *window = x + f * x_frame + p * x_step;
      const float *row = dy + f * dy_frame + p * padded;
      VECTOR gradient[3];
      UNROLL for (size_t v = 0; v < vectors; v++) gradient[v] = *(const VECTOR *)(row + v * LANES);
      UNROLL for (size_t r = 0; r < rows; r++) {
        float number = window[r];
        UNROLL for (size_t v = 0; v < vectors; v++) sums[r][v] += number * gradient[v];
      }
    }
  }
  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < vectors; v++)
      *(VECTOR *)(dw + r * padded + v * LANES) = sums[r][v];
}

#define WEIGHT_TILE(rows, vectors)                                                                \
  VARIANT(weight_tile)(rows, vectors, dw + c * padded + o, x + c, x_frame, x_step, dy + o,        \
                       dy_frame, padded, frames, positions)
#define WEIGHT_TILES(rows)      \
  for (; c + rows <= inner; c += rows) switch (vectors) { \
      case 1: WEIGHT_TILE(rows, 1); break; \
      case 2: WEIGHT_TILE(rows, 2); break; \
      default: WEIGHT_TILE(rows, 3); \
    }

TARGET static void VARIANT(conv_weights)(float *dw, const float *x, size_t x_frame, size_t x_step,
                                         size_t inner, const float *dy, size_t dy_frame,
                                         size_t padded, size_t frames, size_t positions) {
  for (size_t o = 0; o < padded;) {
    size_t left = (padded - o) / LANES;
    size_t vectors = VARIANT(vectors)(left);
    size_t c = 0;
    WEIGHT_TILES(NUMBERS)
    WEIGHT_TILES(4)
    WEIGHT_TILES(1)
    o += vectors * LANES;
  }
}

#undef VECTOR
#undef TILE
#undef TILES
#undef WEIGHT_TILE
#undef WEIGHT_TILES
#undef LANES
#undef POSITIONS
#undef NUMBERS
#undef VECTORS
#undef TARGET
#undef VARIANT
