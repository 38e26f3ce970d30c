/* SPDX-License-Identifier: Apache-2.0 */
/* replay_file.c - a recording as a row of messages with pauses.
 *
 * Reads one line at a time and no more of it than BOUNDS_FRAME, so a recording may be
 * larger than memory. Each message is read and written again by the codec, which gives it
 * the ids of its round; its time is left out, because whoever plays it says when it is. A
 * recording that has no message at all ends instead of repeating for ever. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "source/message.h"
#include "source/replay.h"

enum { UNKNOWN_GAP_MS = 1000 };

struct replay_file {
    FILE *f;
    char *path; /* owned */
    bool repeat;
    unsigned round;
    uint64_t line_no, n_messages; /* of this round */
    int64_t last_at_ms;           /* 0: not known */
    struct buf raw;
};

struct replay_file *
replay_file_open(const char *path, bool repeat, unsigned round, struct err *e)
{
    struct stat st;
    FILE *f = fopen(path, "rbe");
    if (f == NULL) {
        (void)err_errno(e, ERR_IO, "'%s'", path);
        return NULL;
    }
    if (fstat(fileno(f), &st) < 0 || !S_ISREG(st.st_mode)) {
        (void)err_set(e, ERR_IO, "'%s': not a regular file", path);
        (void)fclose(f);
        return NULL;
    }
    struct replay_file *r = mem_zalloc(sizeof(*r));
    r->f = f;
    r->path = mem_strdup(path);
    r->repeat = repeat;
    r->round = round > 0 ? round : 1;
    return r;
}

void
replay_file_close(struct replay_file **rp)
{
    struct replay_file *r = *rp;
    *rp = NULL;
    if (r == NULL)
        return;
    (void)fclose(r->f);
    buf_fini(&r->raw);
    mem_free(r->path);
    mem_free(r);
}

unsigned
replay_file_round(const struct replay_file *r)
{
    return r->round;
}

/* The next line into r->raw. False at the end of the file. A line above the limit is one
 * byte longer than it, so that parsing refuses it. */
static bool
read_line(struct replay_file *r)
{
    int c = EOF;
    buf_reset(&r->raw);
    for (;;) {
        c = getc_unlocked(r->f);
        if (c == EOF || c == '\n')
            break;
        if (r->raw.len <= BOUNDS_FRAME)
            buf_add_char(&r->raw, (char)c);
    }
    r->line_no++;
    return c != EOF || r->raw.len > 0;
}

static bool
next_round(struct replay_file *r)
{
    if (!r->repeat || r->n_messages == 0 || ferror(r->f))
        return false;
    rewind(r->f);
    r->round++;
    r->line_no = r->n_messages = 0;
    r->last_at_ms = 0;
    return true;
}

/* "m1" -> "m1~2" in round 2; an id that has no room for it stays as it is. */
static struct str
of_round(const struct replay_file *r, struct str id, struct buf *pool)
{
    buf_reset(pool);
    if (r->round < 2 || id.len == 0 || id.len > BOUNDS_ID - 11)
        return id;
    buf_add_str(pool, id);
    buf_addf(pool, "~%u", r->round);
    return buf_str(pool);
}

static int64_t
gap(struct replay_file *r, const struct message *m)
{
    int64_t before = r->last_at_ms;
    if (m->at_ms == 0)
        return r->n_messages == 0 ? 0 : UNKNOWN_GAP_MS;
    r->last_at_ms = m->at_ms;
    if (before == 0)
        return r->n_messages == 0 ? 0 : UNKNOWN_GAP_MS;
    return m->at_ms > before ? m->at_ms - before : 0;
}

int
replay_file_next(struct replay_file *r, struct buf *line, int64_t *gap_ms, struct err *e)
{
    struct message m;
    json_t *holder;
    buf_reset(line);
    do {
        while (!read_line(r))
            if (!next_round(r))
                return 0;
    } while (str_trim(buf_str(&r->raw)).len == 0);
    if (message_parse(buf_str(&r->raw), &m, NULL, &holder, e) < 0)
        return err_ctx(e, "%s:%llu", r->path, (unsigned long long)r->line_no);
    *gap_ms = r->n_messages == 0 && r->round > 1 ? UNKNOWN_GAP_MS : 0;
    *gap_ms += gap(r, &m);
    r->n_messages++;
    struct buf id = BUF_INIT, reply = BUF_INIT;
    m.id = of_round(r, m.id, &id);
    m.reply_to = of_round(r, m.reply_to, &reply);
    m.at_ms = 0;
    message_write_json(&m, STR_NONE, line);
    buf_fini(&id);
    buf_fini(&reply);
    json_decref(holder);
    return 1;
}
