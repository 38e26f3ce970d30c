/* SPDX-License-Identifier: Apache-2.0 */
/* pages.h - the embedded pages and their assets. */
#ifndef SURAQ_SERVE_PAGES_H
#define SURAQ_SERVE_PAGES_H

#include <stdbool.h>

struct exchange;

/* Answers a GET with a page or an asset; false when there is none of that path. */
bool pages_serve(struct exchange *x);

#endif
