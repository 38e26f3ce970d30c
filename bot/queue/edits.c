/* SPDX-License-Identifier: Apache-2.0 */
/* edits.c - rule files as people changed them.
 *
 * A change is an event with the whole file in it, so that the journal alone says which
 * filters were in force when; retention keeps it, as it holds nothing that a citizen
 * wrote. The state has the content of what is in force only, and of the history who, when
 * and why: older contents are read from the journal. Whether a content is good was
 * settled before (rulebook.h): here it is text. */
#include "queue/edits.h"

#include "base/mem.h"
#include "queue/state.h"

/* Where the file is, or belongs. */
static size_t
place(const struct queue *q, const char *file, bool *found)
{
    size_t i = 0;
    int order = -1;

    while (i < q->n_edits && (order = strcmp(q->edits[i].file, file)) < 0)
        i++;
    *found = i < q->n_edits && order == 0;
    return i;
}

const struct filter_edit *
queue_edit(const struct queue *q, struct str file)
{
    for (size_t i = 0; i < q->n_edits; i++) {
        if (str_eq(str_from(q->edits[i].file), file))
            return &q->edits[i];
    }
    return NULL;
}

size_t
queue_edits(const struct queue *q)
{
    return q->n_edits;
}

const struct filter_edit *
queue_edit_at(const struct queue *q, size_t i)
{
    return &q->edits[i];
}

size_t
queue_filter_changes(const struct queue *q)
{
    return q->n_changes;
}

const struct filter_change *
queue_filter_change_at(const struct queue *q, size_t i)
{
    return &q->changes[i];
}

uint64_t
queue_edits_seq(const struct queue *q)
{
    return q->n_changes == 0 ? 0 : q->changes[q->n_changes - 1].seq;
}

/* --- decide */

static int
check_edit(const struct queue *q, const struct command *cmd, struct err *e)
{
    if (cmd->role != ROLE_ADMIN && cmd->role != ROLE_SYSTEM)
        return err_set(e, ERR_PERM, "only an admin changes filters");
    if (cmd->filters_base != q->filters)
        return err_set(e, ERR_CONFLICT, "the filters were changed meanwhile");
    if (cmd->filter_content.len > BOUNDS_FILTER_EDIT)
        return err_set(e, ERR_LIMIT, "a filter file has at most %d bytes here",
                       BOUNDS_FILTER_EDIT);
    if (cmd->filter_content.len > 0 &&
        memchr(cmd->filter_content.p, '\0', cmd->filter_content.len) != NULL)
        return err_set(e, ERR_VALUE, "a filter file is text");
    if (cmd->filter_content.p != NULL && q->n_edits == BOUNDS_FILTER_EDITS &&
        queue_edit(q, cmd->filter_file) == NULL)
        return err_set(e, ERR_LIMIT, "at most %d files can be changed here",
                       BOUNDS_FILTER_EDITS);
    return 0;
}

int
edit_decide(const struct queue *q, const struct command *cmd, struct event *ev,
            struct err *e)
{
    const struct filter_edit *now = queue_edit(q, cmd->filter_file);

    if (check_edit(q, cmd, e) < 0)
        return -1;
    if (now == NULL ? cmd->filter_content.p == NULL
                    : cmd->filter_content.p != NULL &&
                          str_eq(str_from(now->content), cmd->filter_content))
        return 1;
    ev->kind = EVENT_FILTERS;
    buf_addf(&ev->body,
             "{\"action\":\"%s\",\"file\":", cmd->filter_revert ? "revert" : "change");
    buf_add_json(&ev->body, cmd->filter_file);
    buf_add_cstr(&ev->body, ",\"content\":");
    if (cmd->filter_content.p == NULL)
        buf_add_cstr(&ev->body, "null");
    else
        buf_add_json(&ev->body, cmd->filter_content);
    buf_add_cstr(&ev->body, ",\"note\":");
    buf_add_json(&ev->body, cmd->note);
    buf_add_char(&ev->body, '}');
    return 0;
}

/* --- apply */

static void
edit_fini(struct filter_edit *x)
{
    MEM_FREE(x->file);
    MEM_FREE(x->content);
}

static void
change_fini(struct filter_change *c)
{
    MEM_FREE(c->file);
    MEM_FREE(c->by);
    MEM_FREE(c->note);
}

static void
put(struct queue *q, const char *file, const char *content, uint64_t seq)
{
    bool found;
    size_t at = place(q, file, &found);

    if (!found && q->n_edits == BOUNDS_FILTER_EDITS)
        return; /* never decided */
    if (!found) {
        q->edits = mem_resize(q->edits, q->n_edits + 1, sizeof(*q->edits));
        memmove(&q->edits[at + 1], &q->edits[at], (q->n_edits - at) * sizeof(*q->edits));
        q->edits[at] = (struct filter_edit){.file = mem_strdup(file)};
        q->n_edits++;
    }
    state_set_text(&q->edits[at].content, content);
    q->edits[at].seq = seq;
}

static void
take_away(struct queue *q, const char *file)
{
    bool found;
    size_t at = place(q, file, &found);

    if (!found)
        return;
    edit_fini(&q->edits[at]);
    q->n_edits--;
    memmove(&q->edits[at], &q->edits[at + 1], (q->n_edits - at) * sizeof(*q->edits));
}

static void
note_change(struct queue *q, const struct event *ev, const json_t *body)
{
    const char *action = body_text(body, "action");

    if (q->n_changes == BOUNDS_FILTER_CHANGES) {
        change_fini(&q->changes[0]);
        q->n_changes--;
        memmove(&q->changes[0], &q->changes[1], q->n_changes * sizeof(*q->changes));
    } else {
        q->changes = mem_resize(q->changes, q->n_changes + 1, sizeof(*q->changes));
    }
    q->changes[q->n_changes++] = (struct filter_change){
        .seq = ev->seq,
        .at_ms = ev->at_ms,
        .version = ev->filters,
        .file = mem_strdup(body_text(body, "file")),
        .by = mem_strdup(ev->actor),
        .note = mem_strdup(body_text(body, "note")),
        .revert = action != NULL && strcmp(action, "revert") == 0,
    };
}

void
edit_apply(struct queue *q, const struct event *ev, const json_t *body)
{
    const char *file = body_text(body, "file"), *content = body_text(body, "content");

    if (file == NULL)
        return; /* the header says it: the folders were read anew */
    if (content == NULL)
        take_away(q, file);
    else
        put(q, file, content, ev->seq);
    note_change(q, ev, body);
}

void
edits_fini(struct queue *q)
{
    for (size_t i = 0; i < q->n_edits; i++)
        edit_fini(&q->edits[i]);
    for (size_t i = 0; i < q->n_changes; i++)
        change_fini(&q->changes[i]);
    MEM_FREE(q->edits);
    MEM_FREE(q->changes);
}
