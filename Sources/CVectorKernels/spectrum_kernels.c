#include "spectrum_kernels.h"

#include "lanes.h"
#include "widest.h"

WIDEST void spectrum_multiply(const float *restrict x, const float *restrict w, float *restrict y, long count) {
  for (long i = 0; i < count; i++) y[i] = x[i] * w[i];
}

WIDEST void spectrum_blend(const float *restrict a, const float *restrict b, float weight, float *restrict y, long count) {
  for (long i = 0; i < count; i++) y[i] = a[i] + weight * (b[i] - a[i]);
}

WIDEST float spectrum_energy(const float *x, long count) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (long i = 0; i < count; i++) sum += x[i] * x[i];
  return sum;
}

WIDEST float spectrum_sum(const float *x, long count) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (long i = 0; i < count; i++) sum += x[i];
  return sum;
}

// Inlined with a constant factor, the loop runs in vectors.
INLINE void averages(const float *restrict x, long factor, float *restrict y, long count) {
  for (long i = 0; i < count; i++) {
    float sum = 0;
    for (long k = 0; k < factor; k++) sum += x[i * factor + k];
    y[i] = sum / (float)factor;
  }
}

WIDEST void spectrum_averages(const float *restrict x, long factor, float *restrict y, long count) {
  if (factor == 4)
    averages(x, 4, y, count);
  else
    averages(x, factor, y, count);
}

// Without its sign a float orders like an integer, with infinity and NaN above every number.
WIDEST float spectrum_peak(const float *x, long count) {
  int peak = 0;
  for (long i = 0; i < count; i++) {
    int bits;
    memcpy(&bits, x + i, sizeof bits);
    bits &= 0x7fffffff;
    peak = bits > peak ? bits : peak;
  }
  float result;
  memcpy(&result, &peak, sizeof result);
  return result;
}

// x = m · 2^e with m in [√½, √2); ln m = 2 artanh t with t = (m − 1)/(m + 1), |t| < 0.172, where the series up to t⁹
// is exact to the last bit of a float.
static inline float decibels(float x) {
  int bits;
  memcpy(&bits, &x, sizeof bits);
  int exponent = (bits - 0x3f3504f3) >> 23;
  bits -= exponent << 23;
  float m;
  memcpy(&m, &bits, sizeof m);
  float t = (m - 1) / (m + 1), s = t * t;
  float series = t * (1 + s * (1 / 3.0f + s * (1 / 5.0f + s * (1 / 7.0f + s * (1 / 9.0f)))));
  return 3.0102999566f * (float)exponent + 8.6858896381f * series;
}

WIDEST void spectrum_decibels(float *x, long count, float floor) {
  for (long i = 0; i < count; i++) x[i] = decibels(x[i] > floor ? x[i] : floor);
}

WIDEST void spectrum_limit(float *x, long count, float range) {
  // A maximum in each lane: one alone would wait for itself at every number.
  float largest[LANES];
  for (long l = 0; l < LANES; l++) largest[l] = count ? x[0] : 0;
  long whole = count / LANES * LANES;
  for (long i = 0; i < whole; i += LANES)
    for (long l = 0; l < LANES; l++) largest[l] = x[i + l] > largest[l] ? x[i + l] : largest[l];
  for (long i = whole; i < count; i++) largest[0] = x[i] > largest[0] ? x[i] : largest[0];
  for (long l = 1; l < LANES; l++) largest[0] = largest[l] > largest[0] ? largest[l] : largest[0];
  float lowest = largest[0] - range;
  for (long i = 0; i < count; i++) x[i] = x[i] > lowest ? x[i] : lowest;
}

WIDEST void spectrum_matrix_vector(
    const float *restrict m, const float *restrict x, float *restrict y, long rows, long columns) {
#pragma clang fp reassociate(on) contract(fast)
  for (long r = 0; r < rows; r++) {
    float sum = 0;
    for (long c = 0; c < columns; c++) sum += m[r * columns + c] * x[c];
    y[r] = sum;
  }
}

