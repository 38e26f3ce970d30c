/* SPDX-License-Identifier: Apache-2.0 */
/* settings_example.c - config/suraq.yaml, written from the option tables so that it
 * cannot fall behind them. Defaults stand as they are; what has none is shown commented
 * out. */
#include <string.h>

#include "loop/settings.h"
#include "loop/settings_table.h"

/* How many sections `path` shares with the row before it. */
static size_t
shared_depth(const char *before, const char *path)
{
    size_t depth = 0;

    for (size_t i = 0; before[i] != '\0' && before[i] == path[i]; i++)
        depth += path[i] == '.';
    return depth;
}

static void
indent(struct buf *out, size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        buf_add_cstr(out, "  ");
}

/* Opens the sections that the row before did not have open. */
static struct str
open_sections(struct buf *out, const char *before, const char *path, size_t *depth)
{
    struct str rest = str_from(path), part;
    size_t open = shared_depth(before, path);

    *depth = 0;
    while (memchr(rest.p, '.', rest.len) != NULL) {
        (void)str_split(&rest, '.', &part);
        if (*depth >= open) {
            indent(out, *depth);
            buf_addf(out, "%.*s:\n", STR_ARG(part));
        }
        *depth += 1;
    }
    return rest;
}

static void
write_option(struct buf *out, const char *before, const struct option *o)
{
    size_t depth;
    struct str name = open_sections(out, before, o->path, &depth);

    indent(out, depth);
    buf_addf(out, "# %s%s%s\n", o->help, o->choices != NULL ? " One of: " : "",
             o->choices != NULL ? o->choices : "");
    indent(out, depth);
    if (o->fallback != NULL)
        buf_addf(out, "%.*s: %s\n", STR_ARG(name), o->fallback);
    else
        buf_addf(out, "# %.*s: %s\n", STR_ARG(name), o->example);
}

static void
write_keys(struct buf *out, const struct option *rows, size_t n, const char *first)
{
    for (size_t i = 0; i < n; i++) {
        const struct option *o = &rows[i];
        const char *words = i == 0 && first != NULL ? first : o->choices;
        buf_addf(out, "#   %-13s %s%s%s%s\n", o->path, o->help, words != NULL ? " (" : "",
                 words != NULL ? words : "", words != NULL ? ")" : "");
    }
}

void
settings_write_example(struct buf *out)
{
    const char *before = "";

    buf_add_cstr(out, "# Settings of one stream: `suraq run -c FILE`. Every line shows "
                      "its default; what has\n"
                      "# none is commented out. Any single value can be overridden by "
                      "the environment:\n"
                      "# SURAQ_LISTEN, SURAQ_JOURNAL_PATH. Secrets come from files, "
                      "never from here.\n\n");
    for (size_t i = 0; i < settings_n_options; i++) {
        write_option(out, before, &settings_options[i]);
        before = settings_options[i].path;
    }
    buf_add_cstr(out, "\n# The chats to read. Keys of a source:\n");
    write_keys(out, settings_source_options, settings_n_source_options,
               settings_source_kinds);
    buf_add_cstr(
        out,
        "sources:\n"
        "  # - {kind: twitch, channel: sko_police}\n"
        "  # - {kind: irc, url: 'wss://irc.example.kz/', channel: '#efir', nick: suraq}\n"
        "  - {kind: push}\n");
    buf_add_cstr(
        out, "\n# Who is told over HTTP when something happens. Keys of a webhook:\n");
    write_keys(out, settings_webhook_options, settings_n_webhook_options, NULL);
    buf_add_cstr(out,
                 "webhooks:\n"
                 "  # - {url: 'https://example.kz/hook', secret_file: /run/secrets/hook, "
                 "events: [question, urgent]}\n"
                 "  # - {preset: telegram, token_file: /run/secrets/bot, chat_id: "
                 "'-1001234567890', events: [urgent]}\n");
}
