/* SPDX-License-Identifier: Apache-2.0 */
/* irc_out.c - what we say to an IRC chat, and when.
 *
 * Pure but for the lines that it owns: the time comes in. The times of the last `burst`
 * lines are kept in a ring; a line may leave when the oldest of them has left the window
 * and the newest is a gap ago. Text from outside cannot become a second command: every
 * control character is a space before it gets near a line. */
#include "source/irc_out.h"

#include "base/bounds.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { MAX_CHARS = 500 }; /* Twitch's limit; a reply has no need of more anywhere */

struct waiting_line {
    struct list node;
    char *text; /* owned */
};

struct irc_out {
    struct list lines;
    size_t n_lines;
    int64_t *sent; /* owned: ring of the times of the last `burst` lines */
    size_t next, n_sent;
    unsigned burst;
    int64_t window_ms, gap_ms;
};

struct irc_out *
irc_out_new(unsigned burst, int64_t window_ms, int64_t gap_ms)
{
    struct irc_out *o = mem_zalloc(sizeof(*o));
    list_init(&o->lines);
    o->burst = burst > 0 ? burst : 1;
    o->sent = mem_array(o->burst, sizeof(*o->sent));
    o->window_ms = window_ms;
    o->gap_ms = gap_ms;
    return o;
}

static void
drop(struct irc_out *o, struct waiting_line *w)
{
    list_remove(&w->node);
    o->n_lines--;
    mem_free(w->text);
    mem_free(w);
}

void
irc_out_reset(struct irc_out *o)
{
    LIST_FOREACH (it, &o->lines)
        drop(o, LIST_ENTRY(it, struct waiting_line, node));
}

void
irc_out_free(struct irc_out **op)
{
    struct irc_out *o = *op;
    *op = NULL;
    if (o == NULL)
        return;
    irc_out_reset(o);
    mem_free(o->sent);
    mem_free(o);
}

int
irc_out_add(struct irc_out *o, struct str line, struct err *e)
{
    if (o->n_lines >= BOUNDS_SOURCE_OUTBOX)
        return err_set(e, ERR_LIMIT, "%d lines wait to be sent already",
                       BOUNDS_SOURCE_OUTBOX);
    struct waiting_line *w = mem_zalloc(sizeof(*w));
    w->text = mem_strndup(line.p, line.len);
    list_add_tail(&o->lines, &w->node);
    o->n_lines++;
    return 0;
}

int64_t
irc_out_wait_ms(const struct irc_out *o, int64_t now_ms)
{
    if (o->n_lines == 0)
        return -1;
    if (o->n_sent == 0)
        return 0;
    int64_t due = o->sent[(o->next + o->burst - 1) % o->burst] + o->gap_ms;
    if (o->n_sent == o->burst && o->sent[o->next] + o->window_ms > due)
        due = o->sent[o->next] + o->window_ms;
    return due > now_ms ? due - now_ms : 0;
}

bool
irc_out_next(struct irc_out *o, int64_t now_ms, struct buf *line)
{
    if (irc_out_wait_ms(o, now_ms) != 0)
        return false;
    struct waiting_line *w = LIST_ENTRY(o->lines.next, struct waiting_line, node);
    buf_reset(line);
    buf_add_cstr(line, w->text);
    drop(o, w);
    o->sent[o->next] = now_ms;
    o->next = (o->next + 1) % o->burst;
    if (o->n_sent < o->burst)
        o->n_sent++;
    return true;
}

struct str
irc_out_clean(struct str text, struct buf *pool)
{
    buf_reset(pool);
    struct buf valid = BUF_INIT;
    utf8_repair(text, &valid);
    for (size_t i = 0; i < valid.len; i++) {
        char c = valid.data[i];
        if ((unsigned char)c < 0x20 || c == 0x7f)
            c = ' ';
        buf_add_char(pool, c);
    }
    buf_fini(&valid);
    struct str clean = buf_str(pool);
    clean.len = utf8_offset(clean, MAX_CHARS);
    return str_trim(clean);
}

struct str
irc_out_piece(struct str *text, size_t max)
{
    struct str piece = utf8_prefix(*text, max);
    if (piece.len < text->len) {
        size_t space = piece.len;
        while (space > piece.len / 2 && piece.p[space - 1] != ' ')
            space--;
        if (space > piece.len / 2)
            piece.len = space;
    }
    *text =
        str_trim((struct str){.p = text->p + piece.len, .len = text->len - piece.len});
    return str_trim(piece);
}

void
irc_out_escape(struct buf *out, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        static const char from[] = "; \\\r\n", to[] = ":s\\rn";
        const char *special = memchr(from, value.p[i], sizeof(from) - 1);
        if (value.p[i] == '\0')
            continue;
        if (special == NULL) {
            buf_add_char(out, value.p[i]);
            continue;
        }
        buf_add_char(out, '\\');
        buf_add_char(out, to[special - from]);
    }
}
