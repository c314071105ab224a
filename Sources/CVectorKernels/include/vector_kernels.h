/// Element-wise loops that need wide vectors.
///
/// Swift code is compiled for the baseline of its architecture, SSE2 on x86-64. These loops are
/// compiled for AVX-512 and AVX2 too and chosen when the program loads, so one binary runs on any
/// machine and uses what it finds. Everything else stays in Swift.
///
/// Matrices are row-major; "rows x columns" floats, no padding.
#pragma once
#include <stddef.h>
#include <stdint.h>

// MARK: Activations

/// y[i] = max(y[i], 0); NaN stays NaN.
void vk_relu(float *y, size_t count);
/// dy[i] = 0 where y[i] is zero; y is what vk_relu gave. Where that is NaN, dy[i] stays.
void vk_relu_backward(float *dy, const float *y, size_t count);
/// y[i] = exp(x[i] - shift); returns the sum. At most 2 ulp from the true value for arguments of
/// -87 to 88, beyond which it stays at these ends' values; NaN stays NaN.
float vk_exp_shifted(float *y, const float *x, float shift, size_t count);
/// y[i] = tanh(x[i]); at most 3 ulp from the true value; NaN stays NaN.
void vk_tanh(float *y, const float *x, size_t count);

// MARK: Rows and columns

/// y[r][c] += bias[c]
void vk_add_row(float *y, const float *bias, size_t rows, size_t columns);
/// y[r][c] = max(y[r][c] + bias[c], 0)
void vk_add_row_relu(float *y, const float *bias, size_t rows, size_t columns);
/// sums[c] += sum over r of x[r][c]
void vk_add_column_sums(float *sums, const float *x, size_t rows, size_t columns);
/// y[i] += scale * x[i]
void vk_add_scaled(float *y, const float *x, float scale, size_t count);
/// The inner product of x and y.
float vk_dot(const float *x, const float *y, size_t count);

// MARK: Batch normalisation, per column

/// squares[c] += sum over r of (x[r][c] - mean[c])^2
void vk_add_column_squares(float *squares, const float *x, const float *mean, size_t rows,
                           size_t columns);
/// y[r][c] = x[r][c] * scale[c] + shift[c]
void vk_scale_shift(float *y, const float *x, const float *scale, const float *shift, size_t rows,
                    size_t columns);
/// sums[c] += sum of dy[r][c]; products[c] += sum of dy[r][c] * (x[r][c] - mean[c])
void vk_norm_backward_sums(float *sums, float *products, const float *dy, const float *x,
                           const float *mean, size_t rows, size_t columns);
/// dx[r][c] = a[c] * dy[r][c] + b[c] * (x[r][c] - mean[c]) + d[c], in place of dy.
void vk_norm_backward(float *dy, const float *x, const float *mean, const float *a, const float *b,
                      const float *d, size_t rows, size_t columns);

// MARK: LSTM cell

/// One step for `rows` sequences. gates: rows x 4H, in: sums of input, forget, cell and output
/// gate; out: the activated gates. cell_in, cell, hidden: rows x H. cell_in may be cell.
void vk_lstm_cell(float *gates, const float *cell_in, float *cell, float *hidden, size_t rows,
                  size_t units);
/// The same step backwards. gates: activated, in; gradient of the gate sums, out. dhidden: rows x H;
/// dcell: rows x H, gradient that comes from the next step, in; for the step before, out.
void vk_lstm_cell_backward(float *gates, const float *cell_before, const float *cell,
                           const float *dhidden, float *dcell, size_t rows, size_t units);

// MARK: GRU, gates in PyTorch's order: reset, update, candidate

/// gates: sums of the inputs in, activations out; sums: those of the hidden state `before`.
void vk_gru_cell(float *gates, const float *sums, const float *before, float *hidden, size_t rows,
                 size_t units);
/// gates and sums: what vk_gru_cell left in, gradients of the two sums out; dbefore: what of the
/// gradient goes past the gates.
void vk_gru_cell_backward(float *gates, float *sums, const float *before, const float *dhidden,
                          float *dbefore, size_t rows, size_t units);

// MARK: Optimiser

/// One AdamW step: gradient scaled by `clip`, bias corrections folded into `step` and `root`
/// (root = 1 / sqrt(1 - beta2^t)); `decay` = learning rate x weight decay.
void vk_adamw(float *weights, const float *gradient, float *first, float *second, float clip,
              float beta1, float beta2, float step, float root, float epsilon, float decay,
              size_t count);

// MARK: Memory

/// Freed memory stays with the process for its next arrays (`mallopt`, a no-op without glibc).
void vk_keep_freed_memory(void);
