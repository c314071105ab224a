#pragma once
#include <cblas.h>

// Exported by the library, declared by none of its headers.
char *openblas_get_corename(void);

// LAPACK, Fortran's way: eigenvalues and eigenvectors of a symmetric matrix. Debian's OpenBLAS holds it without a header.
void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
            const int *lwork, int *info);
