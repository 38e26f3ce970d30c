/* SPDX-License-Identifier: Apache-2.0 */
/* wish.c - the filters that several lists of questions have in common. */
#include "serve/wish.h"

int
wish_statuses(struct str list, unsigned *out, struct err *e)
{
    struct str one;

    while (list.len > 0 && str_split(&list, ',', &one)) {
        enum status s;
        if (status_from_name(one, &s, e) < 0)
            return -1;
        *out |= 1u << s;
    }
    return 0;
}

bool
wish_has_topic(const struct question *q, struct str topic)
{
    for (size_t i = 0; i < q->n_topics; i++) {
        if (str_eq(str_from(q->topics[i]), topic))
            return true;
    }
    return q->n_topics == 0 && str_eq(topic, STR_LIT("other"));
}
