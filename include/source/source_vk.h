/* SPDX-License-Identifier: Apache-2.0 */
/* source_vk.h - what reading a VK community and writing into it share. Not for other
 * floors. */
#ifndef SURAQ_SOURCE_SOURCE_VK_H
#define SURAQ_SOURCE_SOURCE_VK_H

#include "source/irc_out.h"
#include "source/source_http.h"
#include "source/vk.h"

/* The way out; zeroed before the first use. */
struct vk_out {
    struct source_http http;
    struct loop_timer timer;
    struct irc_out *lines; /* owned; each "ID of the line it answers LF text" */
    bool allowed;          /* by the kind of the token and of the place */
    bool refused;          /* the platform refused a line: no more until the next start */
};

struct vk {
    struct source_http http, users, communities;
    struct vk_people *people; /* owned */
    struct map *versions;     /* owned; see struct vk_view */
    struct vk_target target;
    int64_t group;              /* positive */
    struct buf server, key, ts; /* of the long poll; empty: to be asked for */
    struct vk_poll held;        /* waits for names */
    unsigned looking;           /* look-ups under way */
    int64_t no_names_until;     /* monotonic: look-ups failed lately */
    unsigned failed;            /* answers "failed" in a row */
    json_t *pages;              /* owned; of comments, newest first, while they come */
    int64_t newest_ms;          /* of the comments so far; 0: none */
    int64_t catch_up_at;        /* monotonic: when pages are due again */
    bool caught_up;             /* what is read now was said while we are here */
    bool no_pages;              /* the token may not read pages of comments */
    struct vk_out out;
};

/* Calls a method of the VK API; `form` gets the token and the version, and is wiped. */
void source_vk_call(struct source_http *h, const char *method, struct buf *form,
                    int64_t total_ms,
                    void (*answer)(struct source *s, const struct fetch_answer *a));

void source_vk_field(struct buf *form, const char *name, int64_t value);

/* New, to be json_decref()ed: the answer of a method. NULL: there is none, and what that
 * means has been told; or the fault is NO_RIGHT or BAD_TOKEN and `optional`, and nothing
 * has. */
json_t *source_vk_answer(struct source *s, const struct fetch_answer *a, bool optional);

/* --- writing (source_vk_out.c) */

bool source_vk_can_send(const struct source *s);
int source_vk_send(struct source *s, struct str text, struct str reply_to, struct err *e);
void source_vk_send_again(struct source *s);
void source_vk_out_stop(struct source *s);

#endif
