// What one core of this machine can do at most: GFLOP/s of fused products in registers, and GB/s of copying memory.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX2__)
#define LANES 8
#else
#define LANES 4
#endif
#define SUMS 12

typedef float vector __attribute__((vector_size(4 * LANES)));

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

// Each sum has a name: an array of them would not stay in registers.
#define EACH(of) of(a) of(b) of(c) of(d) of(e) of(f) of(g) of(h) of(i) of(j) of(k) of(l)
// Two sums that begin alike would be computed once.
#define BEGIN(sum) vector sum = x * (float)__COUNTER__;
#define ADD(sum) sum = sum * x + y;
#define TOTAL(sum) total += sum;

static double products(long rounds, float factor) {
  vector x = (vector){0} + factor, y = (vector){0} + 1e-9f, total = {0};
  EACH(BEGIN)
  double began = now();
  for (long round = 0; round < rounds; round++) { EACH(ADD) }
  double seconds = now() - began;
  EACH(TOTAL)
  volatile float kept = total[0];
  (void)kept;
  return 2.0 * LANES * SUMS * rounds / seconds / 1e9;
}

static double copies(void) {
  size_t size = 64 << 20;
  char *from = malloc(size), *to = malloc(size);
  if (!from || !to) return 0;
  memset(from, 1, size);
  memset(to, 2, size);
  double began = now();
  for (int i = 0; i < 8; i++) {
    memcpy(to, from, size);
    __asm__ volatile("" : : "r"(to) : "memory");
  }
  double seconds = now() - began;
  free(from);
  free(to);
  return 8.0 * size / seconds / 1e9;
}

int main(int argc, char **argv) {
  float factor = argc > 1 ? strtof(argv[1], NULL) : 0.999999f;
  double best = 0, copied = 0;
  for (int i = 0; i < 5; i++) {
    double found = products(5000000, factor), bytes = copies();
    best = found > best ? found : best;
    copied = bytes > copied ? bytes : copied;
  }
  printf("{\"gflops\": %.1f, \"gigabytesCopied\": %.1f}\n", best, copied);
  return 0;
}
