// The transform in REAL numbers, of which a ROW has one for each lane; its functions are NAMEd. Included once for each precision.

// One stage of a decimation-in-frequency transform that sorts itself (Stockham): from transforms of `points` points, `stride`
// of them interleaved, to transforms of a quarter of the points. `w` holds cos and -sin of 2πp / points for p up to points.
static inline __attribute__((always_inline)) void NAME(quarter)(
    const REAL *restrict re, const REAL *restrict im, REAL *restrict to_re, REAL *restrict to_im, const REAL *w,
    long points, long stride, long step) {
  long part = points / 4, row = stride * LANES;
  for (long p = 0; p < part; p++) {
    const REAL *w1 = w + 2 * p * step, *w2 = w + 4 * p * step, *w3 = w + 6 * p * step;
    REAL c1 = w1[0], s1 = w1[1], c2 = w2[0], s2 = w2[1], c3 = w3[0], s3 = w3[1];
    const REAL *ar = re + p * row, *br = ar + part * row, *cr = br + part * row, *dr = cr + part * row;
    const REAL *ai = im + p * row, *bi = ai + part * row, *ci = bi + part * row, *di = ci + part * row;
    REAL *yr = to_re + 4 * p * row, *yi = to_im + 4 * p * row;
    for (long q = 0; q < row; q++) {
      REAL pr = ar[q] + cr[q], pi = ai[q] + ci[q], mr = ar[q] - cr[q], mi = ai[q] - ci[q];
      REAL qr = br[q] + dr[q], qi = bi[q] + di[q], nr = br[q] - dr[q], ni = bi[q] - di[q];
      yr[q] = pr + qr;
      yi[q] = pi + qi;
      // The others turn by w, w², w³; n turns by -i before.
      REAL xr = mr + ni, xi = mi - nr;
      yr[row + q] = xr * c1 - xi * s1;
      yi[row + q] = xr * s1 + xi * c1;
      xr = pr - qr, xi = pi - qi;
      yr[2 * row + q] = xr * c2 - xi * s2;
      yi[2 * row + q] = xr * s2 + xi * c2;
      xr = mr - ni, xi = mi + nr;
      yr[3 * row + q] = xr * c3 - xi * s3;
      yi[3 * row + q] = xr * s3 + xi * c3;
    }
  }
}

static inline __attribute__((always_inline)) void NAME(halve)(
    const REAL *restrict re, const REAL *restrict im, REAL *restrict to_re, REAL *restrict to_im, long stride) {
  for (long q = 0; q < stride * LANES; q++) {
    long other = stride * LANES + q;
    to_re[q] = re[q] + re[other];
    to_im[q] = im[q] + im[other];
    to_re[other] = re[q] - re[other];
    to_im[other] = im[q] - im[other];
  }
}

// The same for any factor of the points, by the definition: from transforms of `left` points to transforms of left / radix.
static inline __attribute__((always_inline)) void NAME(part)(
    const REAL *restrict re, const REAL *restrict im, REAL *restrict to_re, REAL *restrict to_im, const REAL *w,
    long points, long left, long stride, long radix) {
  long part = left / radix, row = stride * LANES;
  for (long i = 0; i < left * row; i++) to_re[i] = to_im[i] = 0;
  for (long p = 0; p < part; p++)
    for (long k = 0; k < radix; k++)
      for (long from = p; from < left; from += part) {
        long turn = from * k * (points / left) % points;
        REAL c = w[2 * turn], s = w[2 * turn + 1];
        const REAL *xr = re + from * row, *xi = im + from * row;
        REAL *yr = to_re + (radix * p + k) * row, *yi = to_im + (radix * p + k) * row;
        for (long q = 0; q < row; q++) {
          yr[q] += xr[q] * c - xi[q] * s;
          yi[q] += xr[q] * s + xi[q] * c;
        }
      }
}

