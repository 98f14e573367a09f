/* SPDX-License-Identifier: Apache-2.0 */
/* Ridge regression on within-group deviations (docs/method.md, noise cancelling). */
#include "stats/adjust.h"

#include <math.h>

static double column_mean(const double *values, size_t rows, size_t stride)
{
    double sum = 0;
    for (size_t r = 0; r < rows; r++)
        sum += values[r * stride];
    return sum / (double)rows;
}

void sg_adjust_add(size_t count, size_t rows, const double *z, const double *y, double *zz,
                   double *zy)
{
    if (rows < 2)
        return;
    double mean_y = column_mean(y, rows, 1);
    for (size_t j = 0; j < count; j++) {
        double mean_j = column_mean(z + j, rows, count);
        for (size_t r = 0; r < rows; r++)
            zy[j] += (z[r * count + j] - mean_j) * (y[r] - mean_y);
        for (size_t k = 0; k <= j; k++) {
            double mean_k = column_mean(z + k, rows, count);
            double sum = 0;
            for (size_t r = 0; r < rows; r++)
                sum += (z[r * count + j] - mean_j) * (z[r * count + k] - mean_k);
            zz[j * count + k] += sum;
            if (k != j)
                zz[k * count + j] += sum;
        }
    }
}

void sg_adjust_add_total(size_t rows, const double *y, struct sg_adjust_total *total)
{
    if (rows < 2)
        return;
    double mean = column_mean(y, rows, 1);
    for (size_t r = 0; r < rows; r++)
        total->squares += (y[r] - mean) * (y[r] - mean);
    total->freedom += (double)rows - 1;
}

/* A = LLᵀ in place of the lower half. False when a pivot is not positive beyond rounding. */
static bool cholesky(double *a, size_t count)
{
    for (size_t j = 0; j < count; j++) {
        double diagonal = a[j * count + j];
        double pivot = diagonal;
        for (size_t k = 0; k < j; k++)
            pivot -= a[j * count + k] * a[j * count + k];
        if (!(pivot > 1e-14 * diagonal))
            return false;
        double root = sqrt(pivot);
        a[j * count + j] = root;
        for (size_t i = j + 1; i < count; i++) {
            double sum = a[i * count + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * count + k] * a[j * count + k];
            a[i * count + j] = sum / root;
        }
    }
    return true;
}

static void solve(const double *l, size_t count, double *x)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i * count + k] * x[k];
        x[i] /= l[i * count + i];
    }
    for (size_t i = count; i-- > 0;) {
        for (size_t k = i + 1; k < count; k++)
            x[i] -= l[k * count + i] * x[k];
        x[i] /= l[i * count + i];
    }
}

bool sg_adjust_slopes(size_t count, const double *zz, const double *zy, const double *lambda,
                      const double *prior, double *work, double *out)
{
    double *matrix = work;
    double *right = matrix + count * count;
    for (size_t j = 0; j < count; j++) {
        for (size_t k = 0; k < count; k++)
            matrix[j * count + k] = zz[j * count + k];
        matrix[j * count + j] += lambda[j];
        right[j] = lambda[j] * prior[j] + zy[j];
        if (!(matrix[j * count + j] > 0)) { /* never varied: an equation of its own, 1·γ = 0 */
            matrix[j * count + j] = 1;
            right[j] = 0;
        }
    }
    bool ok = cholesky(matrix, count);
    if (ok)
        solve(matrix, count, right);
    for (size_t j = 0; ok && j < count; j++)
        out[j] = right[j];
    return ok;
}

double sg_adjust_trust(size_t count, const double *zz, const double *zy, const double *slopes,
                       const struct sg_adjust_total *total)
{
    if (!(total->freedom > 0))
        return 1;
    double explained = 0;
    for (size_t j = 0; j < count; j++) {
        explained += 2 * slopes[j] * zy[j];
        for (size_t k = 0; k < count; k++)
            explained -= slopes[j] * slopes[k] * zz[j * count + k];
    }
    if (!(explained > 0))
        return 0;
    double left = fmax(total->squares - explained, 0) / total->freedom;
    return fmax(1 - 2 * left / explained, 0);
}
