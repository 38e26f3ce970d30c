/* SPDX-License-Identifier: Apache-2.0 */
/* mem.c - allocation that does not fail.
 *
 * Out of memory ends the process: a long-running program cannot do better, and code that
 * tried would be untested. What comes from outside is capped before it gets here, so an
 * attacker cannot choose the sizes. */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static void __attribute__((noreturn)) out_of_memory(size_t size)
{
    (void)fprintf(stderr, "suraq: out of memory (%zu bytes)\n", size);
    abort();
}

void *
mem_zalloc(size_t size)
{
    void *p = calloc(1, size == 0 ? 1 : size);

    if (p == NULL)
        out_of_memory(size);
    return p;
}

void *
mem_array(size_t n, size_t size)
{
    void *p = calloc(n == 0 ? 1 : n, size == 0 ? 1 : size);

    if (p == NULL)
        out_of_memory(n);
    return p;
}

void *
mem_resize(void *p, size_t n, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(n, size, &total))
        out_of_memory(SIZE_MAX);
    void *q = realloc(p, total == 0 ? 1 : total);
    if (q == NULL)
        out_of_memory(total);
    return q;
}

char *
mem_strdup(const char *s)
{
    return s == NULL ? NULL : mem_strndup(s, strlen(s));
}

char *
mem_strndup(const char *p, size_t len)
{
    char *copy = mem_zalloc(len + 1);

    if (len > 0)
        memcpy(copy, p, len);
    return copy;
}

void *
mem_dup(const void *p, size_t len)
{
    void *copy = mem_zalloc(len);

    if (len > 0)
        memcpy(copy, p, len);
    return copy;
}

void
mem_free(void *p)
{
    free(p);
}

/* jansson asks for memory that need not be zeroed. */
static void *
plain_alloc(size_t size)
{
    void *p = malloc(size == 0 ? 1 : size);

    if (p == NULL)
        out_of_memory(size);
    return p;
}

void
mem_install(void)
{
    json_set_alloc_funcs(plain_alloc, free);
}
