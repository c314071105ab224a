#include "vector_kernels.h"

#include <string.h>

#include "widest.h"

// Sums may be reordered (that is what makes a reduction vectorise) and a product and a sum fused;
// infinities and NaN keep their meaning.
#pragma clang fp reassociate(on) contract(fast)

#define INLINE static inline __attribute__((always_inline))

/// exp by 2^n * p(r): r within half of ln 2, p of degree 6 (a minimax fit, 0.03 ulp), n put into the
/// exponent bits. Clamped where float overflows or underflows; NaN stays NaN, so that a training
/// that diverged shows it.
INLINE float exponential(float given) {
  float x = given > -87.0f ? given : -87.0f;
  x = x < 88.0f ? x : 88.0f;
  int32_t power = (int32_t)(x * 1.44269504f + 127.5f) - 127;  // rounds, as the sum is positive
  float n = (float)power;
  float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.38131331e-3f;
  p = p * r + 8.36942438e-3f;
  p = p * r + 4.16684560e-2f;
  p = p * r + 1.66665152e-1f;
  p = p * r + 4.99999940e-1f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits = (power + 127) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return given == given ? p * scale : given;
}

INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

/// tanh x = (1 - e) / (1 + e), e = exp(-2|x|), which loses all digits near zero; there an odd
/// polynomial is used (a minimax fit up to 0.5, 0.13 ulp).
INLINE float hyperbolic_tangent(float x) {
  float a = __builtin_fabsf(x);
  float e = exponential(-2.0f * a);
  float far = __builtin_copysignf((1.0f - e) / (1.0f + e), x);
  float s = x * x;
  float near =
      x + x * s * (-0.333331436f + s * (0.13325879f + s * (-0.0530454926f + s * 0.017241491f)));
  return a < 0.5f ? near : far;
}

WIDEST void vk_relu(float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = y[i] < 0 ? 0 : y[i];
}

WIDEST void vk_relu_backward(float *restrict dy, const float *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) dy[i] = y[i] <= 0 ? 0 : dy[i];
}

WIDEST float vk_exp_shifted(float *y, const float *x, float shift, size_t count) {
  float sum = 0;
  // y may be x: each place is read before it is written.
#pragma clang loop vectorize(assume_safety)
  for (size_t i = 0; i < count; i++) {
    float e = exponential(x[i] - shift);
    y[i] = e;
    sum += e;
  }
  return sum;
}

WIDEST void vk_tanh(float *y, const float *x, size_t count) {
  // y may be x: each place is read before it is written.
#pragma clang loop vectorize(assume_safety)
  for (size_t i = 0; i < count; i++) y[i] = hyperbolic_tangent(x[i]);
}

WIDEST void vk_add_row(float *restrict y, const float *restrict bias, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, y += columns)
    for (size_t c = 0; c < columns; c++) y[c] += bias[c];
}

WIDEST void vk_add_row_relu(float *restrict y, const float *restrict bias, size_t rows,
                          size_t columns) {
  for (size_t r = 0; r < rows; r++, y += columns)
    for (size_t c = 0; c < columns; c++) {
      float v = y[c] + bias[c];
      y[c] = v < 0 ? 0 : v;
    }
}

WIDEST void vk_add_column_sums(float *restrict sums, const float *restrict x, size_t rows,
                             size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns)
    for (size_t c = 0; c < columns; c++) sums[c] += x[c];
}

WIDEST void vk_add_scaled(float *restrict y, const float *restrict x, float scale, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] += scale * x[i];
}

WIDEST float vk_dot(const float *restrict x, const float *restrict y, size_t count) {
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += x[i] * y[i];
  return sum;
}

WIDEST void vk_add_column_squares(float *restrict squares, const float *restrict x,
                                const float *restrict mean, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns)
    for (size_t c = 0; c < columns; c++) {
      float d = x[c] - mean[c];
      squares[c] += d * d;
    }
}

WIDEST void vk_scale_shift(float *y, const float *x, const float *restrict scale,
                         const float *restrict shift, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns)
    for (size_t c = 0; c < columns; c++) y[c] = x[c] * scale[c] + shift[c];
}

WIDEST void vk_norm_backward_sums(float *restrict sums, float *restrict products,
                                const float *restrict dy, const float *restrict x,
                                const float *restrict mean, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, dy += columns)
    for (size_t c = 0; c < columns; c++) {
      sums[c] += dy[c];
      products[c] += dy[c] * (x[c] - mean[c]);
    }
}

