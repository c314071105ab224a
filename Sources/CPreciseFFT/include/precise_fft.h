/// KISS FFT in double precision. Debian's library is built for single precision; the package's C++
/// header is a template that takes either.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct precise_fft precise_fft;

/// A plan for `size` real samples, an even number; null when there is no memory.
precise_fft *precise_fft_create(size_t size);
/// `spectrum` takes size / 2 + 1 complex numbers, real and imaginary parts interleaved.
void precise_fft_transform(const precise_fft *plan, const double *samples, double *spectrum);
void precise_fft_free(precise_fft *plan);

#ifdef __cplusplus
}
#endif
