// Functions marked WIDEST are compiled for AVX-512 and AVX2 too; which runs is chosen when the program loads.
#pragma once

// Sanitisers instrument the functions that choose a clone, which run before their runtime is up.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(SANITIZED)
#define WIDEST __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define WIDEST
#endif
