#include "convolution.h"

#include <string.h>

#include "variants.h"

// Sums may be fused with products.
#pragma clang fp contract(fast)

/// Vectors of columns of the only window there is.
#define WIDE 8

#define FOUR_TILES(v) TILE(1, v) TILE(2, v) TILE(3, v) TILE(4, v)
#define SIX_TILES(v) FOUR_TILES(v) TILE(5, v) TILE(6, v)
#define EIGHT_TILES(v) SIX_TILES(v) TILE(7, v) TILE(8, v)

#define LANES 4
#if defined(__aarch64__)
#define POSITIONS 8
#define NUMBERS 8
#define VECTORS 3
#define EACH_TILE EIGHT_TILES(1) EIGHT_TILES(2) EIGHT_TILES(3)
#else
#define POSITIONS 4
#define NUMBERS 6
#define VECTORS 2
#define EACH_TILE FOUR_TILES(1) FOUR_TILES(2) TILE(1, 3)
#endif
#define TARGET
#define VARIANT(name) name##_baseline
#include "convolution_of_lanes.h"

#if defined(__x86_64__)
#define LANES 8
#define POSITIONS 6
#define NUMBERS 6
#define VECTORS 2
#define EACH_TILE SIX_TILES(1) SIX_TILES(2) TILE(1, 3)
#define TARGET __attribute__((target("avx2,fma")))
#define VARIANT(name) name##_avx2
#include "convolution_of_lanes.h"

#define LANES 16
#define POSITIONS 8
#define NUMBERS 8
#define VECTORS 3
#define EACH_TILE EIGHT_TILES(1) EIGHT_TILES(2) EIGHT_TILES(3)
#define TARGET __attribute__((target("avx512f,avx512vl")))
#define VARIANT(name) name##_avx512
#include "convolution_of_lanes.h"
#endif

#define CONVOLVER(lanes, variant) {lanes, convolve##variant, conv_weights##variant}

static const vk_convolver convolvers[] = {
#if defined(__x86_64__)
    CONVOLVER(16, _avx512),
    CONVOLVER(8, _avx2),
#endif
    CONVOLVER(4, _baseline),
};

size_t vk_convolver_count(void) { return WIDER + 1 - widest(); }

vk_convolver vk_convolver_at(size_t place) { return convolvers[widest() + place]; }
