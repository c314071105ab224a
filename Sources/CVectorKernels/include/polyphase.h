// Polyphase filters: a signal at another rate, of which each sample is a sum of products with one row of coefficients.
#pragma once

#include <stddef.h>

/// A rational change of rate and its coefficients.
typedef struct {
  /// Samples out and samples in per period: their rates without common factors.
  size_t up, down;
  /// Coefficients of a row.
  size_t taps;
  /// Zeros before and after the coefficients of a row: at least as many as VK_POLYPHASE_GROUP outputs are apart, in samples in.
  size_t padding;
  /// 2 where every second coefficient is zero, beginning with the second, but for the one in the middle (a half-band filter with up 1
  /// and down 2); otherwise 1.
  size_t step;
  /// (up, padding + taps + padding); without the middle where step is 2.
  const float *rows;
  /// The coefficient in the middle where step is 2.
  float middle;
} vk_polyphase;

/// Outputs that are computed together.
#define VK_POLYPHASE_GROUP 8

/// The function compiled for one width of vector.
typedef struct {
  /// Stretches of the signal that are computed side by side.
  size_t lanes;

  /// y[n] = Σ over j < taps of rows[p][padding + j] * x[i + j], where i = (phase + n * down) / up and p is the remainder.
  ///
  /// Every sum is taken in the order of j, so the outputs do not depend on how a signal is cut.
  ///
  /// - x: `count` numbers; zeros follow.
  /// - outputs: at most vk_polyphase_outputs(lanes, up).
  /// - scratch: vk_polyphase_scratch(lanes, filter) numbers.
  void (*filter)(const vk_polyphase *filter, const float *x, size_t count, size_t phase, float *y,
                 size_t outputs, float *scratch);
} vk_resampler;

/// The most outputs of one call.
size_t vk_polyphase_outputs(size_t lanes, size_t up);

/// Numbers that a call needs beside its input and output.
size_t vk_polyphase_scratch(size_t lanes, const vk_polyphase *filter);

/// How many of them this processor can run.
size_t vk_resampler_count(void);

/// The widest first; `place` is less than their count.
vk_resampler vk_resampler_at(size_t place);
