/* SPDX-License-Identifier: Apache-2.0 */
/* assets.h - the pages, as the build embedded them (bot/web/embed writes the table).
 * Read-only and static: nothing is ever freed. */
#ifndef SURAQ_SERVE_ASSETS_H
#define SURAQ_SERVE_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct web_asset {
    const char *path; /* relative to bot/web/dist, without ".gz": "console.html" */
    const char *mime; /* "text/html; charset=utf-8" */
    const char *etag; /* quoted, as the header wants it */
    const unsigned char *data;
    size_t len;
    bool gzip; /* data is gzip: send content-encoding: gzip */
};

/* Sorted by path (bytes); one more entry with a NULL path ends the table. */
extern const struct web_asset web_assets[];
extern const size_t web_assets_count;

#endif