// Most triangles are a few bins wide, too few for a vector: the vectors are of frames.
WIDEST void spectrum_bands(
    const float *weights, const int *starts, const int *ends, long bands, const float *x, long columns, long frames,
    float *y, float *scratch) {
#pragma clang fp contract(fast)
  long begin = columns, end = 0;
  for (long b = 0; b < bands; b++) {
    if (starts[b] < begin) begin = starts[b];
    if (ends[b] > end) end = ends[b];
  }
  begin = begin / LANES * LANES;
  for (long first = 0; first < frames; first += LANES, x += LANES * columns, y += LANES * bands) {
    long present = frames - first < LANES ? frames - first : LANES;
    for (long k = begin; k < end; k += LANES) {
      row_of_lanes rows[LANES];
      UNROLL for (long lane = 0; lane < LANES; lane++)
        load_row(rows + lane, x + lane * columns, lane < present ? columns : 0, k);
      transpose(rows);
      UNROLL for (long j = 0; j < LANES; j++) *(row_of_lanes *)(scratch + (k + j) * LANES) = rows[j];
    }
    const float *weight = weights;
    for (long b = 0; b < bands; b += LANES) {
      long left = bands - b < LANES ? bands - b : LANES;
      row_of_lanes sums[LANES] = {0};
      for (long i = 0; i < left; i++) {
        // Two sums, neither of which waits for the other.
        row_of_lanes sum = {0}, other = {0};
        const row_of_lanes *row = (const row_of_lanes *)(scratch + starts[b + i] * LANES);
        long count = ends[b + i] - starts[b + i], pairs = count / 2 * 2;
        for (long k = 0; k < pairs; k += 2) {
          sum += weight[k] * row[k];
          other += weight[k + 1] * row[k + 1];
        }
        if (pairs < count) sum += weight[pairs] * row[pairs];
        weight += count;
        sums[i] = sum + other;
      }
      store_rows(sums, y + b, bands, present, left);
    }
  }
}

WIDEST void spectrum_moments(const float *x, long count, long stride, double *mean, double *variance) {
#pragma clang fp reassociate(on) contract(fast)
  double sum = 0, squares = 0;
  for (long i = 0; i < count; i++) sum += x[i * stride];
  double center = sum / (double)count;
  for (long i = 0; i < count; i++) {
    double d = x[i * stride] - center;
    squares += d * d;
  }
  *mean = center;
  *variance = squares / (double)count;
}

// Cells that are added up side by side, so that a channel has several sums and few channels fill a vector.
#define CELLS 8
#define MOST_CHANNELS 16

WIDEST static void some_channel_moments(const float *x, long count, long channels, double *means, double *variances) {
#pragma clang fp contract(fast)
  double sums[CELLS * MOST_CHANNELS] = {0}, squares[CELLS * MOST_CHANNELS] = {0}, centers[CELLS * MOST_CHANNELS];
  long block = CELLS * channels, total = count * channels, whole = total / block * block;
  for (long i = 0; i < whole; i += block)
    for (long j = 0; j < block; j++) sums[j] += x[i + j];
  for (long j = 0; j < total - whole; j++) sums[j] += x[whole + j];
  for (long c = 0; c < channels; c++) {
    double sum = 0;
    for (long cell = 0; cell < CELLS; cell++) sum += sums[cell * channels + c];
    means[c] = sum / (double)count;
    for (long cell = 0; cell < CELLS; cell++) centers[cell * channels + c] = means[c];
  }
  for (long i = 0; i < whole; i += block)
    for (long j = 0; j < block; j++) {
      double d = x[i + j] - centers[j];
      squares[j] += d * d;
    }
  for (long j = 0; j < total - whole; j++) {
    double d = x[whole + j] - centers[j];
    squares[j] += d * d;
  }
  for (long c = 0; c < channels; c++) {
    double sum = 0;
    for (long cell = 0; cell < CELLS; cell++) sum += squares[cell * channels + c];
    variances[c] = sum / (double)count;
  }
}

void spectrum_channel_moments(const float *x, long count, long channels, double *means, double *variances) {
  if (channels <= MOST_CHANNELS) {
    some_channel_moments(x, count, channels, means, variances);
    return;
  }
  for (long c = 0; c < channels; c++) spectrum_moments(x + c, count, channels, means + c, variances + c);
}

WIDEST void spectrum_spread(const float *restrict from, long count, long step, float *restrict to) {
  for (long i = 0; i < count; i++) to[i * step] = from[i];
}

WIDEST void spectrum_magnitude_sums(const float *power, long bins, double *sum, double *first, double *second) {
#pragma clang fp reassociate(on) contract(fast)
  double sums[3] = {0, 0, 0};
  // An int becomes a number of a vector's width, a long does not.
  for (int k = 0; k < (int)bins; k++) {
    double magnitude = __builtin_elementwise_sqrt(power[k]), moment = magnitude * k;
    sums[0] += magnitude;
    sums[1] += moment;
    sums[2] += moment * k;
  }
  *sum = sums[0], *first = sums[1], *second = sums[2];
}
