/* SPDX-License-Identifier: Apache-2.0 */
/* setup_house.c - the part of the checklist that is about the machine and what it keeps:
 * disk, journal, clock, locale, accounts, address, filters, rehearsal. */
#include <string.h>

#include "judge/rules.h"
#include "serve/setup_list.h"

enum {
    DISK_HOURS = 12,      /* a day of broadcasts should fit twice */
    BUSY_PER_MINUTE = 60, /* what a lively chat writes, when it is quiet now */
    EVENT_BYTES = 1500,   /* one line with its verdict, before we know better */
    BACKUP_DAYS = 7,
    WARNINGS_MAX = 16
};

static uint64_t
lines_per_hour(const struct setup_list *l)
{
    const struct server_sources *s = &l->front->conf.sources;
    size_t n = s->count == NULL ? 0 : s->count(s->arg);
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        struct view_source one = {.name = NULL};
        s->get(s->arg, i, &one);
        sum += one.status.per_minute;
    }
    return 60 * (sum > BUSY_PER_MINUTE ? (uint64_t)sum : BUSY_PER_MINUTE);
}

/* How long the disk lasts at the pace of now, by what an event has cost so far. */
static void
check_disk(struct setup_list *l)
{
    const struct server_facts *f = &l->facts;
    uint64_t seq = queue_seq(stream_queue(l->front->conf.stream));
    uint64_t each = seq < 1000 ? EVENT_BYTES : f->journal_bytes / seq + 1;
    uint64_t room = f->free_bytes > f->min_free ? f->free_bytes - f->min_free : 0;
    uint64_t hours = room / each / lines_per_hour(l);

    setup_begin(l, "disk", NULL);
    setup_number(l, "free", f->free_bytes);
    setup_number(l, "min_free", f->min_free);
    setup_number(l, "hours", hours < 100000 ? hours : 100000);
    if (f->intake_closed || room == 0)
        setup_end(l, SETUP_FAIL, "disk.full");
    else if (hours < DISK_HOURS)
        setup_end(l, SETUP_WARN, "disk.low");
    else
        setup_end(l, SETUP_OK, "disk.room");
}

static void
check_journal(struct setup_list *l)
{
    const struct server_health *h = &l->front->conf.health;
    struct stream *s = l->front->conf.stream;
    struct err e = ERR_INIT;
    size_t waiting = journal_pending(stream_journal(s));
    bool down = h->ready != NULL && h->ready(h->arg, &e) < 0;

    setup_begin(l, "journal", NULL);
    setup_text(l, "kind", l->facts.journal_kind);
    setup_number(l, "bytes", l->facts.journal_bytes);
    setup_number(l, "events", queue_seq(stream_queue(s)));
    setup_number(l, "waiting", waiting);
    setup_age(l, l->front->metrics.durable_ms);
    if (down)
        setup_end(l, SETUP_FAIL, "journal.down");
    else
        setup_end(l, waiting > BOUNDS_PENDING / 4 ? SETUP_WARN : SETUP_OK,
                  waiting > BOUNDS_PENDING / 4 ? "journal.behind" : "journal.written");
}

static void
check_backup(struct setup_list *l)
{
    int64_t at = l->facts.backup_ms;
    bool old = l->now_ms - at > (int64_t)BACKUP_DAYS * 24 * 3600 * 1000;

    setup_begin(l, "backup", NULL);
    setup_age(l, at);
    setup_end(l, old ? SETUP_WARN : SETUP_OK,
              at == 0 ? "backup.none"
              : old   ? "backup.old"
                      : "backup.made");
}

static void
check_clock(struct setup_list *l)
{
    const char *zone = l->front->conf.timezone, *here = l->facts.system_zone;
    int synced = l->facts.clock_synced;

    setup_begin(l, "zone", NULL);
    setup_text(l, "stream", zone);
    setup_text(l, "system", here[0] == '\0' ? NULL : here);
    if (!l->facts.zone_known)
        setup_end(l, SETUP_FAIL, "zone.unknown");
    else
        setup_end(l, SETUP_OK,
                  zone != NULL && strcmp(zone, here) == 0 ? "zone.same" : "zone.differs");
    setup_begin(l, "clock", NULL);
    setup_end(l, synced == 1 ? SETUP_OK : SETUP_WARN,
              synced == 1   ? "clock.synced"
              : synced == 0 ? "clock.free"
                            : "clock.unknown");
    setup_begin(l, "locale", NULL);
    setup_text(l, "codeset", l->facts.codeset);
    bool utf8 = strcmp(l->facts.codeset, "UTF-8") == 0;
    setup_end(l, utf8 ? SETUP_OK : SETUP_WARN, utf8 ? "locale.utf8" : "locale.other");
}

/* --- who may come in */

