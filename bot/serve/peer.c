/* SPDX-License-Identifier: Apache-2.0 */
/* peer.c - whose address it is.
 *
 * X-Forwarded-For is believed only from a proxy that the settings name, and only its last
 * entries: whatever a client wrote itself stands further left. Addresses are compared as
 * 16 bytes; IPv4 as ::ffff:a.b.c.d, which is also how a dual-stack socket reports it. */
#include "serve/peer.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

enum { TEXT = 64 };

struct network {
    uint8_t bytes[16];
    unsigned bits;
};

struct peer_networks {
    struct network *items; /* owned */
    size_t n;
};

static bool
parse(struct str text, uint8_t out[16], bool *is_v4)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    char room[TEXT];

    if (text.len == 0 || text.len >= sizeof(room))
        return false;
    memcpy(room, text.p, text.len);
    room[text.len] = '\0';
    *is_v4 = inet_pton(AF_INET, room, out + 12) == 1;
    if (*is_v4) {
        memcpy(out, mapped, sizeof(mapped));
        return true;
    }
    return inet_pton(AF_INET6, room, out) == 1;
}

static bool
parse_network(struct str text, struct network *out)
{
    struct str address;
    struct err e = ERR_INIT;
    uint64_t bits = 0;
    bool is_v4;

    if (!str_split(&text, '/', &address) || !parse(address, out->bytes, &is_v4))
        return false;
    unsigned max = is_v4 ? 32 : 128;
    bits = max;
    if (text.p != NULL && str_to_u64(text, max, &bits, &e) < 0)
        return false;
    out->bits = (unsigned)bits + (is_v4 ? 96 : 0);
    return true;
}

struct peer_networks *
peer_networks_new(const char *const *texts, size_t n, struct err *e)
{
    struct peer_networks *p = mem_zalloc(sizeof(*p));

    p->items = mem_array(n, sizeof(*p->items));
    for (; p->n < n; p->n++) {
        if (parse_network(str_from(texts[p->n]), &p->items[p->n]))
            continue;
        (void)err_set(e, ERR_VALUE,
                      "trusted_proxies: '%s' is not an address or a network",
                      texts[p->n]);
        peer_networks_free(&p);
        return NULL;
    }
    return p;
}

void
peer_networks_free(struct peer_networks **p)
{
    if (*p == NULL)
        return;
    mem_free((*p)->items);
    MEM_FREE(*p);
}

static bool
contains(const struct network *n, const uint8_t address[16])
{
    unsigned whole = n->bits / 8, rest = n->bits % 8;

    if (memcmp(n->bytes, address, whole) != 0)
        return false;
    return rest == 0 || ((n->bytes[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

bool
peer_is_in(const struct peer_networks *p, struct str address)
{
    uint8_t bytes[16];
    bool is_v4;

    if (p == NULL || !parse(address, bytes, &is_v4))
        return false;
    for (size_t i = 0; i < p->n; i++) {
        if (contains(&p->items[i], bytes))
            return true;
    }
    return false;
}

void
peer_forwarded(const struct peer_networks *p, struct str header, char *out, size_t cap)
{
    while (header.len > 0) {
        size_t start = header.len;
        while (start > 0 && header.p[start - 1] != ',')
            start--;
        struct str one = str_trim((struct str){header.p + start, header.len - start});
        if (!peer_is_address(one) || one.len >= cap)
            return;
        memcpy(out, one.p, one.len);
        out[one.len] = '\0';
        if (!peer_is_in(p, one))
            return;
        header.len = start > 0 ? start - 1 : 0;
    }
}

bool
peer_is_address(struct str text)
{
    uint8_t bytes[16];
    bool is_v4;

    return parse(text, bytes, &is_v4);
}

bool
peer_is_private(struct str address)
{
    static const char *const texts[] = {"127.0.0.0/8", "10.0.0.0/8",     "172.16.0.0/12",
                                        "::1",         "192.168.0.0/16", "169.254.0.0/16",
                                        "fc00::/7",    "fe80::/10"};
    uint8_t bytes[16];
    bool is_v4;

    if (!parse(address, bytes, &is_v4))
        return false;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct network n;
        if (parse_network(str_from(texts[i]), &n) && contains(&n, bytes))
            return true;
    }
    return false;
}
