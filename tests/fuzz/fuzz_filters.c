/* floors: judge base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_filters.c - whatever a rule file holds, it loads or says where it is wrong; what
 * loads judges. */
#include <assert.h>
#include <stdint.h>

#include "judge/filters.h"
#include "judge/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct filters_issue *issues;
    struct filters *f = filters_new();
    struct str text = {(const char *)data, len};
    if (filters_add(f, "a.yaml", text, NULL) == 0) {
        size_t errors = filters_load(f), n = filters_issues(f, &issues);
        assert(errors <= n);
        for (size_t i = 0; i < n; i++)
            assert(issues[i].text[0] != '\0' && issues[i].line >= 0);
        struct judge *j = errors == 0 ? judge_new(f, NULL) : NULL;
        assert((j != NULL) == (errors == 0));
        if (j != NULL)
            (void)filters_check_examples(f, j);
        judge_unref(&j);
    }
    filters_free(&f);
    return 0;
}
