/* SPDX-License-Identifier: Apache-2.0 */
/* register_csv.c - the register for spreadsheets: RFC 4180, with the mark by which they
 * know UTF-8. Texts are the masked wordings; no cell is taken for a formula. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "serve/register_out.h"
#include "serve/report_table.h"
#include "source/source.h"

#define BOM "\xEF\xBB\xBF"

static void
field(struct buf *out, const char *text)
{
    buf_add_csv(out, str_from(text));
    buf_add_char(out, ',');
}

static void
number(struct buf *out, int64_t n)
{
    buf_addf(out, "%" PRId64 ",", n);
}

/* As the stream's people read a day; 0: empty. */
static void
day(struct buf *out, int64_t at_ms)
{
    char text[WORKDAYS_LEN + 1] = "";

    if (at_ms != 0)
        workdays_write(workdays_day_of(at_ms), text);
    field(out, text);
}

static const char *
wording_of(const struct question *item, const char *lang)
{
    static const char *const langs[LANG_TEXTS] = {"kk", "ru", "en"};

    for (int i = 0; i < LANG_TEXTS; i++) {
        if (strcmp(lang, langs[i]) == 0 && item->text[i] != NULL)
            return item->text[i];
    }
    for (int i = 0; i < LANG_TEXTS; i++) {
        if (item->text[i] != NULL)
            return item->text[i];
    }
    return "";
}

void
register_csv_head(const char *lang, struct buf *out)
{
    static const char *const columns[] = {
        "reg.no",      "reg.broadcast", "reg.wording", "reg.asker",  "reg.source",
        "reg.link",    "reg.topic",     "reg.unit",    "reg.state",  "reg.since",
        "reg.due",     "reg.left",      "reg.forward", "reg.to",     "reg.extended",
        "reg.written", "reg.note",      "reg.settled", "reg.appeal", "reg.n"};
    size_t n = sizeof(columns) / sizeof(columns[0]);

    buf_add_cstr(out, BOM);
    for (size_t i = 0; i < n; i++) {
        buf_add_csv(out, str_from(report_word(lang, columns[i])));
        buf_add_cstr(out, i + 1 < n ? "," : "\r\n");
    }
}

static void
add_topics(const struct register_row *r, struct buf *out)
{
    struct buf text = BUF_INIT;

    for (size_t i = 0; i < r->item->n_topics; i++)
        buf_addf(&text, "%s%s", i > 0 ? ", " : "", r->item->topics[i]);
    buf_add_csv(out, buf_str(&text));
    buf_add_char(out, ',');
    buf_fini(&text);
}

void
register_csv_row(const struct register_row *r, const char *lang, struct buf *out)
{
    const struct question *item = r->item;
    const struct owed *o = &item->owed;
    char state[32];

    (void)snprintf(state, sizeof(state), "reg.%s", owed_state_name(o->state));
    number(out, (int64_t)item->no);
    number(out, (int64_t)item->broadcast);
    field(out, wording_of(item, lang));
    field(out, item->n_askers > 0 ? item->askers[0].name : NULL);
    field(out, item->source);
    field(out, r->link);
    add_topics(r, out);
    field(out, item->unit);
    field(out, report_word(lang, state));
    day(out, o->at_ms);
    field(out, item->due);
    if (r->clock.runs)
        number(out, r->clock.left);
    else
        field(out, NULL);
    field(out, o->state == OWED_OPEN ? o->forward_by : NULL);
    field(out, o->to);
    field(out, o->extended);
    field(out, r->staff ? o->written : NULL);
    field(out, r->staff ? o->closing : NULL);
    day(out, o->settled_ms);
    field(out, o->appeal ? report_word(lang, "reg.yes") : NULL);
    buf_addf(out, "%" PRIu64 "\r\n", item->n);
}
