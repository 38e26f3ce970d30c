/* SPDX-License-Identifier: Apache-2.0 */
/* workdays.h - terms in working days: weekends, holidays and days off that were moved,
 * as a calendar file says them. A day is a number: days since 1970-01-01, in the time
 * zone of the process. Pure but for workdays_open() and workdays_day_of(). */
#ifndef SURAQ_BASE_WORKDAYS_H
#define SURAQ_BASE_WORKDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define WORKDAYS_LEN 10 /* "2026-11-24" */

struct workdays;

/* New. `text` is a calendar (config/calendar/kz.yaml says what it may hold); ERR_PARSE
 * and ERR_VALUE name the line. */
struct workdays *workdays_parse(const char *name, struct str text,
                                struct err *e) MUST_CHECK;
/* The same by the name of a calendar that is part of the program ("kz"), or from a file:
 * a path has a '/' or ends with ".yaml". ERR_VALUE: no such name; ERR_IO: no such file.
 */
struct workdays *workdays_open(const char *name, struct err *e) MUST_CHECK;
/* The text of a calendar of config/calendar; NULL: none has that name. Static. */
const char *workdays_built_in(const char *name);
void workdays_free(struct workdays **w); /* NULL-safe */

/* Every function below takes w NULL: Saturdays and Sundays are off, nothing else. */
bool workdays_is_off(const struct workdays *w, int64_t day);
/* The day itself, or the next working one: where a term that ends on a day off ends. */
int64_t workdays_end(const struct workdays *w, int64_t day);
/* The n-th working day behind `day`, which does not count itself. n >= 0. */
int64_t workdays_add(const struct workdays *w, int64_t day, unsigned n);
/* Working days that are left from `today` until the end of `due`: 0 on the last one;
 * negative: so many working days late. */
int workdays_left(const struct workdays *w, int64_t today, int64_t due);
/* Whether the calendar speaks of that day's year. */
bool workdays_knows(const struct workdays *w, int64_t day);

/* "2026-11-24" and nothing else; ERR_VALUE: not such a day. */
int workdays_day(struct str s, int64_t *day, struct err *e) MUST_CHECK;
void workdays_write(int64_t day, char out[WORKDAYS_LEN + 1]);
int64_t workdays_day_of(int64_t wall_ms);

/* How long what is owed may take. */
struct workdays_terms {
    unsigned answer_days, forward_days;
    const struct workdays *calendar; /* borrowed; may be NULL */
};

/* How a term stands. */
#define WORKDAYS_LEVEL_MAP(X)                                             \
    X(WORKDAYS_NONE, "none")                                              \
    X(WORKDAYS_AMBER, "amber") /* at most WORKDAYS_AMBER_DAYS are left */ \
    X(WORKDAYS_RED, "red")     /* late */
#define WORKDAYS_ENUM(code, name) code,
enum workdays_level { WORKDAYS_LEVEL_MAP(WORKDAYS_ENUM) };
#undef WORKDAYS_ENUM
enum { WORKDAYS_AMBER_DAYS = 3 };
enum workdays_level workdays_level(int left);
const char *workdays_level_name(enum workdays_level l);

#endif
