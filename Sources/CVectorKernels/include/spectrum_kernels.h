#pragma once

// Element-wise loops of the spectrum path. Swift is compiled for the baseline of the architecture; on x86-64 these
// are also compiled for AVX2 and AVX-512, and the loader picks the widest the processor has.

/// y[i] = x[i] · w[i]
void spectrum_multiply(const float *x, const float *w, float *y, long count);

/// y[i] = a[i] + weight · (b[i] − a[i])
void spectrum_blend(const float *a, const float *b, float weight, float *y, long count);

/// Σ x[i]²
float spectrum_energy(const float *x, long count);

/// Σ x[i]
float spectrum_sum(const float *x, long count);

/// y[i] = the mean of `factor` values from x[i · factor] on.
void spectrum_averages(const float *x, long factor, float *y, long count);

/// The largest |x[i]|; infinite or NaN as soon as one value is.
float spectrum_peak(const float *x, long count);

/// x[i] = 10 · log10(max(floor, x[i])); `floor` is at least the smallest normal number. NaN counts as `floor`.
void spectrum_decibels(float *x, long count, float floor);

/// Raises values that lie further than `range` below the largest one to that.
void spectrum_limit(float *x, long count, float range);

/// y = M x for a row-major matrix of `rows` × `columns`.
void spectrum_matrix_vector(const float *m, const float *x, float *y, long rows, long columns);

/// For each of the frames, rows of x, y[b] = Σ weights · x over columns starts[b]..<ends[b]; the weights of all bands lie one after
/// the other. `scratch` takes 16 numbers for each column, and 256 more.
void spectrum_bands(
    const float *weights, const int *starts, const int *ends, long bands, const float *x, long columns, long frames,
    float *y, float *scratch);

/// Mean and population variance of `count` values that lie `stride` apart.
void spectrum_moments(const float *x, long count, long stride, double *mean, double *variance);

/// Mean and population variance of each of the channels of `count` cells, which lie side by side in a cell.
void spectrum_channel_moments(const float *x, long count, long channels, double *means, double *variances);

/// to[i · step] = from[i]
void spectrum_spread(const float *from, long count, long step, float *to);

/// Σ √p, Σ k √p and Σ k² √p over the bins k of a power spectrum.
void spectrum_magnitude_sums(const float *power, long bins, double *sum, double *first, double *second);
