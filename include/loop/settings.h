/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h - the settings file: YAML in, a struct out, every mistake with its place.
 *
 * An unknown key, a bad value, a key twice or trailing junk is an error; all of them are
 * reported, then the program refuses to start. Any scalar can be overridden by the
 * environment: SURAQ_LISTEN, SURAQ_JOURNAL_PATH. Secrets come from files, never inline.
 */
#ifndef SURAQ_LOOP_SETTINGS_H
#define SURAQ_LOOP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* What is said in a chat when something happens to a question that was asked there, and
 * in which of two languages: the order of both lists. */
enum { SETTINGS_REPLIES = 5, SETTINGS_REPLY_LANGS = 2 };
#define SETTINGS_REPLY_NAMES "received on_air answered writing urgent"

struct settings_list {
    char **items;
    size_t n;
};

/* All strings are owned by the settings; NULL: not given. */
struct settings_source {
    char *kind, *name, *url;
    char *target;  /* channel, video, chat, ...: each kind's own word for it */
    char *account; /* page, group: whose chats they are */
    char *nick;
    char *password_file, *token_file, *api_key_file, *client_secret_file;
    char *verify_token_file;
    char *client_id;
    char *file; /* replay */
    char *ca_file, *proxy, *socket_url;
    int64_t quota; /* units a day */
    double speed;  /* 1.0 */
    bool loop;
    bool enabled;           /* true */
    int64_t quiet_after_ms; /* 120 s */
    bool replies;           /* false */
    char *reply_language;   /* "question", "kk", "ru"; NULL: as for all */
    int64_t replies_per_minute;
    bool reply_to[SETTINGS_REPLIES]; /* true */
};

/* Somebody to be told over HTTP. */
struct settings_webhook {
    char *name; /* unique; default: the preset */
    char *preset, *url;
    char *secret_file, *token_file, *chat_id;
    struct settings_list events;
    char *language; /* of the Telegram message; NULL: the stream's first */
    char *ca_file, *proxy;
};

struct settings {
    char *public_url;
    char **trusted_proxies;
    size_t n_trusted_proxies;
    char *stream_id, *title_kk, *title_ru, *title_en, *timezone;
    char **languages;
    size_t n_languages;
    char *listen; /* "host:port" or "unix:/path" */
    char *tls_cert, *tls_key;
    char *journal_kind, *journal_path;
    char **filters;
    size_t n_filters;
    int64_t text_days;
    int64_t answer_days, forward_days; /* working days */
    char *calendar;                    /* workdays_open() */
    int64_t min_free;                  /* bytes */
    char *log_level;
    bool auto_allowed; /* the rule that queues by itself may be switched on */
    int64_t auto_score, auto_wait_ms;
    char *rehearsal_chat; /* a recording that rehearsals can be fed with */
    int64_t session_idle_ms, session_absolute_ms;
    struct settings_source sources[BOUNDS_SOURCES];
    size_t n_sources;
    struct settings_webhook webhooks[BOUNDS_WEBHOOKS];
    size_t n_webhooks;
    char *reply_language; /* "question", "kk", "ru" */
    struct settings_list reply_texts[SETTINGS_REPLIES][SETTINGS_REPLY_LANGS];
};

/* What was wrong: "file:line:column: text", in the file's order. */
struct settings_errors {
    char **items; /* owned */
    size_t n;
};
void settings_errors_fini(struct settings_errors *errors);

/* New settings from `path` with the environment applied, or NULL and at least one error.
 */
struct settings *settings_load(const char *path,
                               struct settings_errors *errors) MUST_CHECK;
/* The same from bytes: `name` stands in the messages. `environ` may be NULL. */
struct settings *settings_parse(const char *name, struct str text,
                                char *const *environment,
                                struct settings_errors *errors) MUST_CHECK;
void settings_free(struct settings **s);

/* -c FILE, else $SURAQ_CONFIG, else config/suraq.yaml. */
const char *settings_default_path(void);

/* Reads a secret: the file's first line without its line end. */
int settings_read_secret(const char *path, char **out, struct err *e) MUST_CHECK;

/* The commented example that config/suraq.yaml is made of, written from the option table.
 */
void settings_write_example(struct buf *out);

#endif
