/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c - the progress bar of all subcommands. Time goes by the machine's clock;
 * asking it is cheap enough for every call. */
#include "command/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR = 30, EVERY_MS = 100 };

void
progress_begin(struct progress *p, const char *what, int beside)
{
    *p = (struct progress){.what = what,
                           .on = isatty(STDERR_FILENO) != 0 &&
                                 (beside < 0 || isatty(beside) == 0)};
}

static void
draw(const struct progress *p, uint64_t done, uint64_t total, uint64_t count)
{
    char bar[BAR + 1];

    if (total == 0) {
        (void)fprintf(stderr, "\r%" PRIu64 " %s", count, p->what);
        return;
    }
    uint64_t part = done >= total ? 100 : done * 100 / total;
    for (uint64_t i = 0; i < BAR; i++)
        bar[i] = i * 100 < part * BAR ? '#' : '.';
    bar[BAR] = '\0';
    (void)fprintf(stderr, "\r[%s] %3" PRIu64 " %%  %" PRIu64 " %s", bar, part, count,
                  p->what);
}

void
progress_show(struct progress *p, uint64_t done, uint64_t total, uint64_t count)
{
    if (!p->on)
        return;
    int64_t now = clock_mono_ms(clock_system());
    if (p->drawn_ms != 0 && now - p->drawn_ms < EVERY_MS)
        return;
    p->drawn_ms = now;
    draw(p, done, total, count);
}

void
progress_end(struct progress *p)
{
    if (p->on && p->drawn_ms != 0)
        (void)fprintf(stderr, "\r\033[K");
    p->drawn_ms = 0;
}
