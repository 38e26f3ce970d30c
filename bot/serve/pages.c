/* SPDX-License-Identifier: Apache-2.0 */
/* pages.c - the embedded pages and their assets.
 *
 * Pages hold no data, so everybody gets them; what they show they ask for. Assets have a
 * hash in their name and never change; pages are asked about each time and answered 304.
 * Both are stored gzipped; the rare client that does not take gzip gets them inflated. */
#include "serve/pages.h"

#include <string.h>

#include <zlib.h>

#include "base/mem.h"
#include "serve/assets.h"
#include "serve/front.h"

enum { INFLATED_MAX = 16 * 1024 * 1024 };

static const struct web_asset *
find(struct str path)
{
    size_t low = 0, high = web_assets_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_cmp(str_from(web_assets[middle].path), path);
        if (order == 0)
            return &web_assets[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* "/" index.html, "/join/CODE" join.html, "/officer" officer.html, "/promises" a tab of
 * register.html, "/assets/..." as it is. */
static const struct web_asset *
page_of(struct str path)
{
    struct buf name = BUF_INIT;
    struct str rest = {path.p + 1, path.len - 1}, first;

    if (rest.len == 0)
        return find(STR_LIT("index.html"));
    if (str_has_prefix(rest, STR_LIT("assets/")))
        return find(rest);
    (void)str_split(&rest, '/', &first);
    bool takes_more = str_eq(first, STR_LIT("join")) || str_eq(first, STR_LIT("report"));
    if (rest.len > 0 && (!takes_more || memchr(rest.p, '/', rest.len) != NULL))
        return NULL;
    if (memchr(first.p, '.', first.len) != NULL)
        return NULL;
    if (str_eq(first, STR_LIT("promises")))
        first = STR_LIT("register");
    buf_add_str(&name, first);
    buf_add_cstr(&name, ".html");
    const struct web_asset *asset = find(buf_str(&name));
    buf_fini(&name);
    return asset;
}

static bool
inflate_into(const struct web_asset *a, struct buf *out)
{
    z_stream z = {.next_in = (Bytef *)a->data, .avail_in = (uInt)a->len};
    int rc = inflateInit2(&z, 16 + MAX_WBITS);

    while (rc == Z_OK && out->len < INFLATED_MAX) {
        buf_reserve(out, 64 * 1024);
        z.next_out = (Bytef *)out->data + out->len;
        z.avail_out = 64 * 1024;
        rc = inflate(&z, Z_NO_FLUSH);
        out->len += 64 * 1024 - z.avail_out;
    }
    (void)inflateEnd(&z);
    return rc == Z_STREAM_END;
}

static void
fill(struct exchange *x, const struct web_asset *a)
{
    struct http_response *r = &x->res;

    r->status = 200;
    r->type = a->mime;
    if (!a->gzip ||
        http_accepts(http_request_field(&x->req, HTTP_ACCEPT_ENCODING), "gzip")) {
        r->fixed = a->data;
        r->fixed_len = a->len;
        if (a->gzip)
            http_header(r, "content-encoding:", "gzip");
    } else if (!inflate_into(a, &r->body)) {
        http_problem(r, 500, "internal", "the page is damaged");
    }
}

bool
pages_serve(struct exchange *x)
{
    const struct web_asset *a = page_of(str_from(x->req.path));

    if (a == NULL)
        return false;
    bool fixed = str_has_prefix(str_from(a->path), STR_LIT("assets/"));
    if (http_matches_etag(http_request_field(&x->req, HTTP_IF_NONE_MATCH), a->etag))
        x->res.status = 304;
    else
        fill(x, a);
    http_header(&x->res, "etag:", "%s", a->etag);
    http_header(&x->res, "vary:", "accept-encoding");
    http_header(&x->res, "cache-control:",
                fixed ? "public, max-age=31536000, immutable" : "no-cache");
    return true;
}
