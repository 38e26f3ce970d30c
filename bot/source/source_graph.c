/* SPDX-License-Identifier: Apache-2.0 */
/* source_graph.c - asking Meta's Graph API.
 *
 * The token travels in the address, as the documents have it, so no address of this file
 * is logged or kept. How much of its hourly calls the application has used comes with
 * each answer, in percent, and is shown as the source's quota. */
#include "source/source_graph.h"

#include "source/facebook.h"
#include "source/json.h"

void
source_graph_ask(struct source_http *h, struct buf *url, struct source_ask *ask,
                 void (*answer)(struct source *s, const struct fetch_answer *a))
{
    fetch_add_query(url, "access_token", str_from(h->s->secret));
    ask->url = url->data;
    source_http_ask(h, ask, answer);
    explicit_bzero(url->data, url->cap);
    buf_fini(url);
}

static void
note_use(struct source *s, const struct fetch_answer *a)
{
    struct str use = fetch_header(a, "x-app-usage");
    json_t *o = use.len > 0 ? json_loadb(use.p, use.len, 0, NULL) : NULL;
    if (o == NULL)
        return;
    s->status.quota_of = 100;
    s->status.quota_used = json_number(o, "call_count", 0);
    json_decref(o);
}

bool
source_graph_is_ok(struct source *s, const struct fetch_answer *a)
{
    struct buf words = BUF_INIT;
    bool ok = false;
    note_use(s, a);
    enum facebook_fault fault =
        a->status >= 400 ? facebook_read_fault(a->body, &words) : FACEBOOK_OTHER;
    const char *why = words.len > 0 ? words.data : "no reason given";
    switch (fault) {
    case FACEBOOK_BAD_TOKEN:
        source_refused(s, "auth", "the token has ended or was taken back: %s", why);
        break;
    case FACEBOOK_NO_RIGHT:
        source_refused(s, "auth", "the token lacks a permission: %s", why);
        break;
    case FACEBOOK_SLOW_DOWN:
        source_lost_for(s, s->timing.wait, "limit",
                        "the application has used its calls for now: %s", why);
        break;
    case FACEBOOK_MISSING:
        source_refused(s, "join", "there is no such video, or the token may not see it");
        break;
    case FACEBOOK_UNAVAILABLE:
        source_lost(s, "closed", "the platform has a fault: %s", why);
        break;
    case FACEBOOK_OTHER:
        ok = source_http_is_ok(s, a, buf_str(&words));
        break;
    }
    buf_fini(&words);
    return ok;
}
