// Holds the C kernels to plain loops in double precision, in every width of vector that the processor has.
//
// The Swift tests do the same on the machine that runs them; this program needs no Swift, so that it can be built for another
// architecture and run in an emulator (.ci/arm64).
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convolution.h"
#include "polyphase.h"
#include "power_spectra.h"
#include "spectrum_kernels.h"
#include "vector_kernels.h"

static int failures = 0, checks = 0;

static void check(const char *name, size_t lanes, double error, double most) {
  checks++;
  if (error <= most) return;
  failures++;
  printf("  FAILED %s, %zu lanes: differs by %.1e, may by %.1e\n", name, lanes, error, most);
}

static float *numbers(size_t count, unsigned seed) {
  float *values = malloc(4 * (count + 64));
  for (size_t i = 0; i < count + 64; i++) {
    seed = seed * 1664525u + 1013904223u;
    values[i] = (float)(seed >> 8) / 8388608.0f - 1;
  }
  return values;
}

// NaN is larger than any number.
static double larger(double a, double b) { return a != a || a > b ? a : b; }

typedef struct {
  size_t frames, bands, channels, columns, kernel, stride;
} layer;

static void convolutions(layer g) {
  for (size_t place = 0; place < vk_convolver_count(); place++) {
    vk_convolver convolver = vk_convolver_at(place);
    size_t padded = (g.columns + convolver.lanes - 1) / convolver.lanes * convolver.lanes;
    size_t frames = (g.frames - g.kernel) / g.stride + 1, bands = (g.bands - g.kernel) / g.stride + 1;
    size_t row = g.bands * g.channels, inner = g.kernel * g.channels, rows = g.kernel * inner;
    float *x = numbers(g.frames * row, 1), *given = numbers(rows * g.columns, 2), *bias = numbers(g.columns, 3);
    float *dy = numbers(frames * bands * padded, 4), *w = calloc(rows * padded, 4), *y = numbers(frames * bands * g.columns, 5);
    float *dw = calloc(rows * padded, 4), *before = malloc(4 * frames * bands * g.columns);
    for (size_t r = 0; r < rows; r++) memcpy(w + r * padded, given + r * g.columns, 4 * g.columns);
    ptrdiff_t offsets[16];
    for (size_t k = 0; k < g.kernel; k++) offsets[k] = (ptrdiff_t)(k * row);
    vk_windows windows = {frames, bands, g.stride * row, g.stride * g.channels, bands * g.columns, g.columns, offsets, g.kernel, inner, 0};
    double errors[4] = {0};
    memcpy(before, y, 4 * frames * bands * g.columns);
    for (int form = 0; form < 3; form++) {
      windows.accumulates = form == 2;
      memcpy(y, before, 4 * frames * bands * g.columns);
      convolver.convolve(y, x, &windows, w, g.columns, form == 2 ? NULL : bias, form == 1);
      for (size_t f = 0; f < frames; f++)
        for (size_t b = 0; b < bands; b++)
          for (size_t o = 0; o < g.columns; o++) {
            size_t at = (f * bands + b) * g.columns + o;
            double sum = form == 2 ? before[at] : bias[o];
            for (size_t k = 0; k < g.kernel; k++)
              for (size_t c = 0; c < inner; c++)
                sum += (double)x[(f * g.stride + k) * row + b * g.stride * g.channels + c] * given[(k * inner + c) * g.columns + o];
            if (form == 1 && sum < 0) sum = 0;
            errors[form] = larger(errors[form], fabs(y[at] - sum));
          }
    }
    for (size_t k = 0; k < g.kernel; k++)
      convolver.weights(dw + k * inner * padded, x + k * row, g.stride * row, g.stride * g.channels, inner, dy, bands * padded, padded, frames, bands);
    for (size_t k = 0; k < g.kernel; k++)
      for (size_t c = 0; c < inner; c++)
        for (size_t o = 0; o < padded; o++) {
          double sum = 0;
          for (size_t f = 0; f < frames; f++)
            for (size_t b = 0; b < bands; b++)
              sum += (double)x[(f * g.stride + k) * row + b * g.stride * g.channels + c] * dy[(f * bands + b) * padded + o];
          errors[3] = larger(errors[3], fabs(dw[(k * inner + c) * padded + o] - sum));
        }
    const char *names[] = {"convolution", "convolution, rectified", "convolution, added", "convolution's weights"};
    for (int form = 0; form < 4; form++) check(names[form], convolver.lanes, errors[form], 2e-4);
    free(x), free(given), free(bias), free(dy), free(w), free(y), free(dw), free(before);
  }
}

