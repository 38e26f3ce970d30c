/* SPDX-License-Identifier: Apache-2.0 */
/* fake_time.c - hours that pass at once.
 *
 * The dynamic linker takes the first clock_gettime() it finds, and a program comes before
 * its libraries; so this one is everybody's. The kernel's own time goes on underneath:
 * without fake_time_pass() it is the true one. Clocks of processor time are not moved. */
#include "support/fake_time.h"

#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t passed_ms;

void
fake_time_pass(int64_t ms)
{
    atomic_fetch_add(&passed_ms, ms);
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
    int ret = (int)syscall(SYS_clock_gettime, id, ts);
    if (ret == 0 && (id == CLOCK_REALTIME || id == CLOCK_MONOTONIC)) {
        int64_t ms = atomic_load(&passed_ms);
        int64_t ns = ts->tv_nsec + ms % 1000 * 1000000;
        ts->tv_sec += ms / 1000 + ns / 1000000000;
        ts->tv_nsec = ns % 1000000000;
    }
    return ret;
}
