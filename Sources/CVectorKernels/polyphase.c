#include "polyphase.h"

#include <string.h>

#include "variants.h"

// Sums may be fused with products.
#pragma clang fp contract(fast)

#define GROUP VK_POLYPHASE_GROUP

/// Vectors of stretches in a row.
#define VECTORS 2

/// The longest stretch of outputs in a lane, about: lanes of it and of its input fit the second cache.
#define STRETCH 512

INLINE size_t round_up(size_t count, size_t unit) { return (count + unit - 1) / unit * unit; }

/// Lanes are in step when a stretch is whole periods; it is whole groups, too.
INLINE size_t unit_of(size_t up) {
  size_t unit = up;
  while (unit % GROUP) unit += up;
  return unit;
}

INLINE size_t stretch_of(size_t outputs, size_t lanes, size_t up) {
  return round_up((outputs + lanes - 1) / lanes, unit_of(up));
}

/// Samples in that a stretch reads.
INLINE size_t input_of(size_t stretch, const vk_polyphase *filter) {
  return stretch / filter->up * filter->down + filter->down + filter->padding + filter->taps;
}

size_t vk_polyphase_outputs(size_t lanes, size_t up) {
  size_t unit = unit_of(up);
  return (unit > STRETCH ? unit : STRETCH / unit * unit) * lanes;
}

size_t vk_polyphase_scratch(size_t lanes, const vk_polyphase *filter) {
  size_t stretch = vk_polyphase_outputs(lanes, filter->up) / lanes;
  return (round_up(stretch, lanes) + round_up(input_of(stretch, filter), lanes)) * lanes;
}

#define LANES 4
#define OUTPUTS 4
#define TARGET
#define VARIANT(name) name##_baseline
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#include "polyphase_of_lanes.h"

#if defined(__x86_64__)
#define LANES 8
#define OUTPUTS 4
#define TARGET __attribute__((target("avx2,fma")))
#define VARIANT(name) name##_avx2
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#include "polyphase_of_lanes.h"

#define LANES 16
#define OUTPUTS 8
#define TARGET __attribute__((target("avx512f,avx512vl")))
#define VARIANT(name) name##_avx512
#define LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#include "polyphase_of_lanes.h"
#endif

static const vk_resampler resamplers[] = {
#if defined(__x86_64__)
    {16 * VECTORS, filter_avx512},
    {8 * VECTORS, filter_avx2},
#endif
    {4 * VECTORS, filter_baseline},
};

size_t vk_resampler_count(void) { return WIDER + 1 - widest(); }

vk_resampler vk_resampler_at(size_t place) { return resamplers[widest() + place]; }
