/* SPDX-License-Identifier: Apache-2.0 */
/* api_health.c - is it alive, can it journal, how is it doing. For machines: no session.
 * The figures are for the machine's own network; from outside they need a moderator. */
#include "serve/api.h"
#include "serve/front.h"

void
api_healthz(struct front *f, struct exchange *x)
{
    (void)f;
    buf_add_cstr(http_json(&x->res, 200), "{\"status\":\"alive\"}");
}

void
api_readyz(struct front *f, struct exchange *x)
{
    const struct server_health *h = &f->conf.health;
    struct err e = ERR_INIT;

    if (h->ready != NULL && h->ready(h->arg, &e) < 0)
        http_problem(&x->res, 503, "journal_down", "%s", e.msg);
    else
        buf_add_cstr(http_json(&x->res, 200), "{\"status\":\"ready\"}");
}

void
api_metrics(struct front *f, struct exchange *x)
{
    bool staff =
        x->signed_in && (x->who.role == ROLE_MODERATOR || x->who.role == ROLE_ADMIN);
    /* On a Unix socket a proxy says who asks; who comes by himself has no address. */
    bool here = f->unix_socket && x->req.address[0] == '\0';

    if (!staff && !here && !peer_is_private(str_from(x->req.address))) {
        http_problem(&x->res, 403, "forbidden", "from outside this needs a moderator");
        return;
    }
    metrics_write(f, http_json(&x->res, 200));
    x->res.type = "text/plain; version=0.0.4; charset=utf-8";
}
