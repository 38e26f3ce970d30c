/* SPDX-License-Identifier: Apache-2.0 */
#include "support/queue_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

const struct map_key desk_key = {{7}};

uint64_t
desk_dice(struct desk *w, uint64_t n)
{
    w->random = w->random * 6364136223846793005u + 1442695040888963407u;
    return (w->random >> 33) % n;
}

void
desk_apply(struct queue *q, const struct event *ev)
{
    struct err e = ERR_INIT;

    if (queue_apply(q, ev, &e) < 0)
        fail_msg("event %llu: %s", (unsigned long long)ev->seq, e.msg);
}

int
desk_do(struct desk *w, struct command *cmd)
{
    struct event ev = EVENT_INIT;

    cmd->at_ms = w->now += 10;
    cmd->first_lang = STR_LIT("kk");
    if (cmd->actor.p == NULL)
        cmd->actor = STR_LIT("user:a");
    err_reset(&w->err);
    int rc = queue_decide(w->q, cmd, &ev, &w->err);
    if (rc != 0) {
        event_fini(&ev);
        return rc;
    }
    ev.seq = queue_seq(w->q) + 1;
    desk_apply(w->q, &ev);
    if ((w->n_log & (w->n_log + 1)) == 0)
        w->log = mem_resize(w->log, 2 * w->n_log + 2, sizeof(*w->log));
    w->log[w->n_log++] = ev;
    return 0;
}

void
desk_begin(struct desk *w)
{
    struct command open = {.kind = COMMAND_BROADCAST, .role = ROLE_SYSTEM};

    *w = (struct desk){.q = queue_new(&desk_key), .now = 1000000, .random = 42};
    assert_int_equal(desk_do(w, &open), 0);
}

void
desk_end(struct desk *w)
{
    for (size_t i = 0; i < w->n_log; i++)
        event_fini(&w->log[i]);
    mem_free(w->log);
    queue_free(&w->q);
}

int
desk_line(struct desk *w, const char *id, const char *author, const struct verdict *v)
{
    struct message m = {.kind = MESSAGE_CHAT,
                        .id = str_from(id),
                        .author_id = str_from(author),
                        .author_name = str_from(author),
                        .text = v->masked};
    struct command cmd = {.kind = COMMAND_MESSAGE,
                          .role = ROLE_SYSTEM,
                          .actor = STR_LIT("source:t"),
                          .source = STR_LIT("t"),
                          .message = &m,
                          .verdict = v};

    return desk_do(w, &cmd);
}

int
desk_say(struct desk *w, const char *id, const char *author, const char *text,
         bool question)
{
    struct verdict v = {.lang = LANG_RU,
                        .question = question,
                        .masked = str_from(text),
                        .key = str_from(text)};

    return desk_line(w, id, author, &v);
}

int
desk_act(struct desk *w, enum event_kind kind, uint64_t n, enum role role)
{
    const struct question *item = queue_find(w->q, n);
    const struct question *other = queue_find(w->q, n == 1 ? 2 : 1);
    struct command cmd = {.kind = COMMAND_ACT,
                          .act = kind,
                          .n = n,
                          .version = item == NULL ? 0 : item->version,
                          .role = role,
                          .reason = STR_LIT("other"),
                          .into = other == NULL ? 0 : other->n,
                          .into_version = other == NULL ? 0 : other->version,
                          .text = {STR_LIT("мәтін")},
                          .unit = STR_LIT("ЖПҚБ"),
                          .to = STR_LIT("Әкімдік"),
                          .written = STR_LIT("Жауап"),
                          .due = kind == EVENT_EXTEND ? STR_LIT("2027-03-01") : STR_NONE,
                          .appeal = true};

    if (kind == EVENT_FOLLOW_UP)
        cmd.unit = STR_NONE;
    return desk_do(w, &cmd);
}

void
desk_expect(struct desk *w, uint64_t n, enum status want)
{
    assert_string_equal(status_name(queue_find(w->q, n)->status), status_name(want));
}
