/* SPDX-License-Identifier: Apache-2.0 */
/* bench_source.c - how fast the decoders of chats are: the samples of the tests again and
 * again; frames (or pages) and messages a second, the best of five rounds. Usage:
 * bench_source (from the project's folder). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "source/centrifugo.h"
#include "source/eventsub.h"
#include "source/facebook.h"
#include "source/feed.h"
#include "source/feed_presets.h"
#include "source/irc.h"
#include "source/kick.h"
#include "source/telegram.h"
#include "source/xmpp.h"
#include "source/youtube.h"

enum { ROUNDS = 5, ROUND_MS = 120 };

/* Decodes one frame; what it says is counted. */
struct decoder {
    const char *name, *sample;
    bool by_line; /* the sample's lines are frames; else the file is one */
    void (*decode)(void *own, struct str frame);
    void *own;
    const char *only; /* take the lines that begin so, without it; NULL: all */
};

static size_t messages;

static void
take(void *arg, const struct message *m)
{
    (void)arg;
    (void)m;
    messages++;
}
static const struct message_taker to = {.take = take};

/* A sample that is not understood measures nothing. */
static void
check(int ret)
{
    if (ret == 0)
        return;
    (void)fputs("bench_source: a sample was not understood\n", stderr);
    exit(1);
}

static void
decode_irc(void *own, struct str frame)
{
    struct irc_event ev;
    if (irc_decode(own, frame, &ev, NULL) == 0)
        messages += ev.kind == IRC_MESSAGE;
}

static void
decode_eventsub(void *own, struct str frame)
{
    struct eventsub_event ev;
    if (eventsub_decode(frame, own, &ev, NULL) == 0) {
        messages++;
        eventsub_event_fini(&ev);
    }
}

static void
decode_youtube(void *own, struct str frame)
{
    struct youtube_page page = {.next = BUF_INIT};
    (void)own;
    check(youtube_read_page(frame, false, to, &page, NULL));
    buf_fini(&page.next);
}

static void
decode_telegram(void *own, struct str frame)
{
    struct telegram_updates u;
    check(telegram_read_updates(frame, own, to, &u, NULL));
}

static void
decode_facebook(void *own, struct str frame)
{
    const struct facebook_view view = {.owner = STR_NONE};
    struct facebook_page page = {.after = BUF_INIT};
    (void)own;
    check(facebook_read_comments(frame, view, to, &page, NULL));
    buf_fini(&page.after);
}

static void
decode_instagram(void *own, struct str frame)
{
    (void)own;
    check(instagram_read_hook(frame, STR_LIT("17841405793187218"), to, NULL));
}

static void
decode_kick(void *own, struct str frame)
{
    (void)own;
    check(kick_read_event(STR_LIT("chat.message.sent"), frame, STR_LIT("123456789"), to,
                          NULL));
}

static void
decode_centrifugo(void *own, struct str frame)
{
    struct centrifugo_event ev;
    json_t *holder = NULL;
    (void)own;
    if (centrifugo_read(frame, &ev, &holder, NULL) == 0)
        messages++;
    json_decref(holder);
}

static void
decode_feed(void *own, struct str frame)
{
    struct feed_wish wish = {.say = BUF_INIT};
    check(feed_decode(own, frame, to, &wish, NULL));
    buf_fini(&wish.say);
}

static void
decode_xmpp(void *own, struct str frame)
{
    struct xmpp_event ev;
    if (xmpp_decode(own, frame, &ev, NULL) == 0)
        messages += ev.has_message + ev.has_removal;
}

