#pragma once
#include <cblas.h>

// Exported by the library, declared by none of its headers.
char *openblas_get_corename(void);
