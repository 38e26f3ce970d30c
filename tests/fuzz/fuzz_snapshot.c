/* floors: queue judge source loop base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_snapshot.c - a snapshot with other bytes (three each: where, what) and the right
 * digest is refused, or is a state that can be packed and read again as the same. */
#include <assert.h>
#include <stdint.h>

#include <sodium.h>

#include "queue/queue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
pack_a_state(const struct map_key *key, struct buf *out)
{
    static const struct {
        enum event_kind kind;
        const char *body;
    } rows[] = {
        {EVENT_BROADCAST, "{\"op\":\"open\"}"},
        {EVENT_MESSAGE,
         "{\"seen\":\"a1\",\"author\":\"b1\",\"source\":\"t\",\"id\":\"m1\","
         "\"name\":\"N\",\"text\":\"q\",\"n\":1,\"no\":1,\"to\":0,"
         "\"key\":\"c1\",\"verdict\":{\"masked\":\"q\",\"topics\":[\"x\"],"
         "\"urgent\":\"fire\",\"why\":[]}}"},
        {EVENT_APPROVE, "{\"n\":1}"},
        {EVENT_AIR, "{\"n\":1}"},
        {EVENT_OVERLAY, "{\"n\":1}"},
        {EVENT_CREATE, "{\"author\":\"b2\",\"text\":\"r\",\"n\":2,\"no\":2,\"to\":1}"},
        {EVENT_APPROVE, "{\"n\":2}"},
        {EVENT_FOLLOW_UP,
         "{\"n\":2,\"due\":\"2026-12-15\",\"forward_by\":\"2026-11-27\"}"},
        {EVENT_FORWARD, "{\"n\":2,\"to\":\"x\"}"},
        {EVENT_PROMISE, "{\"op\":\"make\",\"n\":2,\"place\":1,\"text\":\"p\"}"},
        {EVENT_MUTE, "{\"author\":\"b3\"}"},
        {EVENT_SOURCE, "{\"name\":\"t\",\"kind\":\"irc\",\"target\":\"c\"}"},
    };
    struct queue *q = queue_new(key);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event ev = {.seq = i + 1, .kind = rows[i].kind, .actor = "user:a"};
        buf_add_cstr(&ev.body, rows[i].body);
        assert(queue_apply(q, &ev, NULL) == 0);
        event_fini(&ev);
    }
    queue_pack(q, out);
    queue_free(&q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct map_key key = {{1}};
    struct buf b = BUF_INIT, again = BUF_INIT;
    pack_a_state(&key, &b);
    size_t n = b.len - 32;
    for (size_t i = 0; i + 2 < len; i += 3)
        b.data[(data[i] << 8 | data[i + 1]) % n] = (char)data[i + 2];
    (void)crypto_generichash((uint8_t *)b.data + n, 32, (uint8_t *)b.data, n, NULL, 0);
    struct queue *q = queue_unpack(&key, buf_str(&b), NULL);
    if (q != NULL) {
        queue_pack(q, &again);
        struct queue *copy = queue_unpack(&key, buf_str(&again), NULL);
        assert(copy != NULL && queue_digest(copy) == queue_digest(q));
        queue_free(&copy);
    }
    queue_free(&q);
    buf_fini(&b);
    buf_fini(&again);
    return 0;
}
