/* SPDX-License-Identifier: Apache-2.0 */
/* timing.h - the intervals that govern connections, in one place, so that tests need not
 * wait. Milliseconds. */
#ifndef SURAQ_SOURCE_TIMING_H
#define SURAQ_SOURCE_TIMING_H

#include <stdint.h>

struct source_timing {
    int64_t connect;       /* from the look-up of the name to the open socket */
    int64_t join;          /* from the open socket to being in the channel */
    int64_t ping;          /* between our own pings */
    int64_t pong;          /* for the answer to one */
    int64_t backoff_least; /* before the next try, at least */
    int64_t backoff_most;
    int64_t healthy;  /* a session this long ends the backoff; so does a message */
    int64_t wait;     /* for a broadcast that has not begun, before looking again */
    int64_t plan;     /* how long a broadcast may still take: quotas are spread over it */
    int64_t call_gap; /* between two calls of an API that counts them by the second */
    int64_t look_up;  /* for somebody's name, which a line waits for */
    int64_t validate; /* between two checks of a token that Twitch wants checked */
    int64_t quiet;    /* silence that people should notice */
    int64_t send_window; /* at most send_burst lines in it */
    int64_t send_gap;    /* between two lines */
    unsigned send_burst;
};

static inline struct source_timing
source_timing_default(void)
{
    return (struct source_timing){
        .connect = 15000,
        .join = 10000,
        .ping = 60000,
        .pong = 15000,
        .backoff_least = 1000,
        .backoff_most = 60000,
        .healthy = 60000,
        .wait = 30000,
        .plan = 3 * 60 * 60 * 1000,
        .validate = 60 * 60 * 1000,
        .quiet = 120000,
        .look_up = 2000,
        .call_gap = 350,      /* VK: three calls a second for a person's token */
        .send_window = 30000, /* Twitch: 20 lines in 30 s, about one a second */
        .send_gap = 1200,
        .send_burst = 20,
    };
}

#endif