static double
seconds(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Frames a second in one round. */
static double
round_of(const struct decoder *d, struct str sample)
{
    double begin = seconds(), now = begin;
    size_t frames = 0;
    while (now - begin < ROUND_MS / 1e3) {
        for (int i = 0; i < 50; i++) {
            struct str rest = sample, line;
            if (!d->by_line) {
                d->decode(d->own, sample);
                frames++;
            }
            while (d->by_line && str_split(&rest, '\n', &line)) {
                if (line.len == 0)
                    continue;
                d->decode(d->own, line);
                frames++;
            }
        }
        now = seconds();
    }
    return (double)frames / (now - begin);
}

static void
keep_only(const char *mark, struct buf *sample)
{
    struct buf kept = BUF_INIT;
    struct str rest = buf_str(sample), line, m = str_from(mark);
    while (str_split(&rest, '\n', &line))
        if (str_has_prefix(line, m))
            buf_addf(&kept, "%.*s\n", (int)(line.len - m.len), line.p + m.len);
    buf_fini(sample);
    *sample = kept;
}

static void
run(const struct decoder *d)
{
    struct buf sample = BUF_INIT, path = BUF_INIT;
    struct err e = ERR_INIT;
    double best = 0, said = 0;
    buf_addf(&path, "tests/data/source/%s", d->sample);
    if (file_read(path.data, 1 << 20, &sample, &e) < 0) {
        (void)fprintf(stderr, "bench_source: %s\n", e.msg);
        exit(1);
    }
    if (d->only != NULL)
        keep_only(d->only, &sample);
    for (int i = 0; i < ROUNDS; i++) {
        messages = 0;
        double begin = seconds(), rate = round_of(d, buf_str(&sample));
        double rate_said = (double)messages / (seconds() - begin);
        if (rate > best)
            best = rate, said = rate_said;
    }
    printf("  %-24s %10.0f frames/s %10.0f messages/s\n", d->name, best, said);
    buf_fini(&sample);
    buf_fini(&path);
}

static void
read_preset(struct feed *f, const char *kind)
{
    struct err e = ERR_INIT;
    if (feed_read(f, kind, str_from(feed_preset(kind)), &e) < 0) {
        (void)fprintf(stderr, "bench_source: %s\n", e.msg);
        exit(1);
    }
}

int
main(void)
{
    struct irc_decoder irc = {
        .twitch = true, .channel = STR_LIT("#efir"), .nick = STR_LIT("suraq")};
    struct eventsub_chat twitch = {0};
    struct telegram_chat telegram = telegram_chat_of(STR_LIT("-1001234567890"));
    struct xmpp_decoder xmpp;
    struct feed owncast, social, restream;
    mem_install();
    telegram.versions = map_new();
    xmpp_init(&xmpp);
    xmpp.room = STR_LIT("v1@room.tube.kz");
    xmpp.nick = STR_LIT("suraq");
    read_preset(&owncast, "owncast");
    read_preset(&social, "socialstream");
    read_preset(&restream, "restream");
    const struct decoder decoders[] = {
        {"twitch, IRC", "irc/lines.txt", true, decode_irc, &irc, "T "},
        {"twitch, EventSub", "twitch/chat.json", false, decode_eventsub, &twitch, NULL},
        {"youtube, a page", "youtube/page.json", false, decode_youtube, NULL, NULL},
        {"telegram, updates", "telegram/updates.json", false, decode_telegram, &telegram,
         NULL},
        {"facebook, a page", "facebook/comments.json", false, decode_facebook, NULL,
         NULL},
        {"instagram, a delivery", "instagram/hook.json", false, decode_instagram, NULL,
         NULL},
        {"kick, a delivery", "kick/chat.json", false, decode_kick, NULL, NULL},
        {"vklive, Centrifugo", "vklive/frames.txt", true, decode_centrifugo, NULL, NULL},
        {"owncast", "owncast/chat.ndjson", true, decode_feed, &owncast, NULL},
        {"socialstream", "socialstream/frames.ndjson", true, decode_feed, &social, NULL},
        {"restream", "restream/frames.ndjson", true, decode_feed, &restream, NULL},
        {"peertube, XMPP", "peertube/room.txt", true, decode_xmpp, &xmpp, NULL},
    };
    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++)
        run(&decoders[i]);
    feed_fini(&owncast);
    feed_fini(&social);
    feed_fini(&restream);
    xmpp_fini(&xmpp);
    irc_decoder_fini(&irc);
    map_free(&telegram.versions);
    return 0;
}
