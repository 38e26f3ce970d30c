/* SPDX-License-Identifier: Apache-2.0 */
/* workdays.c - counting working days over a calendar.
 *
 * A calendar is two sorted lists of days: off (holidays, and days off that were moved to
 * a working day) and work (a Saturday or Sunday that is worked instead). What stands in
 * neither is off when it is a Saturday or a Sunday. Days are counted with the proleptic
 * Gregorian calendar in whole numbers, so no clock and no zone comes in but in
 * workdays_day_of(). A calendar is small (some thirty days a year), so lists do. */
#include "base/workdays.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bounds.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/yaml.h"

struct days {
    int64_t *items; /* owned; sorted */
    size_t n;
};

struct workdays {
    struct days off, work;
    int64_t first_year, last_year; /* that the lists speak of */
};

/* --- days as numbers */

enum { MONDAY_OFFSET = 3 /* 1970-01-01 was a Thursday */ };

static int64_t
day_number(int64_t year, unsigned month, unsigned day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void
split_day(int64_t number, int64_t *year, unsigned *month, unsigned *day)
{
    int64_t z = number + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    *month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}

static int64_t
year_of(int64_t number)
{
    int64_t year;
    unsigned month, day;

    split_day(number, &year, &month, &day);
    return year;
}

static bool
is_weekend(int64_t day)
{
    int64_t of_week = (day + MONDAY_OFFSET) % 7;

    return (of_week < 0 ? of_week + 7 : of_week) >= 5;
}

int
workdays_day(struct str s, int64_t *day, struct err *e)
{
    struct str rest = s, part[3];
    uint64_t number[3] = {0};
    struct err bad = ERR_INIT;
    bool good = s.len == WORKDAYS_LEN;

    for (int i = 0; i < 3; i++)
        good = good && str_split(&rest, '-', &part[i]) &&
               str_to_u64(part[i], 9999, &number[i], &bad) == 0;
    good = good && part[0].len == 4 && part[1].len == 2 && number[0] >= 1970 &&
           number[1] >= 1 && number[1] <= 12 && number[2] >= 1;
    if (good) {
        int64_t year;
        unsigned month, of_month;
        *day = day_number((int64_t)number[0], (unsigned)number[1], (unsigned)number[2]);
        split_day(*day, &year, &month, &of_month);
        good = month == number[1] && of_month == number[2]; /* no 31st of April */
    }
    return good ? 0
                : err_set(e, ERR_VALUE, "'%.*s' is no date: write it as 2026-11-24",
                          STR_ARG(s));
}

static void
write_digits(char *out, uint64_t value, int digits)
{
    while (digits-- > 0) {
        out[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

void
workdays_write(int64_t number, char out[WORKDAYS_LEN + 1])
{
    int64_t year;
    unsigned month, day;

    split_day(number, &year, &month, &day);
    memcpy(out, "0000-00-00", WORKDAYS_LEN + 1);
    write_digits(out, (uint64_t)year, 4);
    write_digits(out + 5, month, 2);
    write_digits(out + 8, day, 2);
}

int64_t
workdays_day_of(int64_t wall_ms)
{
    time_t at = (time_t)(wall_ms / 1000);
    struct tm tm = {.tm_mday = 1};

    (void)localtime_r(&at, &tm);
    return day_number((int64_t)tm.tm_year + 1900, (unsigned)tm.tm_mon + 1,
                      (unsigned)tm.tm_mday);
}

/* --- reading a calendar */

static int
by_day(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static bool
holds(const struct days *d, int64_t day)
{
    return d->n > 0 && bsearch(&day, d->items, d->n, sizeof(day), by_day) != NULL;
}

static int
bad_node(const char *name, const struct yaml *at, struct err *e, const char *what)
{
    return err_set(e, ERR_VALUE, "%s:%d:%d: %s", name, at->line, at->column, what);
}

/* The value of a key of a map; NULL: it has none. */
static const struct yaml *
value_of(const struct yaml *map, const char *key)
{
    for (const struct yaml *k = map->first; k != NULL; k = k->next->next) {
        if (str_eq(k->text, str_from(key)))
            return k->next;
    }
    return NULL;
}

/* A day stands alone, or as {day: 2026-01-01, name: ...}. */
static int
read_day(const char *name, const struct yaml *node, struct days *out, struct err *e)
{
    const struct yaml *at = node->type == YAML_MAP ? value_of(node, "day") : node;
    struct err why = ERR_INIT;
    int64_t day;

    if (at == NULL || at->type != YAML_SCALAR)
        return bad_node(name, node, e, "give the day, as 2026-01-01");
    if (workdays_day(at->text, &day, &why) < 0)
        return bad_node(name, at, e, why.msg);
    if (out->n == BOUNDS_CALENDAR)
        return bad_node(name, at, e, "too many days");
    out->items = mem_resize(out->items, out->n + 1, sizeof(*out->items));
    out->items[out->n++] = day;
    return 0;
}

static int
read_days(const char *name, const struct yaml *list, struct days *out, struct err *e)
{
    if (list->type != YAML_LIST)
        return bad_node(name, list, e, "this must be a list of days");
    for (const struct yaml *one = list->first; one != NULL; one = one->next) {
        if (read_day(name, one, out, e) < 0)
            return -1;
    }
    if (out->n > 0)
        qsort(out->items, out->n, sizeof(*out->items), by_day);
    return 0;
}

static int
read_calendar(const char *name, const struct yaml *root, struct workdays *w,
              struct err *e)
{
    if (root == NULL || root->type != YAML_MAP)
        return err_set(e, ERR_PARSE, "%s: a calendar has the keys off and work", name);
    for (const struct yaml *k = root->first; k != NULL; k = k->next->next) {
        int rc = 0;
        if (str_eq(k->text, STR_LIT("off")))
            rc = read_days(name, k->next, &w->off, e);
        else if (str_eq(k->text, STR_LIT("work")))
            rc = read_days(name, k->next, &w->work, e);
        else if (!str_eq(k->text, STR_LIT("name")) &&
                 !str_eq(k->text, STR_LIT("checked")))
            rc = bad_node(name, k, e, "a calendar has name, checked, off and work");
        if (rc < 0)
            return -1;
    }
    for (size_t i = 0; i < w->work.n; i++) {
        if (holds(&w->off, w->work.items[i]))
            return err_set(e, ERR_VALUE, "%s: a day is both off and worked", name);
    }
    if (w->off.n == 0)
        return err_set(e, ERR_VALUE, "%s: no day is off", name);
    w->first_year = year_of(w->off.items[0]);
    w->last_year = year_of(w->off.items[w->off.n - 1]);
    return 0;
}

struct workdays *
workdays_parse(const char *name, struct str text, struct err *e)
{
    struct yaml_error ye = {0};
    struct yaml_doc *doc = yaml_parse(text, &ye);

    if (doc == NULL) {
        (void)err_set(e, ERR_PARSE, "%s:%d:%d: %s", name, ye.line, ye.column, ye.text);
        return NULL;
    }
    struct workdays *w = mem_zalloc(sizeof(*w));
    if (read_calendar(name, yaml_root(doc), w, e) < 0)
        workdays_free(&w);
    yaml_free(&doc);
    return w;
}

static bool
is_path(const char *name)
{
    size_t len = strlen(name);

    return strchr(name, '/') != NULL || (len > 5 && strcmp(name + len - 5, ".yaml") == 0);
}

struct workdays *
workdays_open(const char *name, struct err *e)
{
    struct buf text = BUF_INIT;
    struct workdays *w = NULL;
    const char *built_in = is_path(name) ? NULL : workdays_built_in(name);

    if (built_in != NULL)
        w = workdays_parse(name, str_from(built_in), e);
    else if (!is_path(name))
        (void)err_set(e, ERR_VALUE, "there is no calendar '%s': kz, or a file", name);
    else if (file_read(name, BOUNDS_SETTINGS_FILE, &text, e) == 0)
        w = workdays_parse(name, buf_str(&text), e);
    buf_fini(&text);
    return w;
}

void
workdays_free(struct workdays **wp)
{
    if (*wp == NULL)
        return;
    mem_free((*wp)->off.items);
    mem_free((*wp)->work.items);
    MEM_FREE(*wp);
}

/* --- counting */

bool
workdays_is_off(const struct workdays *w, int64_t day)
{
    if (w != NULL && holds(&w->off, day))
        return true;
    return is_weekend(day) && (w == NULL || !holds(&w->work, day));
}

/* Not every day is off for ever: the lists are bounded. */
int64_t
workdays_end(const struct workdays *w, int64_t day)
{
    while (workdays_is_off(w, day))
        day++;
    return day;
}

int64_t
workdays_add(const struct workdays *w, int64_t day, unsigned n)
{
    while (n-- > 0)
        day = workdays_end(w, day + 1);
    return day;
}

int
workdays_left(const struct workdays *w, int64_t today, int64_t due)
{
    int64_t from = today < due ? today : due, to = today < due ? due : today;
    int n = 0;

    if (to - from > BOUNDS_TERM_DAYS)
        to = from + BOUNDS_TERM_DAYS;
    for (int64_t day = from + 1; day <= to; day++)
        n += !workdays_is_off(w, day);
    /* On the days off behind the last one it is late already, if by no working day. */
    return today <= due ? n : n == 0 ? -1 : -n;
}

bool
workdays_knows(const struct workdays *w, int64_t day)
{
    return w != NULL && year_of(day) >= w->first_year && year_of(day) <= w->last_year;
}

enum workdays_level
workdays_level(int left)
{
    if (left < 0)
        return WORKDAYS_RED;
    return left <= WORKDAYS_AMBER_DAYS ? WORKDAYS_AMBER : WORKDAYS_NONE;
}

const char *
workdays_level_name(enum workdays_level l)
{
#define LEVEL_NAME(code, name) name,
    static const char *const names[] = {WORKDAYS_LEVEL_MAP(LEVEL_NAME)};
#undef LEVEL_NAME

    return names[l];
}
