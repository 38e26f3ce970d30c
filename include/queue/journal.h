/* SPDX-License-Identifier: Apache-2.0 */
/* journal.h - the append-only log of events, behind a small table of operations.
 *
 * Life: open, read what is there (journal_read), then append in order. Appended events
 * are durable when `durable(seq)` has been called with seq >= theirs; back ends commit in
 * groups on a thread of their own and post that call to the loop. A failed commit is
 * final: `failed` is called once, and the program ends with the reason, because memory is
 * ahead of the disk.
 *
 * The chain: hash(N) = BLAKE2b-256(hash(N-1) || header(N) || BLAKE2b-256(salt || body)),
 * hash(0) = 32 zero bytes. Header and body are separate records, so that retention can
 * erase body and salt while the chain still verifies. */
#ifndef SURAQ_QUEUE_JOURNAL_H
#define SURAQ_QUEUE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "queue/event.h"

#define JOURNAL_HASH 32

struct journal;
struct journal_head {
    uint64_t seq; /* 0: empty */
    uint8_t hash[JOURNAL_HASH];
};

/* Called on the loop thread (through `post`, see journal_open). */
struct journal_watch {
    void (*durable)(void *arg, uint64_t seq);
    void (*failed)(void *arg, const struct err *e);
    void *arg;
};

/* How a back end reaches the loop from its writer thread: calls fn(arg) on the loop
 * thread. Must be callable from any thread until journal_close() returned. */
struct journal_post {
    void (*post)(void *ctx, void (*fn)(void *arg), void *arg);
    void *ctx;
};

struct journal_conf {
    const char *path;
    uint64_t snapshot_every; /* events; 0: default 10,000 */
    bool read_only;          /* verify, backup, report: never creates, never writes */
    /* Tests: called before each commit; non-zero makes it fail. May be NULL. */
    int (*fault)(void *arg);
    void *fault_arg;
};

/* New: the SQLite file journal (WAL, synchronous=FULL), created when absent. ERR_IO names
 * the path and says what to do: not writable, locked by another process, not a journal,
 * damaged. */
struct journal *journal_sqlite_open(const struct journal_conf *conf,
                                    struct err *e) MUST_CHECK;
/* Starts the writer. Before it, only reading is allowed. */
int journal_start(struct journal *j, const struct journal_post *post,
                  const struct journal_watch *watch, struct err *e) MUST_CHECK;

/* Commits what is appended, stops the writer, closes. NULL-safe, sets *j = NULL. */
void journal_close(struct journal **j);

/* The stream's hash key for platform ids: made at creation, kept in the file. */
const struct map_key *journal_key(const struct journal *j);
struct journal_head journal_head(const struct journal *j); /* of what is appended */
uint64_t journal_durable(const struct journal *j);

/* Numbers the event (ev->seq = head + 1), chains it and hands it to the writer. Copies.
 * ERR_LIMIT when BOUNDS_PENDING bytes wait for the disk: nothing was changed, try again
 * later. */
int journal_append(struct journal *j, struct event *ev, struct err *e) MUST_CHECK;
size_t journal_pending(struct journal *j); /* bytes waiting */

/* Reads events with seq > after in order; stops at the end or when fn returns non-zero
 * (given back). The event is borrowed for the call. Only durable ones. */
int journal_read(struct journal *j, uint64_t after,
                 int (*fn)(void *arg, const struct event *ev), void *arg,
                 struct err *e) MUST_CHECK;

/* The newest snapshot: 0 and bytes (into `out`), or 1 when there is none. */
int journal_load_snapshot(struct journal *j, uint64_t *seq, struct buf *out,
                          struct err *e) MUST_CHECK;
/* Whether so many events came since the last one that another is due. */
bool journal_wants_snapshot(const struct journal *j);
/* Stores `bytes` as the state at `seq`, on the writer thread, once seq is durable. Takes
 * the buffer (left empty). */
void journal_store_snapshot_take(struct journal *j, uint64_t seq, struct buf *bytes);

/* Who is told how far a long walk has come. */
struct journal_progress {
    void (*fn)(void *arg, uint64_t done, uint64_t total);
    void *arg;
};

/* Walks the chain. 0: whole; 1: broken, and `broken` is the first bad record; -1: cannot
 * read. `head` (may be NULL) must be found at its seq. `progress` may be NULL. */
int journal_verify(struct journal *j, const struct journal_head *head, uint64_t *broken,
                   const struct journal_progress *progress, struct err *e) MUST_CHECK;

/* Events that stay though they are old: the caller says so of each. */
struct journal_keep {
    bool (*fn)(void *arg, const struct event *ev);
    void *arg;
};
/* Whether events of this kind hold words of people at all. */
bool journal_may_erase(enum event_kind kind);
/* Whether an event from before `before_ms` still has words that may be erased, or an
 * erasure was interrupted. ERR_IO. */
int journal_has_old(struct journal *j, int64_t before_ms, bool *out,
                    struct err *e) MUST_CHECK;
/* Erases texts, names and salts of the events from before `before_ms`, and everything
 * that was derived from them, from every page of the file and with the search index
 * beside it (queue/archive.h); `erased` counts the events. `keep` may be NULL. The chain
 * stays whole. Before journal_start(). When it fails half way, nothing is lost that
 * should stay; call it again at the next start. */
int journal_erase(struct journal *j, int64_t before_ms, const struct journal_keep *keep,
                  uint64_t *erased, struct err *e) MUST_CHECK;

/* Erases what happened after event `from` and before event `to` (a rehearsal), but for
 * the events that outlive it: on the writer thread, once `to` is on disk, and before
 * anything newer is. Everything that was derived from them goes too, from every page of
 * the file; what comes meanwhile waits. A reader of the file that keeps it from that is
 * waited for; a run that ends first leaves it to the next one, which calls this again. */
void journal_erase_span(struct journal *j, uint64_t from, uint64_t to);
bool journal_is_erasing(struct journal *j);
/* How often texts were erased: what was made of the journal before is out of date. */
int journal_erasures(struct journal *j, uint64_t *out, struct err *e) MUST_CHECK;

/* Consistent copy into a new file, also while another process writes. ERR_IO when `path`
 * exists. */
int journal_backup(struct journal *j, const char *path, struct err *e) MUST_CHECK;

/* "N:64 hex digits", and back. */
void journal_head_write(const struct journal_head *h, struct buf *out);
int journal_head_parse(struct str s, struct journal_head *out, struct err *e) MUST_CHECK;

#endif
