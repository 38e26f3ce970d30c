/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.c - counters, and the page that Prometheus reads (text format 0.0.4).
 *
 * Counters count since the start of the process, as Prometheus expects; what is in the
 * queue is read when asked. Label values are names that people gave, so they are escaped.
 */
#include "serve/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loop/mailbox.h"
#include "serve/front.h"

static void
count_source(struct metrics *m, struct str name)
{
    size_t i = 0;

    while (i < m->n_sources && !str_eq(str_from(m->source[i].name), name))
        i++;
    if (i == m->n_sources) {
        if (i == sizeof(m->source) / sizeof(m->source[0]) ||
            name.len > BOUNDS_SOURCE_NAME)
            return;
        memcpy(m->source[i].name, name.p, name.len);
        m->n_sources++;
    }
    m->source[i].messages++;
}

void
metrics_event(struct metrics *m, const struct event *ev, int64_t now_ms)
{
    static const struct str prefix = {.p = "source:", .len = 7};
    struct str actor = str_from(ev->actor);

    m->events[ev->kind]++;
    if (m->applied_ms == 0)
        m->applied_ms = now_ms;
    if (ev->kind == EVENT_MESSAGE || ev->kind == EVENT_ASK || ev->kind == EVENT_CREATE ||
        ev->kind == EVENT_EDIT)
        m->judged++;
    if (ev->kind == EVENT_MESSAGE && str_has_prefix(actor, prefix))
        count_source(m, (struct str){actor.p + prefix.len, actor.len - prefix.len});
}

void
metrics_durable(struct metrics *m, uint64_t seq, uint64_t newest, int64_t now_ms)
{
    m->applied_ms = seq >= newest ? 0 : now_ms;
}

void
metrics_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_addf(out, "# HELP suraq_%s %s\n# TYPE suraq_%s %s\n", name, help, name, type);
}

static void
value(struct buf *out, const char *name, const char *type, const char *help, uint64_t n)
{
    metrics_head(out, name, type, help);
    buf_addf(out, "suraq_%s %" PRIu64 "\n", name, n);
}

void
metrics_row(struct buf *out, const char *name, const char *label, const char *text,
            uint64_t n)
{
    buf_addf(out, "suraq_%s{%s=\"", name, label);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *p);
    }
    buf_addf(out, "\"} %" PRIu64 "\n", n);
}

static uint64_t
resident_bytes(void)
{
    char line[128] = "";
    FILE *file = fopen("/proc/self/statm", "re");

    if (file == NULL)
        return 0;
    struct str rest = str_from(fgets(line, sizeof(line), file)), size, resident;
    uint64_t n = 0;
    (void)fclose(file);
    if (!str_split(&rest, ' ', &size) || !str_split(&rest, ' ', &resident) ||
        str_to_u64(resident, UINT32_MAX, &n, NULL) < 0)
        return 0;
    return n * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void
write_queue(struct front *f, struct buf *out)
{
    struct journal *j = stream_journal(f->conf.stream);
    uint64_t seq = queue_seq(stream_queue(f->conf.stream));
    uint64_t durable = stream_durable(f->conf.stream);
    int64_t now = clock_mono_ms(f->conf.clock);
    int64_t lag = f->metrics.applied_ms == 0 ? 0 : now - f->metrics.applied_ms;

    metrics_head(out, "questions", "gauge",
                 "Questions by status (finished: of this broadcast).");
    for (unsigned s = 0; s < TALLY_STATUSES; s++)
        metrics_row(out, "questions", "status", status_name((enum status)s),
                    f->tally.count[s]);
    value(out, "event_seq", "counter", "Number of the newest event.", seq);
    value(out, "event_durable_seq", "counter", "Number of the newest event on disk.",
          durable);
    value(out, "journal_pending_bytes", "gauge", "Appended and not on disk yet.",
          journal_pending(j));
    metrics_head(out, "journal_lag_seconds", "gauge",
                 "How long events have been waiting for the disk.");
    buf_addf(out, "suraq_journal_lag_seconds %.3f\n", (double)lag / 1000.0);
}

static void
write_traffic(struct front *f, struct buf *out)
{
    const struct metrics *m = &f->metrics;

    metrics_head(out, "messages_total", "counter", "Chat messages taken, by source.");
    for (size_t i = 0; i < m->n_sources; i++)
        metrics_row(out, "messages_total", "source", m->source[i].name,
                    m->source[i].messages);
    value(out, "judged_total", "counter", "Texts judged by the filters.", m->judged);
    metrics_head(out, "events_total", "counter", "Events by kind.");
    for (unsigned k = 0; k < EVENT_KINDS; k++)
        metrics_row(out, "events_total", "kind", event_kind_name((enum event_kind)k),
                    m->events[k]);
    value(out, "http_requests_total", "counter", "Requests answered.", m->requests);
    value(out, "http_problems_total", "counter", "Requests answered with an error.",
          m->problems);
    metrics_head(out, "live_clients", "gauge", "Open live connections, by view.");
    for (unsigned v = 0; v < VIEWS; v++)
        metrics_row(out, "live_clients", "view", view_name((enum view)v),
                    live_clients(f->live, (enum view)v));
}

void
metrics_write(struct front *f, struct buf *out)
{
    metrics_head(out, "build_info", "gauge", "The version that runs.");
    metrics_row(out, "build_info", "version", SURAQ_VERSION, 1);
    metrics_head(out, "start_time_seconds", "gauge",
                 "When the process began, Unix time.");
    buf_addf(out, "suraq_start_time_seconds %.3f\n",
             (double)f->metrics.started_ms / 1000.0);
    value(out, "resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
    value(out, "mailbox_depth", "gauge", "Calls from other threads waiting for the loop.",
          mailbox_count(loop_mailbox(f->conf.loop)));
    write_queue(f, out);
    write_traffic(f, out);
    if (f->conf.health.metrics != NULL)
        f->conf.health.metrics(f->conf.health.arg, out);
}
