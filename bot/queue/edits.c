/* SPDX-License-Identifier: Apache-2.0 */
/* edits.c - rule files edited from the console.
 *
 * The file's whole content is in the event, and the files in force are part of the state:
 * a restart builds the same filters from the folders and these. The judge that a change
 * was tried with is made before the command, outside of the queue; here only the rules of
 * who, of how much and of whose change came first are kept. The journal never erases
 * these events: they hold no person's words, and the filters of tomorrow depend on them.
 * The bounds on what is remembered are kept when applying too, so that a replay forgets
 * what was forgotten live. */
#include "base/mem.h"
#include "queue/state.h"

static struct queue_edit *
find(const struct queue *q, struct str name)
{
    for (size_t i = 0; i < q->n_edits; i++) {
        if (str_eq(str_from(q->edits[i].name), name))
            return &q->edits[i];
    }
    return NULL;
}

static int
check(const struct queue *q, const struct command *cmd, struct err *e)
{
    if (cmd->role != ROLE_ADMIN)
        return err_set(e, ERR_PERM, "only an admin changes the filters");
    if (cmd->filters_base != q->filters)
        return err_set(e, ERR_CONFLICT, "the filters were changed meanwhile");
    if (cmd->filter_file.len == 0 || cmd->filter_file.len > BOUNDS_FILTER_NAME)
        return err_set(e, ERR_VALUE, "the name of a rule file has 1 to %d bytes",
                       BOUNDS_FILTER_NAME);
    if (cmd->filter_content.len > BOUNDS_FILTER_EDIT)
        return err_set(e, ERR_LIMIT, "an edited rule file has at most %d bytes",
                       BOUNDS_FILTER_EDIT);
    if (cmd->filter_content.p != NULL &&
        memchr(cmd->filter_content.p, '\0', cmd->filter_content.len) != NULL)
        return err_set(e, ERR_VALUE, "a rule file holds no zero bytes");
    if (cmd->note.len > (size_t)BOUNDS_NOTE * 4)
        return err_set(e, ERR_LIMIT, "the note is too long");
    return 0;
}

int
edit_file_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                 struct err *e)
{
    const struct queue_edit *now = find(q, cmd->filter_file);
    bool removes = cmd->filter_content.p == NULL;

    if (check(q, cmd, e) < 0)
        return -1;
    if (removes ? now == NULL
                : now != NULL && str_eq(str_from(now->content), cmd->filter_content))
        return 1;
    if (!removes && now == NULL && q->n_edits == BOUNDS_FILTER_EDITS)
        return err_set(e, ERR_LIMIT, "more than %d edited rule files",
                       BOUNDS_FILTER_EDITS);
    ev->kind = EVENT_FILTERS;
    buf_add_cstr(&ev->body, "{\"file\":");
    buf_add_json(&ev->body, cmd->filter_file);
    if (!removes) {
        buf_add_cstr(&ev->body, ",\"content\":");
        buf_add_json(&ev->body, cmd->filter_content);
    }
    if (cmd->note.len > 0) {
        buf_add_cstr(&ev->body, ",\"note\":");
        buf_add_json(&ev->body, cmd->note);
    }
    buf_addf(&ev->body, ",\"revert\":%s}",
             cmd->filter_revert || removes ? "true" : "false");
    return 0;
}

static void
put(struct queue *q, const char *name, const char *content, uint64_t seq)
{
    struct queue_edit *edit = find(q, str_from(name));

    if (edit == NULL && q->n_edits == BOUNDS_FILTER_EDITS)
        return; /* not decided here */
    if (edit == NULL) {
        size_t at = q->n_edits;
        q->edits = mem_resize(q->edits, q->n_edits + 1, sizeof(*q->edits));
        while (at > 0 && strcmp(q->edits[at - 1].name, name) > 0) {
            q->edits[at] = q->edits[at - 1];
            at--;
        }
        q->n_edits++;
        edit = &q->edits[at];
        *edit = (struct queue_edit){.name = mem_strdup(name)};
    }
    state_set_text(&edit->content, content);
    edit->seq = seq;
}

static void
take_away(struct queue *q, const char *name)
{
    struct queue_edit *edit = find(q, str_from(name));

    if (edit == NULL)
        return;
    mem_free(edit->name);
    mem_free(edit->content);
    memmove(edit, edit + 1, (size_t)(q->edits + q->n_edits - edit - 1) * sizeof(*edit));
    q->n_edits--;
}

static void
forget(struct queue_edit_change *c)
{
    mem_free(c->name);
    mem_free(c->actor);
    mem_free(c->note);
}

void
edit_file_apply(struct queue *q, const struct event *ev, const json_t *body)
{
    const char *name = body_text(body, "file"), *content = body_text(body, "content");

    if (name == NULL)
        return; /* another version was found in the folders */
    if (content == NULL)
        take_away(q, name);
    else
        put(q, name, content, ev->seq);
    if (q->n_changes == BOUNDS_FILTER_CHANGES) {
        forget(&q->changes[0]);
        memmove(q->changes, q->changes + 1, --q->n_changes * sizeof(*q->changes));
    }
    q->changes = mem_resize(q->changes, q->n_changes + 1, sizeof(*q->changes));
    struct queue_edit_change *c = &q->changes[q->n_changes++];
    *c = (struct queue_edit_change){.name = mem_strdup(name),
                                    .actor = mem_strdup(ev->actor),
                                    .seq = ev->seq,
                                    .version = ev->filters,
                                    .at_ms = ev->at_ms,
                                    .revert = body_bool(body, "revert")};
    state_set_text(&c->note, body_text(body, "note"));
}

void
edit_files_free(struct queue *q)
{
    for (size_t i = 0; i < q->n_edits; i++) {
        mem_free(q->edits[i].name);
        mem_free(q->edits[i].content);
    }
    for (size_t i = 0; i < q->n_changes; i++)
        forget(&q->changes[i]);
    mem_free(q->edits);
    mem_free(q->changes);
}

size_t
queue_edits(const struct queue *q, const struct queue_edit **out)
{
    *out = q->edits;
    return q->n_edits;
}

size_t
queue_edit_changes(const struct queue *q, const struct queue_edit_change **out)
{
    *out = q->changes;
    return q->n_changes;
}

uint64_t
queue_filters(const struct queue *q)
{
    return q->filters;
}

struct queue_edit *
queue_edits_copy(const struct queue *q, size_t *n)
{
    struct queue_edit *copy = mem_array(q->n_edits + 1, sizeof(*copy));

    for (size_t i = 0; i < q->n_edits; i++)
        copy[i] = (struct queue_edit){.name = mem_strdup(q->edits[i].name),
                                      .content = mem_strdup(q->edits[i].content),
                                      .seq = q->edits[i].seq};
    *n = q->n_edits;
    return copy;
}

void
queue_edits_free(struct queue_edit *edits, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mem_free(edits[i].name);
        mem_free(edits[i].content);
    }
    mem_free(edits);
}
