/* floors: loop base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_settings.c - whatever a settings file holds, it is read or every mistake has
 * words. */
#include <assert.h>
#include <stdint.h>

#include "loop/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct settings_errors errors = {.n = 0};
    struct str text = {(const char *)data, len};
    struct settings *s = settings_parse("fuzz.yaml", text, NULL, &errors);
    assert((s == NULL) == (errors.n > 0));
    for (size_t i = 0; i < errors.n; i++)
        assert(errors.items[i][0] != '\0');
    settings_free(&s);
    settings_errors_fini(&errors);
    return 0;
}
