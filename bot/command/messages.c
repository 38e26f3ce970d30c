/* SPDX-License-Identifier: Apache-2.0 */
/* messages.c - a file or a pipe to messages.
 *
 * What a read gave is handed on before the next one, so that a program at the other end
 * of two pipes gets each answer when it has sent the line. Of a line that is too long
 * only so much is kept that parsing refuses it: the input may be endless, the memory is
 * not. */
#include "command/messages.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/mem.h"

enum { CHUNK = 64 * 1024 };

static int
give_line(struct messages *r, struct str line, struct err *e)
{
    struct message m;
    struct err why = ERR_INIT;
    json_t *holder = NULL;

    r->number++;
    if (str_trim(line).len == 0)
        return 0;
    bool good = message_parse(line, &m, NULL, &holder, &why) == 0;
    int rc = r->line(r->arg, good ? &m : NULL, &why, e);
    json_decref(holder);
    return rc;
}

static void
take_piece(struct buf *line, struct str piece)
{
    size_t room = BOUNDS_FRAME + 1 - line->len;

    buf_add(line, piece.p, piece.len < room ? piece.len : room);
}

/* The whole lines of what was read; the rest waits in `line` for its end. */
static int
give_chunk(struct messages *r, struct str chunk, struct buf *line, struct err *e)
{
    const char *end;

    while ((end = memchr(chunk.p, '\n', chunk.len)) != NULL) {
        size_t len = (size_t)(end - chunk.p);
        take_piece(line, (struct str){chunk.p, len});
        chunk = (struct str){end + 1, chunk.len - len - 1};
        int rc = give_line(r, buf_str(line), e);
        buf_reset(line);
        if (rc < 0)
            return -1;
    }
    take_piece(line, chunk);
    return r->pause(r->arg, e);
}

static int
read_all(struct messages *r, int in, struct err *e)
{
    char *chunk = mem_zalloc(CHUNK);
    struct buf line = BUF_INIT;
    int rc = 0;

    buf_reserve(&line, 1);
    while (rc == 0) {
        ssize_t n = read(in, chunk, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = err_errno(e, ERR_IO, "the input cannot be read");
        if (n <= 0)
            break;
        r->bytes += (uint64_t)n;
        rc = give_chunk(r, (struct str){chunk, (size_t)n}, &line, e);
    }
    if (rc == 0 && line.len > 0) {
        rc = give_line(r, buf_str(&line), e);
        if (rc == 0)
            rc = r->pause(r->arg, e);
    }
    buf_fini(&line);
    mem_free(chunk);
    return rc;
}

int
messages_read(struct messages *r, const char *path, struct err *e)
{
    int in = path == NULL ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (in < 0)
        return err_errno(e, ERR_IO, "'%s' cannot be read", path);
    r->number = r->bytes = 0;
    r->size = fstat(in, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    int rc = read_all(r, in, e);
    if (path != NULL)
        close(in);
    return rc;
}
