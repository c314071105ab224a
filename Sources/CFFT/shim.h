#pragma once
// The .pc file of KISS FFT carries -D flags that SwiftPM refuses, so its one setting is made here.
#define kiss_fft_scalar float
#include <kissfft/kiss_fftr.h>

/// `kiss_fftr_free` is a macro, which Swift cannot call.
static inline void shim_kiss_fftr_free(kiss_fftr_cfg plan) {
  kiss_fftr_free(plan);
}
