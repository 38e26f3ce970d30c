/* SPDX-License-Identifier: Apache-2.0 */
/* server.h - the street front: HTTP, the live WebSocket and the pages, on one address. */
#ifndef SURAQ_SERVE_SERVER_H
#define SURAQ_SERVE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "queue/stream.h"
#include "serve/view.h"
#include "source/hook.h"

struct server;
struct archive; /* queue/archive.h; outlives the stream */

/* Who asks for a change: journalled as `actor` ("user:aigul"). */
struct server_person {
    struct str actor;
    enum role role;
};

/* What a person gives for a new source; strings NULL: not given. */
struct server_source_wish {
    const char *kind, *target, *name, *url;
};
/* What a person changes of the source `name`; NULL: as it is. */
struct server_source_change {
    const char *name, *target;
    const bool *enabled;
};
/* What came of it. */
struct server_source_made {
    const char *name; /* borrowed from the source */
    uint64_t seq;     /* the event */
};

/* The attached chats. Each change checks, applies and journals (in this order, so that
 * the event finds the source as it is now) and gives the event's number; ERR_VALUE,
 * ERR_MISSING, ERR_CONFLICT (name taken), ERR_LIMIT, ERR_BAD_STATE. */
struct server_sources {
    size_t (*count)(void *arg);
    void (*get)(void *arg, size_t i,
                struct view_source *out); /* borrowed for this turn */
    int (*add)(void *arg, const struct server_person *who,
               const struct server_source_wish *wish, struct server_source_made *made,
               struct err *e);
    int (*change)(void *arg, const struct server_person *who,
                  const struct server_source_change *change,
                  struct server_source_made *made, struct err *e);
    int (*send)(void *arg, const char *name, struct str text, struct str reply_to,
                struct err *e);
    /* A message that came over HTTP for the source of this name, whether or not one is
     * attached: 0 and its number, 1: a duplicate, -1: ERR_LIMIT or ERR_BAD_STATE: nothing
     * is taken now (and why), try again later. NULL: straight to the stream. */
    int (*push)(void *arg, struct str name, const struct message *m, uint64_t *seq,
                struct err *e);
    /* What a platform sends to the address of the source of this name: see source_hook().
     * NULL: no source takes any. */
    int (*hook)(void *arg, struct str name, const struct source_hook *h, struct err *e);
    /* Plays the recorded chat of rehearsals, or stops it; again: as it is. NULL: there is
     * none. */
    int (*feed)(void *arg, bool on, struct err *e);
    void *arg;
};

struct server_warning {
    const char *code; /* static: "no_tls", "disk", "journal", "source" */
    char text[256];
};

/* What the machine and the settings say, for the checklist of /setup. */
struct server_facts {
    uint64_t free_bytes, min_free; /* where the journal lies */
    bool intake_closed;            /* the disk is nearly full */
    const char *journal_kind;
    uint64_t journal_bytes;
    int64_t backup_ms;         /* wall clock of the last copy; 0: none is known of */
    char system_zone[64];      /* "Europe/Berlin"; "": not known */
    bool zone_known;           /* the machine knows the time zone of the stream */
    int clock_synced;          /* by NTP: 1, 0; -1: not known */
    char codeset[32];          /* of the process' locale: "UTF-8" */
    size_t webhooks;           /* that the settings name */
    const char *webhook_fault; /* what is wrong with them; NULL: nothing. Borrowed */
};

struct server_health {
    /* Whether the journal can be written; else -1 and the reason. */
    int (*ready)(void *arg, struct err *e);
    /* What everybody should see; at most `cap`. */
    size_t (*warnings)(void *arg, struct server_warning *out, size_t cap);
    /* Adds what others count to the page that Prometheus reads. May be NULL. */
    void (*metrics)(void *arg, struct buf *out);
    /* Fills in what it knows. May be NULL. */
    void (*facts)(void *arg, struct server_facts *out);
    void *arg;
};

/* Strings are borrowed for as long as the server. NULL or 0: not set. */
struct server_conf {
    const char *listen; /* "host:port", port 0: any; "unix:/path" */
    const char *tls_cert, *tls_key;
    const char *public_url;
    const char *const *trusted_proxies; /* "10.0.0.0/8" */
    size_t n_trusted_proxies;
    const char *stream_id, *title_kk, *title_ru, *title_en, *timezone;
    const char *const *languages;
    size_t n_languages;
    const char *accounts_path;
    const char *journal_path; /* for reports, which read it on a worker */
    int64_t session_idle_ms, session_absolute_ms;
    struct loop *loop;
    struct worker *worker;
    struct stream *stream;
    struct archive *archive; /* NULL: only what is in memory can be looked through */
    const struct workdays_terms *terms; /* of what is owed; may be NULL */
    const struct clock *clock;
    struct server_sources sources;
    struct server_health health;
};

/* New; listens. ERR_IO names the address. Observes the stream, so it must outlive it:
 * close the server, close the stream, then free the server. */
struct server *server_open(const struct server_conf *conf, struct err *e) MUST_CHECK;
int server_port(const struct server *s); /* 0: a unix socket */
/* "http://127.0.0.1:8080/": where it listens. Borrowed. */
const char *server_url(const struct server *s);

/* Takes nothing new, lets what is answered go out, closes the pages with 1001. */
void server_close(struct server *s);
/* Whether everything has gone out. */
bool server_is_closed(const struct server *s);
/* After the loop's context was destroyed or with the loop stopped. NULL-safe. */
void server_free(struct server **s);

/* Something that people should see changed beside the events (the state of a source): the
 * pages are told with the next status, at once. */
void server_changed(struct server *s);

#endif
