/* SPDX-License-Identifier: Apache-2.0 */
/* activity.c - messages by the minute and acts by the person, counted event by event.
 *
 * Both are bounded: minutes are a ring, and of people the row of the oldest broadcast
 * makes room. A minute without a message takes no place. When the machine's clock is set
 * back the last minute goes on counting, so minutes stay in order. */
#include "queue/activity.h"

#include <string.h>

#include "base/mem.h"

enum { MINUTE_MS = 60 * 1000 };

void
activity_init(struct activity *a)
{
    *a = (struct activity){
        .minutes = mem_array(BOUNDS_STATS_MINUTES, sizeof(*a->minutes)),
        .people = mem_array(BOUNDS_STATS_PEOPLE, sizeof(*a->people)),
    };
}

void
activity_fini(struct activity *a)
{
    for (size_t i = 0; i < a->n_people; i++)
        mem_free(a->people[i].actor);
    MEM_FREE(a->people);
    MEM_FREE(a->minutes);
    a->n_people = a->n_minutes = 0;
}

const struct activity_minute *
activity_minute_at(const struct activity *a, size_t i)
{
    return &a->minutes[(a->head + i) % BOUNDS_STATS_MINUTES];
}

static void
count_message(struct activity *a, const struct event *ev)
{
    int64_t minute = ev->at_ms / MINUTE_MS;

    if (a->n_minutes > 0) {
        size_t last = (a->head + a->n_minutes - 1) % BOUNDS_STATS_MINUTES;
        struct activity_minute *m = &a->minutes[last];
        if (m->broadcast == ev->broadcast && minute <= m->minute) {
            m->messages++;
            return;
        }
        if (minute < m->minute)
            minute = m->minute;
    }
    if (a->n_minutes == BOUNDS_STATS_MINUTES) {
        a->head = (a->head + 1) % BOUNDS_STATS_MINUTES;
        a->n_minutes--;
    }
    size_t at = (a->head + a->n_minutes++) % BOUNDS_STATS_MINUTES;
    a->minutes[at] = (struct activity_minute){ev->broadcast, minute, 1};
}

static struct activity_person *
person_of(struct activity *a, const struct event *ev)
{
    for (size_t i = a->n_people; i-- > 0;) {
        struct activity_person *p = &a->people[i];
        if (p->broadcast == ev->broadcast && strcmp(p->actor, ev->actor) == 0)
            return p;
    }
    if (a->n_people == BOUNDS_STATS_PEOPLE) {
        mem_free(a->people[0].actor);
        memmove(a->people, a->people + 1, --a->n_people * sizeof(*a->people));
    }
    struct activity_person *made = &a->people[a->n_people++];
    *made = (struct activity_person){.broadcast = ev->broadcast,
                                     .actor = mem_strdup(ev->actor)};
    return made;
}

void
activity_follow(struct activity *a, const struct event *ev)
{
    if (ev->kind == EVENT_MESSAGE)
        count_message(a, ev);
    else if (ev->kind != EVENT_DELETE && strncmp(ev->actor, "user:", 5) == 0)
        person_of(a, ev)->count[ev->kind]++;
}
