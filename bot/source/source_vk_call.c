/* SPDX-License-Identifier: Apache-2.0 */
/* source_vk_call.c - calling the methods of the VK API.
 *
 * The token travels in the body of each request, never in an address. VK answers 200 to
 * nearly everything and says in the JSON what is wrong; what a fault means for the source
 * is decided here, once. Some answers are only wished for: a community's token may not
 * read everything that a person's may, and that is no failure. */
#include "source/json.h"
#include "source/source_vk.h"
#include "source/token.h"

#define VERSION "5.199"

void
source_vk_call(struct source_http *h, const char *method, struct buf *form,
               int64_t total_ms,
               void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct source *s = h->s;
    struct buf url = BUF_INIT;
    token_add_field(form, "access_token", str_from(s->secret));
    token_add_field(form, "v", STR_LIT(VERSION));
    buf_addf(&url, "%s/method/%s", s->url, method);
    struct source_ask ask = {.url = url.data,
                             .type = "application/x-www-form-urlencoded",
                             .body = buf_str(form),
                             .total_ms = total_ms};
    source_http_ask(h, &ask, answer);
    explicit_bzero(form->data, form->cap);
    buf_fini(form);
    buf_fini(&url);
}

void
source_vk_field(struct buf *form, const char *name, int64_t value)
{
    struct buf text = BUF_INIT;
    buf_add_i64(&text, value);
    token_add_field(form, name, buf_str(&text));
    buf_fini(&text);
}

static void
tell_fault(struct source *s, enum vk_fault fault, const char *why)
{
    switch (fault) {
    case VK_FINE:
        break;
    case VK_BAD_TOKEN:
        source_refused(s, "auth", "the token has ended or is of the wrong kind: %s", why);
        break;
    case VK_NO_RIGHT:
        source_refused(s, "auth", "the token lacks a right: %s", why);
        break;
    case VK_SLOW_DOWN:
        source_lost_for(s, s->timing.wait, "limit", "VK asks to slow down: %s", why);
        break;
    case VK_MISSING:
        source_refused(s, "join",
                       "VK knows no such community or place, or Long Poll is "
                       "off: %s",
                       why);
        break;
    case VK_CLOSED:
        source_lost_for(s, s->timing.wait, "join", "nobody may comment there: %s", why);
        break;
    case VK_UNAVAILABLE:
        source_lost(s, "closed", "the platform has a fault: %s", why);
        break;
    case VK_OTHER:
        source_refused(s, "refused", "VK refuses: %s", why);
        break;
    }
}

json_t *
source_vk_answer(struct source *s, const struct fetch_answer *a, bool optional)
{
    struct buf words = BUF_INIT;
    json_t *o = source_http_is_ok(s, a, STR_NONE) ? source_http_json(s, a) : NULL;
    enum vk_fault fault = vk_fault_of(o, &words);
    bool no_right = fault == VK_NO_RIGHT || fault == VK_BAD_TOKEN;
    if (!optional || !no_right)
        tell_fault(s, fault, words.len > 0 ? words.data : "no reason given");
    if (fault != VK_FINE) {
        json_decref(o);
        o = NULL;
    }
    buf_fini(&words);
    return o;
}
