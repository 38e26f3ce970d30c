/* floors: judge base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_explain.c - whatever the chat says, its explanation is safe for a terminal, and a
 * set of filters compared with itself differs in nothing. */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "judge/compare.h"
#include "judge/explain.h"
#include "judge/filters.h"

static const char *const files[][2] = {
    {"a.yaml", "kind: abuse\nrules: [{name: a, re: 'топас|д(?:е|і)б', score: 2}]\n"},
    {"m.yaml",
     "kind: mask\nrules: [{name: n, re: '[0-9](?:[ -]?[0-9]){5}', pii: iin}]\n"},
    {"q.yaml", "kind: question\nrules: [{name: q, re: '\\?|қашан', score: 3}]\n"},
    {"t.yaml", "kind: topic\nid: t\nrules: [{name: t, re: '(?:а|аа|жол)+', score: 2}]\n"},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct judge *j;
    struct filters *f = j == NULL ? filters_new() : NULL;
    for (size_t i = 0; f != NULL && i < sizeof(files) / sizeof(files[0]); i++)
        assert(filters_add(f, files[i][0], str_from(files[i][1]), NULL) == 0);
    if (f != NULL && filters_load(f) == 0)
        j = judge_new(f, NULL);
    filters_free(&f);
    struct judge_scratch *s = judge_scratch_new();
    struct verdict v;
    struct str text = {(const char *)data, len};
    judge_text(j, s, text, &v);
    struct explain x = {j, s, &v, text, "kk", len > 0 ? data[0] : 0};
    struct buf out = BUF_INIT;
    judge_explain(&x, &out);
    for (size_t pos = 0; pos < out.len;) {
        int32_t cp = utf8_next(buf_str(&out), &pos);
        assert(cp == '\n' || (cp >= 0x20 && !utf8_is_invisible((uint32_t)cp)));
        assert(cp < 0x7F || cp >= 0xA0);
    }
    struct compare *c = compare_new(j, j);
    struct compare_line line;
    compare_text(c, text, &line);
    assert(line.changes == 0 && line.n_reasons == 0);
    compare_free(&c);
    buf_fini(&out);
    judge_scratch_free(&s);
    return 0;
}