static void resamplers(size_t up, size_t down, size_t taps, size_t outputs) {
  for (size_t place = 0; place < vk_resampler_count(); place++) {
    vk_resampler resampler = vk_resampler_at(place);
    size_t padding = (VK_POLYPHASE_GROUP * down + up - 1) / up, row = taps + 2 * padding;
    float *rows = calloc(up * row, 4), *given = numbers(up * taps, 6);
    for (size_t p = 0; p < up; p++) memcpy(rows + p * row + padding, given + p * taps, 4 * taps);
    vk_polyphase filter = {.up = up, .down = down, .taps = taps, .padding = padding, .step = 1, .rows = rows};
    size_t count = outputs * down / up + taps + 8;
    float *x = numbers(count, 7), *y = malloc(4 * outputs), *scratch = malloc(4 * vk_polyphase_scratch(resampler.lanes, &filter));
    size_t most = vk_polyphase_outputs(resampler.lanes, up);
    if (outputs > most) outputs = most;
    resampler.filter(&filter, x, count, 0, y, outputs, scratch);
    double error = 0;
    for (size_t n = 0; n < outputs; n++) {
      double sum = 0;
      for (size_t j = 0; j < taps; j++) sum += (double)given[n * down % up * taps + j] * x[n * down / up + j];
      error = larger(error, fabs(y[n] - sum));
    }
    check("polyphase filter", resampler.lanes, error, 2e-4);
    free(rows), free(given), free(x), free(y), free(scratch);
  }
}

static void spectra(long points, long length, long frames) {
  long bins = points / 2 + 1, hop = 100, count = 1500;
  float *samples = numbers(count, 8), *window = numbers(length, 9), *twiddles = malloc(8 * points);
  float *scratch = malloc(4 * POWER_SPECTRA_LANES * (2 * points + bins)), *power = malloc(4 * frames * bins);
  for (long k = 0; k < points; k++) {
    twiddles[2 * k] = cos(2 * M_PI * k / points);
    twiddles[2 * k + 1] = -sin(2 * M_PI * k / points);
  }
  power_spectra(samples, count, -50, hop, frames, window, length, points, twiddles, scratch, power);
  double error = 0;
  for (long t = 0; t < frames; t++)
    for (long k = 0; k < bins; k++) {
      double re = 0, im = 0;
      for (long n = 0; n < length; n++) {
        long at = -50 + t * hop + n, place = (points - length) / 2 + n;
        double value = at < 0 || at >= count ? 0 : (double)samples[at] * window[n];
        re += value * cos(2 * M_PI * k * place / points);
        im -= value * sin(2 * M_PI * k * place / points);
      }
      error = larger(error, fabs(power[t * bins + k] - (re * re + im * im)) / points);
    }
  check("power spectra", POWER_SPECTRA_LANES, error, 1e-5);
  free(samples), free(window), free(twiddles), free(scratch), free(power);
}

