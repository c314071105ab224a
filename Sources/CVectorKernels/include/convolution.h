// Direct convolutions: products of a sliding window with a kernel, without laying the windows out as a matrix first.
#pragma once

#include <stddef.h>

/// The windows of a convolution: a grid of frames and positions.
typedef struct {
  size_t frames, positions;
  /// Numbers of the input from a window to the one a frame, or a position, further on.
  size_t x_frame, x_step;
  /// The same of the output.
  size_t y_frame, y_step;
  /// Where each tap begins in a window, and how many numbers it has.
  const ptrdiff_t *offsets;
  size_t taps, inner;
  /// Whether the sums are added to what the output holds.
  int accumulates;
} vk_windows;

/// The functions compiled for one width of vector.
typedef struct {
  /// Numbers in a vector. "Padded" below means filled up with zeros to a multiple of it.
  size_t lanes;

  /// y[f][p][o] = bias[o] + Σ over taps t and c < inner of x[f * x_frame + p * x_step + offsets[t] + c] * w[t * inner + c][o], for
  /// o < columns; then rectified, if asked.
  ///
  /// - y: window (f, p) is at f * y_frame + p * y_step.
  /// - w: (taps * inner, padded columns)
  /// - bias: columns numbers; NULL for none, and where sums are added to what y holds.
  void (*convolve)(float *y, const float *x, const vk_windows *windows, const float *w,
                   size_t columns, const float *bias, int rectifies);

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
