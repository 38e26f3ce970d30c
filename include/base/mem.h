/* SPDX-License-Identifier: Apache-2.0 */
/* mem.h - allocation that does not fail: out of memory ends the process (a long-running
 * program cannot do better, and every size from outside is capped before it gets here).
 */
#ifndef SURAQ_BASE_MEM_H
#define SURAQ_BASE_MEM_H

#include <stddef.h>

/* New memory, zeroed. `size` 0 gives a valid pointer. */
void *mem_zalloc(size_t size) __attribute__((malloc, returns_nonnull));

/* New zeroed array; a product that overflows ends the process. */
void *mem_array(size_t n, size_t size) __attribute__((malloc, returns_nonnull));

/* Takes `p` (may be NULL), gives its resized successor; new bytes are not zeroed. */
void *mem_resize(void *p, size_t n, size_t size) __attribute__((returns_nonnull));

/* New NUL-terminated copies. `s` may be NULL for mem_strdup: gives NULL. */
char *mem_strdup(const char *s);
char *mem_strndup(const char *p, size_t len) __attribute__((malloc, returns_nonnull));
void *mem_dup(const void *p, size_t len) __attribute__((malloc, returns_nonnull));

/* free(); NULL is fine. MEM_FREE also clears the variable. */
void mem_free(void *p);
#define MEM_FREE(p) (mem_free((void *)(p)), (p) = NULL)

/* Gives jansson, and every library that asks, the same allocator. Once, at start. */
void mem_install(void);

#endif
