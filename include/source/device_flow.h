/* SPDX-License-Identifier: Apache-2.0 */
/* device_flow.h - signing in on a machine without a browser (OAuth 2 device grant, RFC
 * 8628): ask for a code, show it, wait until a person has typed it in elsewhere, keep the
 * token in its file. On the loop thread. */
#ifndef SURAQ_SOURCE_DEVICE_FLOW_H
#define SURAQ_SOURCE_DEVICE_FLOW_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct device_flow;
struct fetcher;
struct loop;

/* Where a platform hands out codes and tokens. Static. */
struct device_platform {
    const char *kind; /* of the source */
    const char *code_url, *token_url;
    const char *scope_field; /* "scope"; Twitch says "scopes" */
    const char *scopes;      /* apart by spaces: reading the chat and answering in it */
    bool needs_secret;       /* no token without client_secret */
};
/* NULL: no sign-in of this kind there. */
const struct device_platform *device_platform_of(const char *kind);

/* Strings are copied. */
struct device_conf {
    const struct device_platform *platform;
    const char *code_url, *token_url; /* NULL: the platform's */
    const char *client_id;            /* of the application at the platform */
    const char *client_secret;        /* may be NULL where the platform allows */
    const char *token_file;           /* written with token_save() */
    const char *ca_file, *proxy;      /* as in loop/fetch.h */
    int64_t second_ms;                /* how long a second is; 0: 1000. For tests */
};

/* What to show the person. Borrowed for the call. */
struct device_code {
    struct str user_code; /* "ABCD-EFGH" */
    struct str url;       /* where to type it in */
    struct str full_url;  /* the same with the code in it, for a QR code; may be empty */
    int64_t expires_s;    /* how long it is good for */
};

/* All are called on the loop thread, never from inside device_flow_start(). */
struct device_events {
    void (*code)(void *arg, const struct device_code *c);
    /* The last call. NULL: signed in, the token is in its file. Else why not. ERR_PERM:
     * the person said no; ERR_MISSING: the code was not used in time; ERR_VALUE: the
     * platform refuses the application; ERR_IO: no answer, or the file is not writable.
     */
    void (*done)(void *arg, const struct err *e);
    void *arg;
};

/* New; asks for the code. ERR_VALUE: a setting is missing. device_flow_free() is due. */
struct device_flow *device_flow_start(struct loop *l, struct fetcher *f,
                                      const struct device_conf *conf,
                                      const struct device_events *on,
                                      struct err *e) MUST_CHECK;
/* Gives up if it is under way; no event comes any more. Not from inside an event. Sets
 * *d = NULL; NULL-safe. */
void device_flow_free(struct device_flow **d);

#endif
