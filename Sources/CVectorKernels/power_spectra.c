#include "power_spectra.h"

#include <string.h>

#include "widest.h"

// Sums may be fused with products.
#pragma clang fp contract(fast)

// Lanes are the innermost axis of every array, so each step is the same arithmetic on LANES frames at once.
#define LANES POWER_SPECTRA_LANES

// Where an array is turned from frames to lanes or back: vectors that scatter or gather are slower than single numbers.
#define SCALAR _Pragma("clang loop vectorize(disable)")

#define REAL float
#define NAME(function) function
#include "power_spectra_of_real.h"
#undef REAL
#undef NAME

#define REAL double
#define NAME(function) precise_##function
#include "power_spectra_of_real.h"
