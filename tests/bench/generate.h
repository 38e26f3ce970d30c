/* SPDX-License-Identifier: Apache-2.0 */
/* generate.h - made-up chat and made-up rules for measuring the matcher, the same for the
 * same seed. Rules are text alone: whoever measures finds their stems himself. */
#ifndef SURAQ_BENCH_GENERATE_H
#define SURAQ_BENCH_GENERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct generator;

/* New; knows the stems of `rules` rules and twenty thousand words of chat. */
struct generator *generator_new(uint64_t seed, size_t rules);
void generator_free(struct generator **g);

/* New text (mem_free): the next pattern, in the shapes that people write. */
char *generate_rule(struct generator *g);
/* New text: 10 to 300 bytes, six in ten Russian, three Kazakh, one English by its
 * letters; one in twelve holds the stem of a rule, one word in fifty nearly does. A
 * hostile one has other cases, marks, joiners, foreign digits and line breaks in its
 * words. */
char *generate_message(struct generator *g, bool hostile);

#endif
