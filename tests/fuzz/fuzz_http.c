/* floors: serve queue judge source loop base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_http.c - "NAME LF the rest": pieces of a request that come from anybody. */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "serve/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct str rest = {(const char *)data, len}, line;
    struct buf name = BUF_INIT, text = BUF_INIT, out = BUF_INIT;
    uint64_t n = 7;
    (void)str_split(&rest, '\n', &line);
    buf_addf(&name, "%.*s", STR_ARG(line)); /* C strings: up to the first NUL */
    buf_addf(&text, "%.*s", STR_ARG(rest));
    if (http_query(text.data, name.data, &out))
        assert(utf8_is_valid(buf_str(&out)) &&
               (out.len == 0 || memchr(out.data, '\0', out.len) == NULL));
    if (http_query_u64(text.data, name.data, 99, &n, NULL) == 0)
        assert(n <= 99);
    struct str found[] = {http_cookie(rest, name.data), http_bearer(rest),
                          http_host_core(rest), http_host_name(rest)};
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++)
        assert(found[i].len == 0 ||
               (found[i].p >= rest.p && found[i].p + found[i].len <= rest.p + rest.len));
    assert(!http_same_origin(rest, line, len % 2 == 0) || rest.len > line.len);
    if (http_path_is_good(rest))
        assert(rest.p[0] == '/' && utf8_is_valid(rest));
    (void)http_accepts(rest, name.data);
    (void)http_matches_etag(rest, name.data);
    json_t *body = http_json_body(rest, NULL);
    assert(body == NULL || json_is_object(body));
    json_decref(body);
    buf_fini(&name);
    buf_fini(&text);
    buf_fini(&out);
    return 0;
}
