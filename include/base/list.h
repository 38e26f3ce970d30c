/* SPDX-License-Identifier: Apache-2.0 */
/* list.h - intrusive doubly linked list: the node lives inside the member. */
#ifndef SURAQ_BASE_LIST_H
#define SURAQ_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *prev, *next;
};

#define LIST_ENTRY(node, type, member) \
    ((type *)(void *)((char *)(node)-offsetof(type, member)))
/* The member may be taken out while walking. */
/* NOLINTBEGIN(bugprone-macro-parentheses): what is declared cannot stand in them */
#define LIST_FOREACH(it, head)                                                \
    for (struct list *it = (head)->next, *it##_next = it->next; it != (head); \
         it = it##_next, it##_next = it->next)
/* NOLINTEND(bugprone-macro-parentheses) */

static inline void
list_init(struct list *l)
{
    l->prev = l->next = l;
}

static inline bool
list_is_empty(const struct list *l)
{
    return l->next == l;
}

static inline void
list_add_tail(struct list *head, struct list *node)
{
    node->prev = head->prev;
    node->next = head;
    head->prev->next = node;
    head->prev = node;
}

/* Afterwards the node is an empty list of its own: removing twice is harmless. */
static inline void
list_remove(struct list *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    list_init(node);
}

#endif
