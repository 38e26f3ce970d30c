/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c - what the machine says of itself.
 *
 * The process runs in the stream's time zone (TZ is set at the start), so the machine's
 * own is read from where systems note it. That a backup was made is known by an empty
 * file beside the journal, which `suraq backup` touches: the journal itself is open for
 * reading only then. */
#include "command/facts.h"

#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

#define ZONES "/usr/share/zoneinfo/"

uint64_t
facts_free(const char *path)
{
    struct statvfs disk;

    return statvfs(path, &disk) == 0 ? (uint64_t)disk.f_bavail * disk.f_frsize
                                     : UINT64_MAX;
}

static void
read_disk(const struct settings *s, struct server_facts *out)
{
    struct stat file;
    struct buf log = BUF_INIT;

    out->free_bytes = facts_free(s->journal_path);
    out->min_free = (uint64_t)s->min_free;
    if (stat(s->journal_path, &file) == 0)
        out->journal_bytes = (uint64_t)file.st_size;
    buf_addf(&log, "%s-wal", s->journal_path);
    if (stat(log.data, &file) == 0)
        out->journal_bytes += (uint64_t)file.st_size;
    buf_fini(&log);
}

static void
backup_mark(const char *path, struct buf *out)
{
    buf_addf(out, "%s.copied", path);
}

static int64_t
backup_time(const char *path)
{
    struct buf mark = BUF_INIT;
    struct stat file;

    backup_mark(path, &mark);
    int64_t at = stat(mark.data, &file) == 0 ? (int64_t)file.st_mtim.tv_sec * 1000 : 0;
    buf_fini(&mark);
    return at;
}

void
facts_note_backup(const char *path)
{
    struct buf mark = BUF_INIT;

    backup_mark(path, &mark);
    int fd = open(mark.data, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || futimens(fd, NULL) < 0)
        log_warn("backup", "the time of the copy cannot be noted in '%s'", mark.data);
    if (fd >= 0)
        close(fd);
    buf_fini(&mark);
}

/* The link /etc/localtime leads to the zone's file; some systems have its name in a file.
 */
static void
read_system_zone(char *out, size_t size)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/etc/localtime", path, sizeof(path) - 1);

    out[0] = '\0';
    if (n > 0) {
        path[n] = '\0';
        const char *at = strstr(path, "zoneinfo/");
        if (at != NULL)
            (void)snprintf(out, size, "%.*s", (int)size - 1, at + strlen("zoneinfo/"));
        return;
    }
    FILE *f = fopen("/etc/timezone", "re");
    if (f == NULL)
        return;
    if (fgets(out, (int)size, f) == NULL)
        out[0] = '\0';
    out[strcspn(out, "\n")] = '\0';
    (void)fclose(f);
}

static bool
knows_zone(const char *zone)
{
    struct buf path = BUF_INIT;

    buf_addf(&path, "%s%s", ZONES, zone);
    bool known = access(path.data, R_OK) == 0;
    buf_fini(&path);
    return known;
}

static int
clock_state(void)
{
    struct timex t = {.modes = 0};

    if (adjtimex(&t) < 0)
        return -1;
    return (t.status & STA_UNSYNC) == 0;
}

static void
read_locale(char *out, size_t size)
{
    locale_t here = newlocale(LC_CTYPE_MASK, "", (locale_t)0);

    (void)snprintf(out, size, "%s",
                   here == (locale_t)0 ? "" : nl_langinfo_l(CODESET, here));
    if (here != (locale_t)0)
        freelocale(here);
}

void
facts_read(const struct settings *s, struct server_facts *out)
{
    read_disk(s, out);
    out->journal_kind = s->journal_kind;
    out->backup_ms = backup_time(s->journal_path);
    read_system_zone(out->system_zone, sizeof(out->system_zone));
    out->zone_known = knows_zone(s->timezone);
    out->clock_synced = clock_state();
    read_locale(out->codeset, sizeof(out->codeset));
    out->webhooks = s->n_webhooks;
}
