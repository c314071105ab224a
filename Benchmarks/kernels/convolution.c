// Times the convolution kernels on layers of a network, beside OpenBLAS on windows that are laid out as a matrix ("im2col").
#include "convolution.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void openblas_set_num_threads(int threads);

typedef struct {
  size_t frames, bands, channels, columns, kernel, frame_stride, band_stride;
} layer;

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static float *numbers(size_t count) {
  float *values = malloc(4 * (count + 64));
  for (size_t i = 0; i < count + 64; i++) values[i] = (float)rand() / (float)RAND_MAX - 0.5f;
  return values;
}

static double least(double a, double b) { return a < b ? a : b; }

static void measure(layer g, vk_convolver convolver) {
  size_t padding = g.kernel / 2, row = (g.bands + 2 * padding) * g.channels;
  size_t frames = (g.frames + 2 * padding - g.kernel) / g.frame_stride + 1;
  size_t bands = (g.bands + 2 * padding - g.kernel) / g.band_stride + 1;
  size_t padded = (g.columns + convolver.lanes - 1) / convolver.lanes * convolver.lanes;
  size_t inner = g.kernel * g.channels, rows = g.kernel * inner;
  float *x = numbers((g.frames + 2 * padding) * row), *w = numbers(rows * padded);
  float *y = numbers(frames * bands * g.columns), *dy = numbers(frames * bands * padded);
  float *dw = calloc(rows * padded, 4), *windows = numbers(frames * bands * rows);
  ptrdiff_t offsets[16];
  for (size_t k = 0; k < g.kernel; k++) offsets[k] = (ptrdiff_t)(k * row);
  vk_windows grid = {frames, bands, g.frame_stride * row, g.band_stride * g.channels, bands * g.columns, g.columns, offsets, g.kernel, inner, 0};
  double forward = 1e9, weights = 1e9, laid_out = 1e9;
  for (int turn = 0; turn < 50; turn++) {
    double start = seconds();
    convolver.convolve(y, x, &grid, w, g.columns, NULL, 0);
    forward = least(forward, seconds() - start);
    start = seconds();
    for (size_t k = 0; k < g.kernel; k++)
      convolver.weights(dw + k * inner * padded, x + k * row, g.frame_stride * row,
                        g.band_stride * g.channels, inner, dy, bands * padded, padded, frames,
                        bands);
    weights = least(weights, seconds() - start);
    start = seconds();
    for (size_t f = 0; f < frames; f++)
      for (size_t b = 0; b < bands; b++)
        for (size_t k = 0; k < g.kernel; k++)
          memcpy(windows + (f * bands + b) * rows + k * inner,
                 x + (f * g.frame_stride + k) * row + b * g.band_stride * g.channels, 4 * inner);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)(frames * bands), (int)g.columns,
                (int)rows, 1, windows, (int)rows, w, (int)padded, 0, y, (int)g.columns);
    laid_out = least(laid_out, seconds() - start);
  }
  double operations = 2e-9 * (double)(frames * bands * g.columns * rows);
  printf("| %zu | %zu x %zu, %zu to %zu, kernel %zu | %.0f | %.0f | %.0f | %.1f |\n", convolver.lanes,
         g.frames, g.bands, g.channels, g.columns, g.kernel, operations / forward,
         operations / weights, operations / laid_out, laid_out / forward);
}

int main(void) {
  openblas_set_num_threads(1);
  const layer layers[] = {{250, 64, 4, 20, 3, 2, 2}, {250, 64, 4, 24, 5, 2, 2}, {125, 32, 20, 40, 3, 2, 2}, {63, 16, 40, 64, 3, 2, 2}, {63, 16, 48, 96, 3, 1, 2}, {32, 8, 64, 96, 3, 2, 1}};
  printf("| numbers a vector | layer | forward, GFLOP/s | weights' gradient | OpenBLAS, windows laid out | forward, times as fast |\n|--:|---|--:|--:|--:|--:|\n");
  for (size_t place = 0; place < vk_convolver_count(); place++)
    for (size_t l = 0; l < sizeof layers / sizeof *layers; l++)
      measure(layers[l], vk_convolver_at(place));
}
