/* SPDX-License-Identifier: Apache-2.0 */
/* irc_target.c - from what a person pastes to the channel that is meant: a name, with or
 * without its sign, or a link as the browser shows it. What is neither is refused here,
 * before it could get into a line of IRC: a space or a comma would be another parameter
 * or another channel. Pure. */
#include "source/irc_target.h"

bool
irc_is_word(struct str s, const char *forbidden)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f || strchr(forbidden, s.p[i]))
            return false;
    return s.len > 0;
}

/* What follows the last slash or '#' of a link, else the text itself. */
static struct str
tail(struct str text)
{
    for (size_t i = text.len; i > 0; i--)
        if (text.p[i - 1] == '/')
            return (struct str){.p = text.p + i, .len = text.len - i};
    return text;
}

int
irc_target_channel(struct str text, struct buf *out, struct err *e)
{
    struct str name = text;
    if (str_has_prefix(text, STR_LIT("irc://")) ||
        str_has_prefix(text, STR_LIT("ircs://")))
        name = tail(text);
    if (!irc_is_word(name, ",") || name.len > 200 || name.p[0] == ':')
        return err_set(e, ERR_VALUE, "'%.*s' is no channel", STR_ARG(text));
    if (strchr("#&+!", name.p[0]) == NULL)
        buf_add_char(out, '#');
    buf_add_str(out, name);
    return 0;
}

static bool
skip_prefix(struct str *s, struct str prefix)
{
    if (s->len < prefix.len ||
        !str_eq_ascii_nocase((struct str){.p = s->p, .len = prefix.len}, prefix))
        return false;
    *s = (struct str){.p = s->p + prefix.len, .len = s->len - prefix.len};
    return true;
}

int
irc_target_twitch(struct str text, struct buf *out, struct err *e)
{
    struct str rest = text;
    bool link =
        skip_prefix(&rest, STR_LIT("https://")) || skip_prefix(&rest, STR_LIT("http://"));
    (void)(skip_prefix(&rest, STR_LIT("www.")) || skip_prefix(&rest, STR_LIT("m.")));
    bool site = skip_prefix(&rest, STR_LIT("twitch.tv/"));
    if (site)
        (void)skip_prefix(&rest, STR_LIT("popout/"));
    else if (!link && rest.len == text.len && !skip_prefix(&rest, STR_LIT("#")))
        (void)skip_prefix(&rest, STR_LIT("@"));
    size_t len = 0;
    while (len < rest.len && strchr("/?#", rest.p[len]) == NULL)
        len++;
    bool ok = len >= 1 && len <= 25 && link <= site && (site || len == rest.len);
    for (size_t i = 0; ok && i < len; i++) {
        char c = rest.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 'a' - 'A');
        ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        buf_add_char(out, c);
    }
    return ok ? 0 : err_set(e, ERR_VALUE, "'%.*s' is no Twitch channel", STR_ARG(text));
}
