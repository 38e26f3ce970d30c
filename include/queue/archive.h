/* SPDX-License-Identifier: Apache-2.0 */
/* archive.h - full text search over everything that was said, in all broadcasts: an index
 * file beside the journal ("JOURNAL.search"), made of the journal alone.
 *
 * A thread of its own follows the journal and writes the index; when the file is missing,
 * damaged, of another version or another journal, it is made anew from the first event.
 * It holds folded words without their order (judge/words.h) and no text: what was found
 * is read from the journal, so what retention erased cannot be shown. The originals are
 * looked through; what is shown of them is the caller's decision. */
#ifndef SURAQ_QUEUE_ARCHIVE_H
#define SURAQ_QUEUE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "queue/event.h"

struct archive;

enum { ARCHIVE_MAX = 2000 /* found at once; a page of results is made of them */ };

/* New; begins to catch up with event `seq`. ERR_SYSTEM: no thread. A file that cannot be
 * written is no reason to fail: then archive_find() says why. */
struct archive *archive_open(const char *journal, uint64_t seq, struct err *e) MUST_CHECK;
/* NULL-safe, sets *a = NULL. Nobody may be in archive_find(). */
void archive_close(struct archive **a);

/* Everything up to `seq` is in the journal. Cheap; on the loop. */
void archive_advance(struct archive *a, uint64_t seq);
/* The journal's texts were erased: the index is thrown away and made anew. */
void archive_renew(struct archive *a);
/* Removes the index of this journal from the disk, when no process has it open. */
int archive_remove(const char *journal, struct err *e) MUST_CHECK;

enum archive_pii { ARCHIVE_PII_ANY, ARCHIVE_PII_NONE, ARCHIVE_PII_SOME };

/* What is looked for; empty and 0: anything. */
struct archive_wish {
    bool questions; /* numbers of questions by all that was said of them; else lines */
    struct str text;
    uint64_t broadcast;
    struct str source, lang, author; /* of lines; author: "source:id" */
    enum archive_pii pii;            /* the same */
    uint64_t before;                 /* only lower numbers; 0: from the newest */
    size_t limit;                    /* at most ARCHIVE_MAX */
    uint64_t seq;                    /* waits a moment until this event is indexed */
};

/* Highest number first. */
struct archive_found {
    uint64_t *id; /* owned: n of questions, mid of lines */
    size_t n;
    uint64_t seq; /* how far the index has come */
};
void archive_found_fini(struct archive_found *f);

/* From any thread but the loop's: these wait for the disk. ERR_LIMIT: too much to look
 * through. ERR_BAD_STATE: there is no index now, and why. */
int archive_find(struct archive *a, const struct archive_wish *wish,
                 struct archive_found *out, struct err *e) MUST_CHECK;
/* The `each` lines of the same chat before `mid`, it, and as many after it. */
int archive_around(struct archive *a, uint64_t mid, size_t each,
                   struct archive_found *out, struct err *e) MUST_CHECK;

/* A line as it is known now. */
struct archive_line {
    uint64_t n; /* the question that it is behind; 0: none */
    bool deleted;
};
/* Calls `fn` with each of these lines' events, in the order given; erased ones are left
 * out. */
int archive_lines(struct archive *a, const struct archive_found *found,
                  void (*fn)(void *arg, const struct event *ev,
                             const struct archive_line *line),
                  void *arg, struct err *e) MUST_CHECK;
/* The events that touched question `n`, oldest first, ARCHIVE_MAX of them. Waits for
 * `seq` as archive_find() does. */
int archive_history(struct archive *a, uint64_t n, uint64_t seq,
                    struct archive_found *out, struct err *e) MUST_CHECK;
/* Calls `fn` with each of these events; an erased one has no body. */
int archive_events(struct archive *a, const struct archive_found *found,
                   void (*fn)(void *arg, const struct event *ev), void *arg,
                   struct err *e) MUST_CHECK;

#endif