static void
check_accounts(struct setup_list *l)
{
    const struct account *users;
    size_t n = accounts_users(l->front->accounts, &users);
    size_t admins = 0, moderators = 0, officers = 0, closed = 0;
    bool demo = false;

    for (size_t i = 0; i < n; i++) {
        admins += users[i].role == ROLE_ADMIN;
        moderators += users[i].role == ROLE_MODERATOR;
        officers += users[i].role == ROLE_OFFICER;
        closed += users[i].password[0] == '\0';
        demo = demo || strcmp(users[i].name, "demo") == 0;
    }
    setup_begin(l, "accounts", NULL);
    setup_number(l, "admins", admins);
    setup_number(l, "moderators", moderators);
    setup_number(l, "officers", officers);
    setup_number(l, "without_password", closed);
    if (admins == 0)
        setup_end(l, SETUP_FAIL, "accounts.no_admin");
    else if (demo)
        setup_end(l, SETUP_WARN, "accounts.demo");
    else if (moderators == 0)
        setup_end(l, SETUP_WARN, "accounts.no_moderator");
    else
        setup_end(l, SETUP_OK, "accounts.there");
}

static void
check_tokens(struct setup_list *l)
{
    const struct account_token *tokens;
    size_t n = accounts_tokens(l->front->accounts, &tokens), overlay = 0;

    for (size_t i = 0; i < n; i++)
        overlay += tokens[i].role == ROLE_OVERLAY;
    setup_begin(l, "tokens", NULL);
    setup_number(l, "overlay", overlay);
    setup_number(l, "intake", n - overlay);
    setup_end(l, overlay == 0 ? SETUP_WARN : SETUP_OK,
              overlay == 0 ? "tokens.no_overlay" : "tokens.there");
}

static void
check_address(struct setup_list *l)
{
    const char *url = l->front->conf.public_url;
    bool https = url != NULL && strncmp(url, "https:", 6) == 0;

    setup_begin(l, "address", NULL);
    setup_text(l, "url", url);
    if (l->front->warn_no_tls)
        setup_end(l, SETUP_WARN, "address.no_tls");
    else if (url == NULL)
        setup_end(l, SETUP_WARN, "address.none");
    else
        setup_end(l, https ? SETUP_OK : SETUP_WARN,
                  https ? "address.https" : "address.http");
}

/* --- what is judged by */

/* Whether the process itself warns of it. */
static bool
is_warned_of(const struct setup_list *l, const char *code)
{
    const struct server_health *h = &l->front->conf.health;
    struct server_warning list[WARNINGS_MAX];
    size_t n = h->warnings == NULL ? 0 : h->warnings(h->arg, list, WARNINGS_MAX);

    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].code, code) == 0)
            return true;
    }
    return false;
}

static void
check_calendar(struct setup_list *l)
{
    bool old = is_warned_of(l, "calendar");

    setup_begin(l, "calendar", NULL);
    setup_end(l, old ? SETUP_WARN : SETUP_OK, old ? "calendar.old" : "calendar.known");
}

static size_t
count_warnings(const struct filters *f)
{
    const struct filters_issue *issues;
    size_t n = f == NULL ? 0 : filters_issues(f, &issues), warnings = 0;

    for (size_t i = 0; i < n; i++)
        warnings += issues[i].severity != FILTERS_NOTE;
    return warnings;
}

static size_t
count_quarantined(const struct judge *j, size_t rules)
{
    size_t n = 0;

    for (size_t i = 0; i < rules; i++)
        n += judge_rule_state(j, i).quarantined;
    return n;
}

static void
check_filters(struct setup_list *l)
{
    const struct rulebook *book = stream_rulebook(l->front->conf.stream);
    const struct judge *j = stream_filters(l->front->conf.stream);
    const struct rulebook_file *files;
    const struct judge_rule *rules;
    size_t n_rules = judge_rules(j, &rules);
    size_t warned = count_warnings(rulebook_filters(book));
    size_t stopped = count_quarantined(j, n_rules);

    setup_begin(l, "filters", NULL);
    setup_number(l, "files", rulebook_files(book, &files));
    setup_number(l, "rules", n_rules);
    setup_number(l, "warnings", warned);
    setup_number(l, "quarantined", stopped);
    if (n_rules == 0)
        setup_end(l, SETUP_FAIL, "filters.none");
    else if (is_warned_of(l, "filters"))
        setup_end(l, SETUP_WARN, "filters.idle");
    else if (stopped > 0)
        setup_end(l, SETUP_WARN, "filters.quarantined");
    else
        setup_end(l, warned > 0 ? SETUP_WARN : SETUP_OK,
                  warned > 0 ? "filters.warnings" : "filters.loaded");
}

void
setup_house(struct setup_list *l)
{
    check_disk(l);
    check_journal(l);
    check_backup(l);
    check_clock(l);
    check_accounts(l);
    check_tokens(l);
    check_address(l);
    check_filters(l);
    check_calendar(l);
}
