/* SPDX-License-Identifier: Apache-2.0 */
/* file.c - whole small files: settings, secrets, presets. Read, not mapped: a file may be
 * changed by others while we look at it. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int
file_read(const char *path, size_t cap, struct buf *out, struct err *e)
{
    int ret = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return err_errno(e, ERR_IO, "'%s' cannot be read", path);
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        (void)err_set(e, ERR_IO, "'%s' is a folder, not a file", path);
        goto out;
    }
    for (;;) {
        buf_reserve(out, 4096);
        ssize_t n = read(fd, out->data + out->len, 4096);
        if (n < 0) {
            (void)err_errno(e, ERR_IO, "'%s' cannot be read", path);
            goto out;
        }
        if (n == 0)
            break;
        buf_truncate(out, out->len + (size_t)n);
        if (out->len > cap) {
            (void)err_set(e, ERR_LIMIT, "'%s' is larger than %zu bytes", path, cap);
            goto out;
        }
    }
    ret = 0;
out:
    close(fd);
    return ret;
}

static int
write_new(const char *path, struct str text, bool durable)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return -1;
    bool ok =
        write(fd, text.p, text.len) == (ssize_t)text.len && (!durable || fsync(fd) == 0);
    int kept = errno;
    close(fd);
    errno = kept;
    return ok ? 0 : -1;
}

int
file_replace(const char *path, struct str text, bool durable, struct err *e)
{
    struct buf beside = BUF_INIT;
    buf_addf(&beside, "%s.new", path);
    (void)unlink(beside.data); /* of a run that ended badly */
    int ret = write_new(beside.data, text, durable);
    if (ret == 0)
        ret = rename(beside.data, path);
    if (ret < 0)
        (void)err_errno(e, ERR_IO, "'%s' cannot be written", path);
    buf_fini(&beside);
    return ret;
}
