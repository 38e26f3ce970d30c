/* SPDX-License-Identifier: Apache-2.0 */
/* places.c - where each chat was read to, in a file beside the journal.
 *
 * A place may be saved only when everything before it is durable. The journal is a few
 * milliseconds behind what was delivered, and saving happens every few seconds; so what
 * is saved is what was noted one round ago. The file is not forced to the disk: the loop
 * does not wait for it, and an old place only means repeats, which are recognised. */
#include "command/places.h"

#include <string.h>

#include <jansson.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

enum { FILE_MAX_BYTES = 256 * 1024 };

struct places {
    char *path;          /* owned */
    json_t *now, *ready; /* owned: name -> place; ready: what may be saved */
    json_t *saved;       /* owned */
};

struct places *
places_open(const char *journal_path)
{
    struct places *p = mem_zalloc(sizeof(*p));
    struct buf b = BUF_INIT;
    const char *slash = strrchr(journal_path, '/');
    if (slash != NULL)
        buf_add(&b, journal_path, (size_t)(slash - journal_path) + 1);
    buf_add_cstr(&b, "places.json");
    p->path = buf_steal(&b);
    if (file_read(p->path, FILE_MAX_BYTES, &b, NULL) == 0)
        p->now = json_loadb(b.data, b.len, 0, NULL);
    buf_fini(&b);
    if (!json_is_object(p->now)) {
        json_decref(p->now);
        p->now = json_object();
    }
    p->ready = json_copy(p->now);
    p->saved = json_copy(p->now);
    return p;
}

const char *
places_of(const struct places *p, const char *source)
{
    return json_string_value(json_object_get(p->now, source));
}

void
places_note(struct places *p, const char *source, const char *place)
{
    json_t *text = json_string(place);
    if (text != NULL) /* NULL: no UTF-8 */
        (void)json_object_set_new(p->now, source, text);
}

static void
write_ready(struct places *p)
{
    struct err e = ERR_INIT;
    if (json_equal(p->ready, p->saved))
        return;
    char *text = json_dumps(p->ready, JSON_INDENT(1) | JSON_SORT_KEYS);
    if (text != NULL && file_replace(p->path, str_from(text), false, &e) < 0)
        log_warn("places", "%s", e.msg);
    mem_free(text);
    json_decref(p->saved);
    p->saved = json_copy(p->ready);
}

void
places_save(struct places *p)
{
    write_ready(p);
    json_decref(p->ready);
    p->ready = json_copy(p->now);
}

void
places_close(struct places **pp)
{
    struct places *p = *pp;
    *pp = NULL;
    if (p == NULL)
        return;
    json_decref(p->ready);
    p->ready = json_copy(p->now);
    write_ready(p);
    json_decref(p->now);
    json_decref(p->ready);
    json_decref(p->saved);
    mem_free(p->path);
    mem_free(p);
}
