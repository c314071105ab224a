// Direct convolutions: products of a sliding window with a kernel, without laying the windows out as a matrix first.
#pragma once

#include <stddef.h>

/// The functions compiled for one width of vector.
typedef struct {
  /// Numbers in a vector. "Padded" below means filled up with zeros to a multiple of it.
  size_t lanes;

  /// y[p][o] = bias[o] + Σ over taps t and c < inner of x[p * x_step + offsets[t] + c] * w[t * inner + c][o], for p < positions
  /// and o < columns; then rectified, if asked.
  ///
  /// - x: position p reads from p * x_step + offsets[t] on.
  /// - w: (taps * inner, padded columns)
  /// - y: position p is at p * y_step.
  /// - bias: columns numbers, or NULL.
  void (*row)(float *y, size_t y_step, const float *x, size_t x_step, const ptrdiff_t *offsets,
              size_t taps, size_t inner, const float *w, size_t columns, size_t positions,
              const float *bias, int rectifies);

  /// dw[c][o] += Σ over frames f and positions p of x[f * x_frame + p * x_step + c] * dy[f * dy_frame + p * padded + o],
  /// for c < inner and o < padded.
  ///
  /// - dw: (inner, padded)
  void (*weights)(float *dw, const float *x, size_t x_frame, size_t x_step, size_t inner,
                  const float *dy, size_t dy_frame, size_t padded, size_t frames,
                  size_t positions);
} vk_convolver;

/// How many of them this processor can run.
size_t vk_convolver_count(void);

/// The widest first; `place` is less than their count.
vk_convolver vk_convolver_at(size_t place);