// Even samples as real, odd ones as imaginary parts; zeros beside the window.
static inline __attribute__((always_inline)) void NAME(cut)(
    const float *samples, long count, long first, long hop, long frames, const REAL *window, long length, long points,
    REAL *re, REAL *im) {
  long margin = (points - length) / 2;
  for (long n = 0; n < points; n++)
    if (n < margin || n >= margin + length) *(ROW *)((n & 1 ? im : re) + (n >> 1) * LANES) = (ROW){0};
  for (long i = 0; i < length; i += LANES) {
    row_of_lanes rows[LANES];
    UNROLL for (long lane = 0; lane < LANES; lane++)
      load_row(rows + lane, samples, lane < frames ? count : 0, first + lane * hop + i);
    transpose(rows);
    UNROLL for (long j = 0; j < LANES; j++) {
      long n = margin + i + j;
      if (i + j < length)
        *(ROW *)((n & 1 ? im : re) + (n >> 1) * LANES) = __builtin_convertvector(rows[j], ROW) * window[i + j];
    }
  }
}

// From the transform Z of half the points to the power of the real signal's: X[k] = E + w^k O, X[half - k] = conj(E - w^k O)
// with E = (Z[k] + conj Z[half - k]) / 2 and O = (Z[k] - conj Z[half - k]) / 2i.
static inline __attribute__((always_inline)) void NAME(powers)(
    const REAL *restrict re, const REAL *restrict im, REAL *restrict power, const REAL *w, long half) {
  for (long l = 0; l < LANES; l++) {
    REAL sum = re[l] + im[l], difference = re[l] - im[l];
    power[l] = sum * sum;
    power[half * LANES + l] = difference * difference;
  }
  for (long k = 1; 2 * k <= half; k++) {
    REAL c = w[2 * k], s = w[2 * k + 1];
    const REAL *zr = re + k * LANES, *zi = im + k * LANES;
    const REAL *yr = re + (half - k) * LANES, *yi = im + (half - k) * LANES;
    REAL *low = power + k * LANES, *high = power + (half - k) * LANES;
    // Stored at the end: for all the compiler knows, the two rows may be one.
    REAL lower[LANES], upper[LANES];
    for (long l = 0; l < LANES; l++) {
      REAL er = (REAL)0.5 * (zr[l] + yr[l]), ei = (REAL)0.5 * (zi[l] - yi[l]);
      REAL or = (REAL)0.5 * (zi[l] + yi[l]), oi = (REAL)0.5 * (yr[l] - zr[l]);
      REAL tr = or * c - oi * s, ti = or * s + oi * c;
      REAL ur = er + tr, ui = ei + ti, vr = er - tr, vi = ei - ti;
      lower[l] = ur * ur + ui * ui;
      upper[l] = vr * vr + vi * vi;
    }
    memcpy(low, lower, sizeof lower);
    memcpy(high, upper, sizeof upper);
  }
}

WIDEST void NAME(power_spectra)(
    const float *samples, long count, long first, long hop, long frames, const REAL *window, long length, long points,
    const REAL *twiddles, REAL *scratch, float *power) {
  long half = points / 2, size = half * LANES, bins = half + 1;
  REAL *re = scratch, *im = re + size, *to_re = im + size, *to_im = to_re + size, *lanes = to_im + size;
  NAME(cut)(samples, count, first, hop, frames, window, length, points, re, im);
  long left = half, stride = 1;
  while (left > 1) {
    long radix = left % 4 == 0 ? 4 : 2;
    while (left % radix) radix++;
    // The table is of `points` steps around the circle.
    if (radix == 4)
      NAME(quarter)(re, im, to_re, to_im, twiddles, left, stride, points / left);
    else if (left == 2)
      NAME(halve)(re, im, to_re, to_im, stride);
    else
      NAME(part)(re, im, to_re, to_im, twiddles, points, left, stride, radix);
    left /= radix;
    stride *= radix;
    REAL *swap = re;
    re = to_re, to_re = swap;
    swap = im;
    im = to_im, to_im = swap;
  }
  NAME(powers)(re, im, lanes, twiddles, half);
  for (long k = 0; k < bins; k += LANES) {
    long left = bins - k < LANES ? bins - k : LANES;
    row_of_lanes rows[LANES];
    UNROLL for (long j = 0; j < LANES; j++)
      rows[j] = j < left ? __builtin_convertvector(*(const ROW *)(lanes + (k + j) * LANES), row_of_lanes)
                         : (row_of_lanes){0};
    store_rows(rows, power + k, bins, frames, left);
  }
}
