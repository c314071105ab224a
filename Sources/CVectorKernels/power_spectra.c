#include "power_spectra.h"

#include "lanes.h"
#include "widest.h"

// Sums may be fused with products.
#pragma clang fp contract(fast)

// Lanes are the innermost axis of every array, so each step is the same arithmetic on LANES frames at once.
_Static_assert(LANES == POWER_SPECTRA_LANES, "one number of lanes");

typedef double precise_row __attribute__((vector_size(8 * LANES), aligned(8)));

#define REAL float
#define ROW row_of_lanes
#define NAME(function) function
#include "power_spectra_of_real.h"
#undef REAL
#undef ROW
#undef NAME

#define REAL double
#define ROW precise_row
#define NAME(function) precise_##function
#include "power_spectra_of_real.h"
