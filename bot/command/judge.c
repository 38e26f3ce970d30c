/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - `suraq judge`: messages in (NDJSON), verdicts out, one line for each line
 * that is not blank, in order. A line that cannot be read gets an answer too, and the
 * work goes on. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/wrap.h"
#include "command/commands.h"
#include "command/filter_set.h"
#include "command/messages.h"
#include "command/options.h"
#include "command/progress.h"
#include "judge/explain.h"

enum { CHUNK = 64 * 1024 };

struct job {
    struct judge *judge;
    struct judge_scratch *scratch;
    struct verdict verdict;
    struct buf out;
    bool explain;
    unsigned width; /* with explain */
    struct messages in;
    struct progress progress;
    uint64_t messages, questions, held, errors;
};

static void
write_error(struct job *job, const struct err *e)
{
    job->errors++;
    if (job->explain) {
        buf_addf(&job->out, "line %" PRIu64 "\nerror     ", job->in.number);
        wrap_add(&job->out, str_from(e->msg), 10, job->width);
        buf_add_cstr(&job->out, "\n\n");
        return;
    }
    buf_addf(&job->out, "{\"line\":%" PRIu64 ",\"error\":", job->in.number);
    buf_add_json(&job->out, str_from(e->msg));
    buf_add_cstr(&job->out, "}\n");
}

/* For a person: how it was read, what hit, what came of it; a blank line behind. */
static void
write_explanation(struct job *job, const struct message *m)
{
    struct buf *b = &job->out;

    buf_addf(b, "line %" PRIu64, job->in.number);
    if (m->id.len > 0)
        buf_add_cstr(b, ", message ");
    buf_add_escaped(b, m->id);
    buf_add_char(b, '\n');
    struct explain x = {.judge = job->judge,
                        .scratch = job->scratch,
                        .verdict = &job->verdict,
                        .text = m->text,
                        .lang = options_lang(),
                        .width = job->width};
    judge_explain(&x, b);
    buf_add_char(b, '\n');
}

static void
judge_message(struct job *job, const struct message *m)
{
    struct verdict *v = &job->verdict;

    judge_text(job->judge, job->scratch, m->text, v);
    if (m->repaired && v->held == NULL)
        v->held = "bad_text";
    job->messages++;
    job->questions += v->question;
    job->held += v->held != NULL;
    if (job->explain) {
        write_explanation(job, m);
        return;
    }
    buf_add_char(&job->out, '{');
    if (m->id.len > 0) {
        buf_add_cstr(&job->out, "\"id\":");
        buf_add_json(&job->out, m->id);
        buf_add_char(&job->out, ',');
    }
    verdict_write_json(v, &job->out);
    buf_add_cstr(&job->out, "}\n");
}

static int
judge_line(void *arg, const struct message *m, const struct err *why, struct err *e)
{
    struct job *job = arg;

    if (m == NULL) {
        write_error(job, why);
    } else if (m->kind == MESSAGE_CHAT) {
        judge_message(job, m);
    } else if (!job->explain) {
        buf_add_cstr(&job->out, "{\"deleted\":");
        buf_add_json(&job->out, m->kind == MESSAGE_DELETE ? m->id : m->author_id);
        buf_add_cstr(&job->out, "}\n");
    }
    return job->out.len >= CHUNK ? options_write(&job->out, e) : 0;
}

static int
judge_pause(void *arg, struct err *e)
{
    struct job *job = arg;

    if (options_write(&job->out, e) < 0)
        return -1;
    progress_show(&job->progress, job->in.bytes, job->in.size, job->messages);
    return 0;
}

static int
run(struct job *job, const char *path, bool stats)
{
    struct err e = ERR_INIT;
    int64_t begin = clock_mono_ms(clock_system());

    job->scratch = judge_scratch_new();
    job->width = options_width();
    buf_reserve(&job->out, 1);
    job->in = (struct messages){.line = judge_line, .pause = judge_pause, .arg = job};
    progress_begin(&job->progress, "messages", STDOUT_FILENO);
    int rc = messages_read(&job->in, path, &e);
    progress_end(&job->progress);
    int64_t took = clock_mono_ms(clock_system()) - begin;
    judge_scratch_free(&job->scratch);
    buf_fini(&job->out);
    if (rc < 0)
        return options_fail("judge", &e, EXIT_RUNTIME);
    (void)fprintf(stderr,
                  "%" PRIu64 " messages, %" PRIu64 " questions, %" PRIu64
                  " held, %" PRIu64 " errors\n",
                  job->messages, job->questions, job->held, job->errors);
    if (stats)
        (void)fprintf(stderr, "%.0f messages/s in %.2f s\n",
                      (double)job->messages * 1000.0 / (double)(took < 1 ? 1 : took),
                      (double)took / 1000.0);
    return EXIT_DONE;
}

static int
exec_judge(int argc, char **argv)
{
    static const struct option options[] = {{"filters", required_argument, NULL, 'f'},
                                            {"stats", no_argument, NULL, 's'},
                                            {"explain", no_argument, NULL, 'e'},
                                            {0}};
    static char fallback[] = "filters";
    char *folders[16];
    size_t n = 0;
    const char *config = NULL;
    struct job job = {.messages = 0};
    struct err e = ERR_INIT;
    bool stats = false;
    int c;

    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        if (c == 'f' && n < sizeof(folders) / sizeof(folders[0]))
            folders[n++] = optarg;
        else if (c == 'c')
            config = optarg;
        else if (c == 's')
            stats = true;
        else if (c == 'e')
            job.explain = true;
        else
            return options_usage(&command_judge);
    }
    if (argc - optind > 1)
        return options_usage(&command_judge);
    struct settings *s = config == NULL ? NULL : options_settings(config);
    if (config != NULL && s == NULL)
        return EXIT_SETTINGS;
    for (size_t i = 0;
         s != NULL && i < s->n_filters && n < sizeof(folders) / sizeof(folders[0]); i++)
        folders[n++] = s->filters[i];
    if (n == 0)
        folders[n++] = fallback;
    job.judge = filter_set_judge(folders, n, &e);
    int status = job.judge == NULL
                     ? options_fail("judge", &e, EXIT_SETTINGS)
                     : run(&job, optind < argc ? argv[optind] : NULL, stats);
    judge_unref(&job.judge);
    settings_free(&s);
    return status;
}

const struct subcommand command_judge = {
    .name = "judge",
    .args = "[-c FILE | --filters DIR]... [--stats] [--explain] [FILE]",
    .summary = "messages in (NDJSON), verdicts out",
    .help = "Reads FILE or standard input. --explain writes for a person instead: how "
            "the text was\n"
            "read, which rules hit with which piece of it and which score, the sums "
            "against their\n"
            "thresholds, the verdict, and the text that public surfaces show. --stats "
            "adds the speed.",
    .exec = exec_judge,
};