WIDEST void vk_norm_backward(float *restrict dy, const float *restrict x, const float *restrict mean,
                           const float *restrict a, const float *restrict b,
                           const float *restrict d, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, dy += columns)
    for (size_t c = 0; c < columns; c++)
      dy[c] = a[c] * dy[c] + b[c] * (x[c] - mean[c]) + d[c];
}

WIDEST void vk_lstm_cell(float *restrict gates, const float *cell_in, float *cell,
                       float *restrict hidden, size_t rows, size_t units) {
  for (size_t r = 0; r < rows; r++) {
    float *restrict g = gates + r * 4 * units;
    // cell may be cell_in: each place is read before it is written.
#pragma clang loop vectorize(assume_safety)
    for (size_t u = 0; u < units; u++) {
      float input = sigmoid(g[u]);
      float forget = sigmoid(g[units + u]);
      float candidate = hyperbolic_tangent(g[2 * units + u]);
      float output = sigmoid(g[3 * units + u]);
      float c = forget * cell_in[r * units + u] + input * candidate;
      g[u] = input;
      g[units + u] = forget;
      g[2 * units + u] = candidate;
      g[3 * units + u] = output;
      cell[r * units + u] = c;
      hidden[r * units + u] = output * hyperbolic_tangent(c);
    }
  }
}

WIDEST void vk_lstm_cell_backward(float *restrict gates, const float *restrict cell_before,
                                const float *restrict cell, const float *restrict dhidden,
                                float *restrict dcell, size_t rows, size_t units) {
  for (size_t r = 0; r < rows; r++) {
    float *restrict g = gates + r * 4 * units;
    for (size_t u = 0; u < units; u++) {
      size_t i = r * units + u;
      float input = g[u], forget = g[units + u];
      float candidate = g[2 * units + u], output = g[3 * units + u];
      float t = hyperbolic_tangent(cell[i]);
      float dc = dcell[i] + dhidden[i] * output * (1.0f - t * t);
      g[u] = dc * candidate * input * (1.0f - input);
      g[units + u] = dc * cell_before[i] * forget * (1.0f - forget);
      g[2 * units + u] = dc * input * (1.0f - candidate * candidate);
      g[3 * units + u] = dhidden[i] * t * output * (1.0f - output);
      dcell[i] = dc * forget;
    }
  }
}

WIDEST void vk_gru_cell(float *restrict gates, const float *restrict sums,
                      const float *restrict before, float *restrict hidden, size_t rows,
                      size_t units) {
  for (size_t r = 0; r < rows; r++) {
    float *restrict g = gates + r * 3 * units;
    const float *restrict s = sums + r * 3 * units;
    for (size_t u = 0; u < units; u++) {
      float reset = sigmoid(g[u] + s[u]);
      float update = sigmoid(g[units + u] + s[units + u]);
      float candidate = hyperbolic_tangent(g[2 * units + u] + reset * s[2 * units + u]);
      g[u] = reset;
      g[units + u] = update;
      g[2 * units + u] = candidate;
      hidden[r * units + u] = candidate + update * (before[r * units + u] - candidate);
    }
  }
}

WIDEST void vk_gru_cell_backward(float *restrict gates, float *restrict sums,
                               const float *restrict before, const float *restrict dhidden,
                               float *restrict dbefore, size_t rows, size_t units) {
  for (size_t r = 0; r < rows; r++) {
    float *restrict g = gates + r * 3 * units;
    float *restrict s = sums + r * 3 * units;
    for (size_t u = 0; u < units; u++) {
      size_t i = r * units + u;
      float reset = g[u], update = g[units + u], candidate = g[2 * units + u];
      float dcandidate = dhidden[i] * (1.0f - update) * (1.0f - candidate * candidate);
      float dreset = dcandidate * s[2 * units + u] * reset * (1.0f - reset);
      float dupdate = dhidden[i] * (before[i] - candidate) * update * (1.0f - update);
      g[u] = s[u] = dreset;
      g[units + u] = s[units + u] = dupdate;
      g[2 * units + u] = dcandidate;
      s[2 * units + u] = dcandidate * reset;
      dbefore[i] = dhidden[i] * update;
    }
  }
}

WIDEST void vk_adamw(float *restrict weights, const float *restrict gradient, float *restrict first,
                   float *restrict second, float clip, float beta1, float beta2, float step,
                   float root, float epsilon, float decay, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i] * clip;
    float m = beta1 * first[i] + (1.0f - beta1) * g;
    float v = beta2 * second[i] + (1.0f - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    weights[i] -= decay * weights[i] + step * m / (__builtin_elementwise_sqrt(v) * root + epsilon);
  }
}
