/* SPDX-License-Identifier: Apache-2.0 */
/* bulk.c - POST /messages: NDJSON, taken line by line while it arrives.
 *
 * A piece of the body is worked on in the turn that brought it, so a bulk of ten thousand
 * lines does not stop the loop. Taken lines stay taken when the connection breaks: a
 * program that sends ids may send everything again, and what is there is counted as a
 * duplicate. When the journal cannot keep up the rest is refused with 503, and the answer
 * says how far it got. */
#include "serve/bulk.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "serve/api.h"
#include "serve/front.h"

enum { LINE_MAX_BYTES = BOUNDS_BODY, ERRORS_SHOWN = 100 };

struct bulk {
    char source[BOUNDS_SOURCE_NAME + 1];
    struct buf line; /* begun, not ended */
    bool too_long;   /* the rest of this line is thrown away */
    uint64_t lines;  /* looked at */
    uint64_t accepted, duplicates;
    struct buf errors; /* JSON objects, joined by commas */
    size_t n_errors;
    struct err stopped; /* set: nothing further is taken, and why */
    uint64_t seq;
};

struct bulk *
bulk_new(struct front *f, const struct exchange *x)
{
    struct bulk *i = mem_zalloc(sizeof(*i));
    const char *name = x->who.token != 0 ? x->who.name : "push";

    (void)f;
    memcpy(i->source, name, strlen(name) + 1);
    return i;
}

void
bulk_free(struct bulk **ip)
{
    struct bulk *i = *ip;

    if (i == NULL)
        return;
    *ip = NULL;
    buf_fini(&i->line);
    buf_fini(&i->errors);
    mem_free(i);
}

static void
add_error(struct bulk *i, const char *text)
{
    if (i->n_errors++ >= ERRORS_SHOWN)
        return;
    buf_addf(&i->errors, "%s{\"line\":%" PRIu64 ",\"error\":", i->n_errors > 1 ? "," : "",
             i->lines);
    buf_add_json(&i->errors, str_from(text));
    buf_add_char(&i->errors, '}');
}

static int
take(struct bulk *i, struct front *f, struct message *m, struct err *e)
{
    const struct server_sources *s = &f->conf.sources;
    struct str source = str_from(i->source);
    uint64_t seq = 0;

    m->received_ms = clock_wall_ms(f->conf.clock);
    int rc = s->push != NULL ? s->push(s->arg, source, m, &seq, e)
                             : stream_message(f->conf.stream, source, m, &seq, e);
    if (rc >= 0 && seq > i->seq)
        i->seq = seq;
    return rc;
}

static void
one_line(struct bulk *i, struct front *f, struct str line)
{
    struct message m = {.kind = MESSAGE_CHAT};
    struct err e = ERR_INIT;
    json_t *holder = NULL;

    i->lines++;
    if (str_trim(line).len == 0)
        return;
    int rc = message_parse(line, &m, NULL, &holder, &e);
    if (rc < 0) {
        add_error(i, e.msg);
    } else {
        rc = take(i, f, &m, &e);
        if (rc == 0)
            i->accepted++;
        else if (rc > 0)
            i->duplicates++;
        else if (e.code == ERR_LIMIT || e.code == ERR_BAD_STATE)
            i->stopped = e;
        else
            add_error(i, e.msg);
    }
    if (i->stopped.code != ERR_NONE)
        i->lines--;
    json_decref(holder);
}

static void
end_line(struct bulk *i, struct front *f)
{
    if (i->too_long) {
        i->lines++;
        add_error(i, "the line is too long");
    } else {
        one_line(i, f, buf_str(&i->line));
    }
    i->too_long = false;
    buf_reset(&i->line);
}

static void
add_part(struct bulk *i, struct str part)
{
    if (i->line.len + part.len > LINE_MAX_BYTES) {
        i->too_long = true;
        buf_reset(&i->line);
    } else if (!i->too_long) {
        buf_add_str(&i->line, part);
    }
}

void
bulk_piece(struct bulk *i, struct front *f, struct str piece)
{
    const char *feed;

    while (i->stopped.code == ERR_NONE && piece.len > 0 &&
           (feed = memchr(piece.p, '\n', piece.len)) != NULL) {
        size_t len = (size_t)(feed - piece.p);
        add_part(i, (struct str){piece.p, len});
        end_line(i, f);
        piece = (struct str){feed + 1, piece.len - len - 1};
    }
    if (i->stopped.code == ERR_NONE)
        add_part(i, piece);
}

void
bulk_finish(struct bulk *i, struct front *f, struct exchange *x)
{
    struct buf *out;

    if (i->stopped.code == ERR_NONE && (i->line.len > 0 || i->too_long))
        end_line(i, f);
    if (i->stopped.code == ERR_NONE) {
        out = http_json(&x->res, 200);
        buf_add_char(out, '{');
    } else {
        out = http_problem_open(&x->res, 503, "journal_down", i->stopped.msg);
        http_header(&x->res, "retry-after:", "1");
        buf_add_char(out, ',');
    }
    buf_addf(out,
             "\"lines\":%" PRIu64 ",\"accepted\":%" PRIu64 ",\"duplicates\":%" PRIu64,
             i->lines, i->accepted, i->duplicates);
    buf_add_cstr(out, ",\"errors\":[");
    buf_add_str(out, buf_str(&i->errors));
    buf_add_cstr(out, "]}");
    x->res.hold = i->seq;
}
