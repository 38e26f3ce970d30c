/* SPDX-License-Identifier: Apache-2.0 */
/* api_setup.c - GET /setup: the checklist of the day, and how one check is written.
 *
 * What is checked stands in setup_chat.c and setup_house.c. Nothing here is worded: a
 * code says what was found, figures say how much, and the page has the sentences and what
 * to do next in three languages. */
#include "serve/api.h"

#include <inttypes.h>

#include "serve/setup_list.h"

void
setup_begin(struct setup_list *l, const char *id, const char *name)
{
    size_t before = 0;

    for (int i = 0; i < SETUP_LEVELS; i++)
        before += l->counts.n[i];
    buf_addf(l->out, "%s{\"id\":\"%s\",\"name\":", before > 0 ? "," : "", id);
    view_text(name, l->out);
    buf_add_cstr(l->out, ",\"figures\":{");
    l->any_figure = false;
}

static void
figure(struct setup_list *l, const char *name)
{
    buf_addf(l->out, "%s\"%s\":", l->any_figure ? "," : "", name);
    l->any_figure = true;
}

void
setup_number(struct setup_list *l, const char *name, uint64_t value)
{
    figure(l, name);
    buf_add_u64(l->out, value);
}

void
setup_text(struct setup_list *l, const char *name, const char *value)
{
    figure(l, name);
    view_text(value, l->out);
}

void
setup_age(struct setup_list *l, int64_t at_ms)
{
    figure(l, "at");
    view_time(at_ms, l->out);
    if (at_ms == 0)
        setup_text(l, "age_s", NULL);
    else
        setup_number(l, "age_s",
                     at_ms < l->now_ms ? (uint64_t)(l->now_ms - at_ms) / 1000 : 0);
}

void
setup_end(struct setup_list *l, enum setup_level level, const char *code)
{
    static const char *const names[SETUP_LEVELS] = {"ok", "warn", "fail"};

    buf_addf(l->out, "},\"level\":\"%s\",\"code\":\"%s\"}", names[level], code);
    l->counts.n[level]++;
}

void
setup_write(struct front *f, struct setup_counts *counts, struct buf *out)
{
    const struct server_health *h = &f->conf.health;
    struct setup_list l = {.front = f,
                           .out = out,
                           .facts = {.clock_synced = -1, .zone_known = true},
                           .now_ms = clock_wall_ms(f->conf.clock)};

    if (h->facts != NULL)
        h->facts(h->arg, &l.facts);
    buf_add_char(out, '[');
    setup_chat(&l);
    setup_house(&l);
    buf_add_char(out, ']');
    *counts = l.counts;
}

void
api_setup(struct front *f, struct exchange *x)
{
    struct buf checks = BUF_INIT, *out = http_json(&x->res, 200);
    struct setup_counts counts;

    setup_write(f, &counts, &checks);
    buf_add_cstr(out, "{\"at\":");
    view_time(clock_wall_ms(f->conf.clock), out);
    buf_add_cstr(out, ",\"timezone\":");
    view_text(f->conf.timezone, out);
    buf_add_cstr(out, ",\"public_url\":");
    view_text(f->conf.public_url, out);
    buf_addf(out, ",\"counts\":{\"ok\":%zu,\"warn\":%zu,\"fail\":%zu},\"checks\":",
             counts.n[SETUP_OK], counts.n[SETUP_WARN], counts.n[SETUP_FAIL]);
    buf_add_str(out, buf_str(&checks));
    buf_add_char(out, '}');
    buf_fini(&checks);
    f->setup = counts;
}
