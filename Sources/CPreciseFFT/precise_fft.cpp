#include "precise_fft.h"

#include <kissfft/kissfft.hh>
#include <new>

struct precise_fft {
  kissfft<double> half;
  size_t half_size;
};

precise_fft *precise_fft_create(size_t size) {
  try {
    return new precise_fft{kissfft<double>(size / 2, false), size / 2};
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

void precise_fft_transform(const precise_fft *plan, const double *samples, double *spectrum) {
  plan->half.transform_real(samples, reinterpret_cast<std::complex<double> *>(spectrum));
  // It packs the last bin, which is real, into the first one's imaginary part.
  spectrum[2 * plan->half_size] = spectrum[1];
  spectrum[2 * plan->half_size + 1] = 0;
  spectrum[1] = 0;
}

void precise_fft_free(precise_fft *plan) { delete plan; }
