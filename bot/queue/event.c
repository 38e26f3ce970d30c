/* SPDX-License-Identifier: Apache-2.0 */
/* event.c - the names of things in the journal, and the record itself. Names are stored
 * and told to programs, so they never change; the lists in the headers are their only
 * source. */
#include "queue/event.h"

#include <string.h>

#include "queue/command.h"
#include "queue/question.h"

#define NAME(code, name) name,
static const char *const kind_names[] = {EVENT_MAP(NAME)};
static const char *const role_names[] = {ROLE_MAP(NAME)};
static const char *const status_names[] = {STATUS_MAP(NAME)};
#undef NAME

/* Index of `name`, or -1. */
static int
find_name(const char *const *names, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(name, str_from(names[i])))
            return (int)i;
    }
    return -1;
}

const char *
event_kind_name(enum event_kind k)
{
    return k < EVENT_KINDS ? kind_names[k] : "unknown";
}

int
event_kind_from_name(struct str name, enum event_kind *out, struct err *e)
{
    int i = find_name(kind_names, EVENT_KINDS, name);

    if (i < 0)
        return err_set(e, ERR_VALUE, "'%.*s' is no kind of event", STR_ARG(name));
    *out = (enum event_kind)i;
    return 0;
}

const char *
role_name(enum role r)
{
    return role_names[r];
}

int
role_from_name(struct str name, enum role *out, struct err *e)
{
    int i = find_name(role_names, sizeof(role_names) / sizeof(role_names[0]), name);

    if (i < 0)
        return err_set(e, ERR_VALUE, "'%.*s' is no role", STR_ARG(name));
    *out = (enum role)i;
    return 0;
}

const char *
status_name(enum status s)
{
    return status_names[s];
}

int
status_from_name(struct str name, enum status *out, struct err *e)
{
    int i = find_name(status_names, sizeof(status_names) / sizeof(status_names[0]), name);

    if (i < 0)
        return err_set(e, ERR_VALUE, "'%.*s' is no status", STR_ARG(name));
    *out = (enum status)i;
    return 0;
}

void
event_fini(struct event *ev)
{
    buf_fini(&ev->body);
}

void
event_copy(struct event *to, const struct event *from)
{
    struct buf body = to->body;

    *to = *from;
    to->body = body;
    buf_reset(&to->body);
    buf_add(&to->body, from->body.data, from->body.len);
}
