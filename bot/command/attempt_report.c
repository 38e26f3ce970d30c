/* SPDX-License-Identifier: Apache-2.0 */
/* attempt_report.c - what came of trying the sources.
 *
 * Columns are as wide as what stands in them. A target can be a long link, so it is cut
 * at the end of a terminal's patience; the rest of a row never is: the reason is what the
 * table is for. */
#include "command/attempt_report.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "base/wrap.h"
#include "command/advice.h"

#define PLACE "SOURCE" /* in an advice: the source's name */

enum { NAME, KIND, TARGET, STATE, TOOK, HEARD, COLUMNS };
enum { TARGET_MOST = 40, LABEL = 8 };

struct row {
    struct buf cell[COLUMNS];
};

static const char *const titles[COLUMNS] = {"NAME",  "KIND", "TARGET",
                                            "STATE", "TOOK", "MESSAGES"};

static void
set_target(struct buf *cell, const char *target)
{
    struct buf safe = BUF_INIT;
    buf_add_escaped(&safe, str_from(target));
    struct str text = buf_str(&safe);
    size_t keep = utf8_offset(text, TARGET_MOST - 1);
    if (wrap_columns(text) > TARGET_MOST) {
        buf_add(cell, text.p, keep);
        buf_add_cstr(cell, "…");
    } else {
        buf_add_str(cell, text);
    }
    buf_fini(&safe);
}

/* In the words of the console; a broadcast that is awaited is not merely connecting. */
static const char *
state_of(const struct attempt *a)
{
    if (a->status.state != SOURCE_CONNECTING)
        return source_state_name(a->status.state);
    return strcmp(a->status.code, "waiting") == 0 ? "waiting" : "no connection";
}

static void
fill(struct row *r, const struct attempt *a)
{
    bool tried = a->status.state != SOURCE_OFF && strcmp(a->status.code, "settings") != 0;
    buf_add_escaped(&r->cell[NAME], str_from(a->of->name));
    buf_add_escaped(&r->cell[KIND], str_from(a->of->kind));
    set_target(&r->cell[TARGET], a->of->target != NULL ? a->of->target : "-");
    buf_add_cstr(&r->cell[STATE], state_of(a));
    if (tried) {
        buf_addf(&r->cell[TOOK], "%.1f s", (double)a->took_ms / 1000.0);
        buf_addf(&r->cell[HEARD], "%" PRIu64, a->messages);
    } else {
        buf_add_cstr(&r->cell[TOOK], "-");
        buf_add_cstr(&r->cell[HEARD], "-");
    }
}

static const char *
colour_of(const struct attempt *a)
{
    if (a->status.state == SOURCE_OFF)
        return "\033[2m";
    if (!a->well)
        return a->status.state == SOURCE_DEGRADED ? "\033[33m" : "\033[31m";
    return a->status.state == SOURCE_CONNECTING ? "\033[33m" : "\033[32m";
}

static void
add_row(const struct row *r, const unsigned *wide, const char *colour, struct buf *out)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        struct str text = buf_str(&r->cell[i]);
        unsigned gap = wide[i] - wrap_columns(text) + 2;
        bool dress = i == STATE && colour != NULL;
        buf_add_cstr(out, dress ? colour : "");
        buf_add_str(out, text);
        buf_add_cstr(out, dress ? "\033[0m" : "");
        if (i + 1 < COLUMNS)
            buf_addf(out, "%*s", (int)gap, "");
    }
    buf_add_char(out, '\n');
}

static void
add_line(const struct attempt_style *style, struct buf *out, const char *label,
         const char *text)
{
    buf_addf(out, "  %-*s", LABEL - 2, label);
    wrap_add(out, str_from(text), LABEL, style->width);
    buf_add_char(out, '\n');
}

/* With the source's own name in the command to type. */
static void
add_advice(const struct attempt *a, const struct attempt_style *style, struct buf *out)
{
    const char *advice = advice_of(a->status.code, style->lang);
    const char *at = strstr(advice, PLACE);
    struct buf text = BUF_INIT;
    if (at != NULL) {
        buf_add(&text, advice, (size_t)(at - advice));
        buf_add_cstr(&text, a->of->name);
        advice = at + strlen(PLACE);
    }
    buf_add_cstr(&text, advice);
    add_line(style, out, "next", text.data);
    buf_fini(&text);
}

static void
add_reason(const struct attempt *a, const struct attempt_style *style, struct buf *out)
{
    if (a->status.reason[0] != '\0')
        add_line(style, out, "said", a->status.reason);
    if (!a->well || a->status.code[0] != '\0')
        add_advice(a, style, out);
}

void
attempt_report_write(const struct attempts *all, const struct attempt_style *style,
                     struct buf *out)
{
    struct row rows[BOUNDS_SOURCES + 1] = {0};
    unsigned wide[COLUMNS] = {0};
    size_t well = 0;
    for (size_t c = 0; c < COLUMNS; c++)
        buf_add_cstr(&rows[all->n].cell[c], titles[c]);
    for (size_t i = 0; i < all->n; i++)
        fill(&rows[i], &all->items[i]);
    for (size_t i = 0; i <= all->n; i++)
        for (size_t c = 0; c < COLUMNS; c++) {
            unsigned n = wrap_columns(buf_str(&rows[i].cell[c]));
            wide[c] = n > wide[c] ? n : wide[c];
        }
    add_row(&rows[all->n], wide, NULL, out);
    for (size_t i = 0; i < all->n; i++) {
        const struct attempt *a = &all->items[i];
        add_row(&rows[i], wide, style->colour ? colour_of(a) : NULL, out);
        add_reason(a, style, out);
        well += a->well ? 1 : 0;
    }
    buf_addf(out, "%zu sources, %zu well, %zu to look at\n", all->n, well, all->n - well);
    for (size_t i = 0; i <= all->n; i++)
        for (size_t c = 0; c < COLUMNS; c++)
            buf_fini(&rows[i].cell[c]);
}
