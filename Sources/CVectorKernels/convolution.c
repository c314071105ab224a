#include "convolution.h"

#include <string.h>

#include "variants.h"

// Sums may be fused with products.
#pragma clang fp contract(fast)

#define LANES 4
#if defined(__aarch64__)
#define POSITIONS 8
#define NUMBERS 8
#define VECTORS 3
#else
#define POSITIONS 4
#define NUMBERS 6
#define VECTORS 2
#endif
#define TARGET
#define VARIANT(name) name##_baseline
#include "convolution_of_lanes.h"

#if defined(__x86_64__)
#define LANES 8
#define POSITIONS 4
#define NUMBERS 6
#define VECTORS 2
#define TARGET __attribute__((target("avx2,fma")))
#define VARIANT(name) name##_avx2
#include "convolution_of_lanes.h"

#define LANES 16
#define POSITIONS 8
#define NUMBERS 8
#define VECTORS 3
#define TARGET __attribute__((target("avx512f,avx512vl")))
#define VARIANT(name) name##_avx512
#include "convolution_of_lanes.h"
#endif

#define CONVOLVER(lanes, variant) {lanes, conv_row##variant, conv_weights##variant}

static const vk_convolver convolvers[] = {
#if defined(__x86_64__)
    CONVOLVER(16, _avx512),
    CONVOLVER(8, _avx2),
#endif
    CONVOLVER(4, _baseline),
};

size_t vk_convolver_count(void) { return WIDER + 1 - widest(); }

vk_convolver vk_convolver_at(size_t place) { return convolvers[widest() + place]; }
