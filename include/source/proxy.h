/* SPDX-License-Identifier: Apache-2.0 */
/* proxy.h - which HTTP proxy a socket to a chat goes through: what the source says, else
 * what the environment says, as curl reads it. */
#ifndef SURAQ_SOURCE_PROXY_H
#define SURAQ_SOURCE_PROXY_H

#include <stdbool.h>

#include "base/err.h"

/* All owned, NULL when the connection is to be direct. */
struct proxy {
    char *host, *sign_in; /* sign_in: "user:password", decoded; NULL: none */
    int port;
};

/* `setting`: http://[user:password@]host[:port]; NULL: HTTPS_PROXY (for tls), HTTP_PROXY,
 * ALL_PROXY, in small letters first, unless NO_PROXY names the host. This machine itself
 * is always reached directly. ERR_VALUE for what is no address of an HTTP proxy. */
int proxy_choose(struct proxy *p, const char *setting, const char *host, bool tls,
                 struct err *e) MUST_CHECK;
void proxy_fini(struct proxy *p);

#endif
