/* SPDX-License-Identifier: Apache-2.0 */
/* peer.h - whose address it is: trusted proxies and what they say of the client. */
#ifndef SURAQ_SERVE_PEER_H
#define SURAQ_SERVE_PEER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct peer_networks;

/* New: "10.0.0.0/8", "fd00::/8", "192.0.2.1". ERR_VALUE names the one that is none. */
struct peer_networks *peer_networks_new(const char *const *texts, size_t n,
                                        struct err *e) MUST_CHECK;
void peer_networks_free(struct peer_networks **p);
bool peer_is_in(const struct peer_networks *p, struct str address);

/* The client behind a trusted proxy: the last address of X-Forwarded-For that is not
 * itself trusted. `out` keeps `address` when the header says nothing useful. */
void peer_forwarded(const struct peer_networks *p, struct str header, char *out,
                    size_t cap);

bool peer_is_address(struct str text);    /* IPv4 or IPv6, without brackets */
bool peer_is_private(struct str address); /* loopback, RFC 1918, fc00::/7, link-local */

#endif
