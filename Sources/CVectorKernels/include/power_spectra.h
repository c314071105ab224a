/// Power spectra of several frames of a signal at once: each frame is a lane of the vectors, so that a Fourier transform of
/// real numbers runs as many times as fast as the machine has lanes. A transform of one frame leaves most lanes idle.
#pragma once

/// Frames that are transformed together.
#define POWER_SPECTRA_LANES 16

/// |X|² of up to POWER_SPECTRA_LANES frames, rows of points / 2 + 1 bins.
///
/// Frame t is `window`'s `length` samples from `first` + t · `hop` on, in the middle of `points` points, an even
/// number, best a power of two; what lies outside the `count` samples is zero. `scratch` takes POWER_SPECTRA_LANES · (2 · points + points / 2 + 1)
/// numbers. `twiddles` has cos and -sin of 2πk / points for k below points.
void power_spectra(
    const float *samples, long count, long first, long hop, long frames, const float *window, long length, long points,
    const float *twiddles, float *scratch, float *power);

/// The same in double precision, rounded in the end.
void precise_power_spectra(
    const float *samples, long count, long first, long hop, long frames, const double *window, long length, long points,
    const double *twiddles, double *scratch, float *power);
