/* SPDX-License-Identifier: Apache-2.0 */
/* irc_line.c - the grammar of IRC: ['@' tags SP] [':' source SP] command params [':'
 * last].
 *
 * Knows nothing of what the commands mean (irc.c does). Lenient as the wire is: several
 * spaces count as one, a missing value of a tag is an empty one, a tag given twice has
 * its last value, and only the space separates (a tab belongs to the word). Tags are
 * looked up in one walk over the line, because a busy chat brings thirty of them with
 * every message; their values are unescaped only where somebody wants them. */
#include "source/irc_line.h"

#include <ctype.h>

static const struct str tag_names[] = {
#define TAG_NAME(code, name) [code] = {.p = (name), .len = sizeof(name) - 1},
    IRC_TAG_MAP(TAG_NAME)
#undef TAG_NAME
};
_Static_assert(sizeof(tag_names) / sizeof(tag_names[0]) == IRC_TAG_COUNT,
               "one name a tag");

bool
irc_next_line(struct str *frame, struct str *line)
{
    size_t at = 0;
    while (at < frame->len && (frame->p[at] == '\r' || frame->p[at] == '\n'))
        at++;
    size_t end = at;
    while (end < frame->len && frame->p[end] != '\r' && frame->p[end] != '\n')
        end++;
    *line = (struct str){.p = frame->p + at, .len = end - at};
    *frame = (struct str){.p = frame->p + end, .len = frame->len - end};
    return line->len > 0;
}

/* Cuts the word before the next space off `rest`, and the spaces behind it. */
static struct str
next_word(struct str *rest)
{
    const char *space = rest->len > 0 ? memchr(rest->p, ' ', rest->len) : NULL;
    size_t len = space == NULL ? rest->len : (size_t)(space - rest->p);
    struct str word = {.p = rest->p, .len = len};
    while (len < rest->len && rest->p[len] == ' ')
        len++;
    *rest = (struct str){.p = rest->p + len, .len = rest->len - len};
    return word;
}

static void
parse_tags(struct str tags, struct irc_line *l)
{
    struct str tag;
    while (str_split(&tags, ';', &tag)) {
        const char *eq = tag.len > 0 ? memchr(tag.p, '=', tag.len) : NULL;
        struct str name = {.p = tag.p,
                           .len = eq == NULL ? tag.len : (size_t)(eq - tag.p)};
        struct str value = {.p = name.p + name.len, .len = 0};
        if (eq != NULL)
            value = (struct str){.p = eq + 1, .len = tag.len - name.len - 1};
        for (size_t i = 0; i < IRC_TAG_COUNT; i++)
            if (name.len == tag_names[i].len &&
                memcmp(name.p, tag_names[i].p, name.len) == 0)
                l->tags[i] = value;
    }
}

static bool
is_command(struct str s)
{
    size_t letters = 0, digits = 0;
    for (size_t i = 0; i < s.len; i++) {
        letters += isalpha((unsigned char)s.p[i]) != 0;
        digits += isdigit((unsigned char)s.p[i]) != 0;
    }
    return s.len > 0 && (letters == s.len || (digits == s.len && s.len == 3));
}

int
irc_parse(struct str line, struct irc_line *l, struct err *e)
{
    *l = (struct irc_line){.n_params = 0};
    struct str rest = line;
    if (rest.len > 0 && rest.p[0] == '@') {
        struct str tags = next_word(&rest);
        parse_tags((struct str){.p = tags.p + 1, .len = tags.len - 1}, l);
    }
    while (rest.len > 0 && rest.p[0] == ' ')
        next_word(&rest);
    if (rest.len > 0 && rest.p[0] == ':') {
        l->source = next_word(&rest);
        l->source = (struct str){.p = l->source.p + 1, .len = l->source.len - 1};
    }
    l->command = next_word(&rest);
    if (!is_command(l->command))
        return err_set(e, ERR_PARSE, "an IRC line without a command");
    while (rest.len > 0 && l->n_params < IRC_PARAMS) {
        if (rest.p[0] == ':') {
            l->params[l->n_params++] = (struct str){.p = rest.p + 1, .len = rest.len - 1};
            return 0;
        }
        l->params[l->n_params++] = next_word(&rest);
    }
    return 0;
}

struct str
irc_param(const struct irc_line *l, size_t i)
{
    return i < l->n_params ? l->params[i] : STR_NONE;
}

struct str
irc_nick(struct str source)
{
    struct str rest = source, nick = STR_NONE, user;
    if (!str_split(&rest, '!', &nick) || nick.len > 0)
        return nick;
    return str_split(&rest, '@', &user) ? user : STR_NONE;
}

/* What was added to the pool since it had `start` bytes. */
static struct str
added(const struct buf *pool, size_t start)
{
    if (pool->len == start)
        return STR_NONE;
    return (struct str){.p = pool->data + start, .len = pool->len - start};
}

struct str
irc_unescape(struct str raw, struct buf *pool)
{
    if (raw.len == 0 || memchr(raw.p, '\\', raw.len) == NULL)
        return raw;
    size_t start = pool->len;
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.p[i] != '\\') {
            buf_add_char(pool, raw.p[i]);
            continue;
        }
        if (++i == raw.len)
            break;
        static const char from[] = ":srn", to[] = "; \r\n";
        const char *known = strchr(from, raw.p[i]);
        if (known != NULL && *known != '\0')
            buf_add_char(pool, to[known - from]);
        else
            buf_add_char(pool, raw.p[i]);
    }
    return added(pool, start);
}

/* Length of the colour that follows a \x03: "", "4", "04", "04,12". */
static size_t
colour_len(struct str s)
{
    size_t n = 0;
    while (n < 2 && n < s.len && isdigit((unsigned char)s.p[n]))
        n++;
    if (n == 0 || n + 1 >= s.len || s.p[n] != ',' || !isdigit((unsigned char)s.p[n + 1]))
        return n;
    n += 2;
    return n < s.len && isdigit((unsigned char)s.p[n]) ? n + 1 : n;
}

/* Length of the colour that follows a \x04: six hexadecimal digits or nothing. */
static size_t
hex_colour_len(struct str s)
{
    size_t n = 0;
    while (n < 6 && n < s.len && isxdigit((unsigned char)s.p[n]))
        n++;
    return n == 6 ? n : 0;
}

static bool
has_codes(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] < 0x20)
            return true;
    return false;
}

struct str
irc_plain(struct str text, struct buf *pool)
{
    static const char codes[] = {0x02, 0x0f, 0x11, 0x16, 0x1d, 0x1e, 0x1f};
    if (!has_codes(text))
        return text;
    size_t start = pool->len;
    for (size_t i = 0; i < text.len; i++) {
        struct str rest = {.p = text.p + i + 1, .len = text.len - i - 1};
        if (text.p[i] == 0x03)
            i += colour_len(rest);
        else if (text.p[i] == 0x04)
            i += hex_colour_len(rest);
        else if (memchr(codes, text.p[i], sizeof(codes)) == NULL)
            buf_add_char(pool, text.p[i]);
    }
    return added(pool, start);
}