static void bands(void) {
  enum { COLUMNS = 257, BANDS = 21, FRAMES = 37 };
  int starts[BANDS], ends[BANDS], total = 0;
  for (int b = 0; b < BANDS; b++) starts[b] = 20 + 9 * b, ends[b] = starts[b] + b % 14, total += b % 14;
  float *weights = numbers(total, 10), *x = numbers(COLUMNS * FRAMES, 11), y[BANDS * FRAMES], *scratch = malloc(4 * (16 * COLUMNS + 256));
  spectrum_bands(weights, starts, ends, BANDS, x, COLUMNS, FRAMES, y, scratch);
  double error = 0;
  for (int t = 0; t < FRAMES; t++) {
    const float *weight = weights;
    for (int b = 0; b < BANDS; b++) {
      double sum = 0;
      for (int k = starts[b]; k < ends[b]; k++) sum += (double)*weight++ * x[t * COLUMNS + k];
      error = larger(error, fabs(y[t * BANDS + b] - sum));
    }
  }
  check("mel bands", 16, error, 1e-5);
  free(weights), free(x), free(scratch);
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static void cells(void) {
  enum { ROWS = 3, UNITS = 37 };
  float *sums = numbers(ROWS * 4 * UNITS, 12), *before = numbers(ROWS * UNITS, 13), cell[ROWS * UNITS], hidden[ROWS * UNITS];
  float *gates = malloc(4 * ROWS * 4 * UNITS), tangents[ROWS * UNITS];
  memcpy(gates, sums, 4 * ROWS * 4 * UNITS);
  vk_lstm_cell(gates, before, cell, hidden, ROWS, UNITS);
  vk_tanh(tangents, before, ROWS * UNITS);
  double error = 0, far = 0;
  for (int r = 0; r < ROWS; r++)
    for (int u = 0; u < UNITS; u++) {
      const float *g = sums + r * 4 * UNITS + u;
      double c = sigmoid(g[UNITS]) * before[r * UNITS + u] + sigmoid(g[0]) * tanh(g[2 * UNITS]);
      error = larger(error, fabs(cell[r * UNITS + u] - c));
      error = larger(error, fabs(hidden[r * UNITS + u] - sigmoid(g[3 * UNITS]) * tanh(c)));
      far = larger(far, fabs(tangents[r * UNITS + u] - tanh(before[r * UNITS + u])));
    }
  check("LSTM cell", 1, error, 1e-6);
  check("tanh", 1, far, 1e-6);
  free(sums), free(before), free(gates);
}

static void levels(void) {
  enum { COUNT = 1003 };
  float *x = numbers(COUNT, 14), y[COUNT];
  for (int i = 0; i < COUNT; i++) y[i] = x[i] = 1e-12f + x[i] * x[i];
  spectrum_decibels(y, COUNT, 1e-10f);
  double error = 0, peak = -1e9;
  for (int i = 0; i < COUNT; i++) {
    double decibels = 10 * log10(x[i] > 1e-10f ? x[i] : 1e-10);
    error = larger(error, fabs(y[i] - decibels));
    peak = larger(peak, y[i]);
    x[i] = y[i];
  }
  check("decibels", 1, error, 2e-5);
  spectrum_limit(y, COUNT, 20);
  error = 0;
  for (int i = 0; i < COUNT; i++) error = larger(error, fabs(y[i] - larger(x[i], (float)peak - 20)));
  check("limit", 16, error, 0);
  free(x);
}

int main(void) {
  const layer layers[] = {{13, 9, 3, 17, 3, 2}, {9, 6, 16, 80, 3, 1}, {5, 5, 2, 5, 5, 1}, {11, 4, 7, 33, 3, 1}, {3, 3, 8, 150, 3, 1}};
  for (size_t l = 0; l < sizeof layers / sizeof *layers; l++) convolutions(layers[l]);
  resamplers(2, 3, 91, 1500);
  resamplers(1, 2, 40, 700);
  resamplers(160, 441, 67, 5000);
  spectra(512, 400, 16);
  spectra(250, 250, 7);
  bands();
  cells();
  levels();
  if (failures == 0) printf("  ok  all %d comparisons with plain loops\n", checks);
  return failures != 0;
}
