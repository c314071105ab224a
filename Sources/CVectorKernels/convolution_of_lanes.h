// Included once for each width of vector: LANES, VARIANT(name), TARGET, POSITIONS and NUMBERS (of a large tile) and VECTORS (its
// vectors of columns, at most 3), so many that the sums, the weights and a number fit the registers; and EACH_TILE, a TILE for every
// tile up to the large one. They are undefined at its end.
//
// A tile is a few positions by a few vectors of columns, whose sums stay in registers while the window is walked through: each
// number of the window is multiplied with as many vectors of weights as it is loaded for, each vector of weights with as many
// numbers.

typedef float VARIANT(vector) __attribute__((vector_size(4 * LANES), aligned(4)));
typedef int VARIANT(bits) __attribute__((vector_size(4 * LANES)));
#define VECTOR VARIANT(vector)

/// How many vectors of `left` the next tile has. Four are two and two rather than three and one.
TARGET INLINE size_t VARIANT(vectors)(size_t left) {
  return left < VECTORS ? left : VECTORS == 3 && left == 4 ? 2 : VECTORS;
}

/// The numbers of a vector from `from` on that belong to `columns` columns, or zeros. (A vector that is returned would need a calling
/// convention.)
TARGET INLINE void VARIANT(load)(VECTOR *vector, const float *from, size_t columns) {
  VECTOR found = {0};
  if (from && columns >= LANES)
    found = *(const VECTOR *)from;
  else if (from)
    memcpy(&found, from, 4 * columns);
  *vector = found;
}

/// rows: windows of the tile, each with its place in x and y. vectors: of columns, from `w` and `y` on.
TARGET INLINE void VARIANT(tile)(size_t rows, size_t vectors, float *const *y, const float *const *x,
                                 const vk_windows *windows, const float *w, size_t padded,
                                 size_t columns, const float *bias, int rectifies) {
  VECTOR sums[POSITIONS][WIDE];
  if (windows->accumulates) {
    UNROLL for (size_t r = 0; r < rows; r++)
      UNROLL for (size_t v = 0; v < vectors; v++)
        VARIANT(load)(&sums[r][v], y[r] + v * LANES, columns - v * LANES);
  } else {
    UNROLL for (size_t v = 0; v < vectors; v++) {
      VECTOR start;
      VARIANT(load)(&start, bias ? bias + v * LANES : NULL, columns - v * LANES);
      UNROLL for (size_t r = 0; r < rows; r++) sums[r][v] = start;
    }
  }
  for (size_t t = 0; t < windows->taps; t++) {
    const float *window[POSITIONS];
    UNROLL for (size_t r = 0; r < rows; r++) window[r] = x[r] + windows->offsets[t];
    for (size_t c = 0; c < windows->inner; c++, w += padded) {
      VECTOR weights[WIDE];
      UNROLL for (size_t v = 0; v < vectors; v++) weights[v] = *(const VECTOR *)(w + v * LANES);
      UNROLL for (size_t r = 0; r < rows; r++) {
        float number = window[r][c];
        UNROLL for (size_t v = 0; v < vectors; v++) sums[r][v] += number * weights[v];
      }
    }
  }
  // All bits of what is below zero are cleared; NaN stays.
  if (rectifies)
    UNROLL for (size_t r = 0; r < rows; r++)
      UNROLL for (size_t v = 0; v < vectors; v++)
        sums[r][v] = (VECTOR)(~(sums[r][v] < 0) & (VARIANT(bits))sums[r][v]);
  // Asked once: each of a short window's stores would wait for its own answer.
  int isWhole = columns >= vectors * LANES;
  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < vectors; v++) {
      VECTOR sum = sums[r][v];
      size_t left = columns - v * LANES;
      if (isWhole)
        *(VECTOR *)(y[r] + v * LANES) = sum;
      else
        memcpy(y[r] + v * LANES, &sum, 4 * (left < LANES ? left : LANES));
    }
}

#define TILE(rows, vectors)                                                                        \
  case 10 * (vectors) + (rows):                                                                    \
    VARIANT(tile)(rows, vectors, to, from, windows, w + o, padded, columns - o, bias ? bias + o : NULL, \
                  rectifies);                                                                      \
    break;

TARGET static void VARIANT(convolve)(float *y, const float *x, const vk_windows *windows,
                                     const float *w, size_t columns, const float *bias,
                                     int rectifies) {
  size_t padded = (columns + LANES - 1) / LANES * LANES;
  size_t positions = windows->positions, count = windows->frames * positions;
  for (size_t o = 0; o < padded;) {
    size_t left = (padded - o) / LANES;
    // A single window has few sums; only many columns of it keep the processor busy.
    size_t vectors = count > 1 ? VARIANT(vectors)(left) : left < WIDE ? left : WIDE;
    size_t frame = 0, position = 0;
    for (size_t done = 0; done < count;) {
      const float *from[POSITIONS];
      float *to[POSITIONS];
      size_t rows = count - done < POSITIONS ? count - done : POSITIONS;
      // A tile may reach into the next frames: late layers have few positions.
      for (size_t r = 0; r < rows; r++) {
        from[r] = x + frame * windows->x_frame + position * windows->x_step;
        to[r] = y + frame * windows->y_frame + position * windows->y_step + o;
        if (++position == positions) frame++, position = 0;
      }
      switch (10 * vectors + rows) {
        EACH_TILE
        TILE(1, 4)
        TILE(1, 5)
        TILE(1, 6)
        TILE(1, 7)
        TILE(1, 8)
        default: break;
      }
      done += rows;
    }
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
#undef EACH_TILE
#undef WEIGHT_TILE
#undef WEIGHT_TILES
#undef LANES
#undef POSITIONS
#undef NUMBERS
#undef VECTORS
#undef TARGET
#undef VARIANT
