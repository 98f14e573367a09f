/* SPDX-License-Identifier: Apache-2.0 */
/* A rank test step by step, so that a sceptic can check it with a pencil. */
#include "judge/rank.h"

#include <math.h>

static void explain_block(const struct sg_trial *trial, size_t block)
{
    const struct sg_family *f = trial->family;
    const struct sg_covariates *c = f->covariates;
    sg_text_printf(trial->steps, "  block %d: y of the reference",
                   f->data->blocks[f->block[block]].number);
    for (size_t i = f->reference_at[block]; i < f->reference_at[block + 1]; i++)
        sg_text_printf(trial->steps, " %.9g", f->work.reference[i]);
    sg_text_add(trial->steps, ", of the variant");
    for (size_t i = f->variant_at[block]; i < f->variant_at[block + 1]; i++)
        sg_text_printf(trial->steps, " %.9g", f->work.variant[i]);
    if (trial->rank.adjusted) {
        sg_text_add(trial->steps, "\n    gamma");
        for (size_t k = 0; k < c->count; k++)
            sg_text_printf(trial->steps, " %.6g", f->work.gamma[f->block[block] * c->count + k]);
        sg_text_add(trial->steps, "; x = y - gamma*z of the reference");
        for (size_t i = f->reference_at[block]; i < f->reference_at[block + 1]; i++)
            sg_text_printf(trial->steps, " %.9g",
                           f->work.reference[i] - sg_rank_host(f, block, f->reference_rows[i]));
        sg_text_add(trial->steps, ", of the variant");
        for (size_t i = f->variant_at[block]; i < f->variant_at[block + 1]; i++)
            sg_text_printf(trial->steps, " %.9g",
                           f->work.variant[i] - sg_rank_host(f, block, f->variant_rows[i]));
    }
    sg_text_add(trial->steps, "\n");
}

static void say_critical(struct sg_text *steps, size_t critical)
{
    if (critical == SG_NEVER)
        sg_text_add(steps, "none");
    else
        sg_text_printf(steps, "%zu", critical);
}

static void say_bound(struct sg_text *steps, const char *name, double bound)
{
    if (isnan(bound))
        sg_text_printf(steps, "; %s = none", name);
    else
        sg_text_printf(steps, "; %s = %.9g", name, bound);
}

void sg_rank_explain(const struct sg_trial *trial, size_t look, enum sg_answer answer)
{
    static const char *const answers[] = {"", "go on", "PASS", "FAIL"};
    const struct sg_family *f = trial->family;
    const struct sg_rank *rank = &trial->rank;
    size_t pairs = sg_family_pairs(f, look);
    const double *d = f->work.sorted;
    for (size_t b = look == 0 ? 0 : f->look_blocks[look - 1]; b < f->look_blocks[look]; b++)
        explain_block(trial, b);
    sg_text_printf(trial->steps,
                   "  look %zu: n = %zu + %zu, %zu differences D, sorted %.6g … %.6g … %.6g\n",
                   look + 1, sg_family_references(f, look), sg_family_variants(f, look), pairs,
                   d[0], rank->estimate, d[pairs - 1]);
    sg_text_printf(trial->steps, "    U = #{D > 0} = %zu; critical u(alpha = %.6g) = ", rank->above,
                   trial->alpha);
    say_critical(trial->steps, rank->critical_fail);
    sg_text_printf(trial->steps, ", u(beta = %.6g) = ", trial->beta);
    say_critical(trial->steps, rank->critical_pass);
    sg_text_printf(trial->steps, "\n    estimate = median(D) = %.9g", rank->estimate);
    say_bound(trial->steps, "L", rank->bounds.low);
    say_bound(trial->steps, "B", rank->bounds.high);
    sg_text_printf(trial->steps, "; theta1 = %.9g", trial->threshold);
    if (rank->bias > 0)
        sg_text_printf(trial->steps, "; coupling b = %.6g", rank->bias);
    sg_text_printf(trial->steps,
                   "\n    PASS if B < theta1(1 - b); FAIL if L > 0 and estimate >= theta1(1 + b): "
                   "%s\n",
                   answers[answer]);
}
