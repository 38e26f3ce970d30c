/* SPDX-License-Identifier: Apache-2.0 */
/* roster.h - the sources of one process: those of the settings, as changed from the
 * console. Delivers what they hear to the stream, and holds them back when the disk is
 * slower. */
#ifndef SURAQ_COMMAND_ROSTER_H
#define SURAQ_COMMAND_ROSTER_H

#include "base/err.h"
#include "loop/settings.h"
#include "queue/stream.h"
#include "source/source.h"

struct roster;

struct roster_conf {
    struct loop *loop;
    struct worker *worker;
    struct fetcher *fetcher;
    struct stream *stream;
    const struct settings *settings;
    /* A status changed in a way that people should see. May be NULL. */
    void (*changed)(void *arg, struct source *s);
    /* What came of a line that was sent. May be NULL. */
    void (*sent)(void *arg, struct source *s, const struct source_receipt *r);
    void *arg;
};

/* New: makes the sources of the settings and of the journal; starts none. The conf's
 * pointers are borrowed for as long as the roster. A setting that cannot work is an
 * error. */
struct roster *roster_new(const struct roster_conf *conf, struct err *e) MUST_CHECK;
void roster_free(struct roster **r);
void roster_start(struct roster *r);

/* New: one source by the settings alone, its secrets read from their files; not
 * connected. */
struct source *roster_source(const struct source_env *env,
                             const struct settings_source *ss, struct err *e) MUST_CHECK;

size_t roster_count(const struct roster *r);
struct source *roster_at(const struct roster *r, size_t i);
struct source *roster_find(const struct roster *r, struct str name); /* NULL: none */

/* Who asks for a change ("user:aigul"), and the event that it became. */
struct roster_act {
    struct str actor;
    uint64_t seq; /* out */
};
/* What a source is to be; `target` NULL: as it is. */
struct roster_wish {
    const char *target;
    bool enabled;
};

/* What a person asked for, journalled. The conf's `name` and `url` may be NULL. */
struct source *roster_add(struct roster *r, struct roster_act *act,
                          const struct source_conf *conf, struct err *e) MUST_CHECK;
int roster_change(struct roster *r, struct roster_act *act, struct source *s,
                  const struct roster_wish *wish, struct err *e) MUST_CHECK;

/* Plays a recording, over and over, as a source of its own that nobody journals, and
 * takes it away again. A recording that cannot be played is an error. */
int roster_feed(struct roster *r, const char *file, bool on, struct err *e) MUST_CHECK;

/* While intake is closed (disk nearly full) sources wait; nothing that a platform sends
 * again is lost. */
void roster_close_intake(struct roster *r, bool closed);
bool roster_intake_is_closed(const struct roster *r);

#endif
