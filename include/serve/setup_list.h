/* SPDX-License-Identifier: Apache-2.0 */
/* setup_list.h - inside of the checklist, for its files only: how one check is written.
 */
#ifndef SURAQ_SERVE_SETUP_LIST_H
#define SURAQ_SERVE_SETUP_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "serve/front.h"

struct setup_list {
    struct front *front;
    struct buf *out;
    struct setup_counts counts;
    struct server_facts facts;
    int64_t now_ms; /* wall clock */
    bool any_figure;
};

/* Begins a check and its figures, which the others add to; then setup_end(). `name`: of
 * the source, or NULL. */
void setup_begin(struct setup_list *l, const char *id, const char *name);
void setup_number(struct setup_list *l, const char *name, uint64_t value);
void setup_text(struct setup_list *l, const char *name, const char *value);
/* "at": when; "age_s": how long ago. 0: both null. */
void setup_age(struct setup_list *l, int64_t at_ms);
void setup_end(struct setup_list *l, enum setup_level level, const char *code);

/* setup_chat.c, setup_house.c */
void setup_chat(struct setup_list *l);  /* sources, replies, webhooks, pages, people */
void setup_house(struct setup_list *l); /* disk, journal, clock, accounts, filters, ... */

#endif
