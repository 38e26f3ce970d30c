/* SPDX-License-Identifier: Apache-2.0 */
/* regex.c - the tokens of a pattern.
 *
 * Cautious in one direction: a set may be given larger than it is, and anything unusual
 * (conditions, verbs, callouts, \Q, extended mode) is strange and ends the reading. Case
 * does not matter here, since codes have none: (?i) and (?-i) change nothing that is
 * asked. A negated class is taken for "any character", unless it excludes all letters. */
#include "judge/regex.h"

#include "base/utf8.h"

#define RANGE_MAX 0x600 /* code points of a range that are looked at one by one */

static const struct code_set everything = {.letters = {UINT64_MAX, UINT64_MAX},
                                           .breaks = UINT64_MAX};

/* --- reading */

static bool
at_end(const struct regex *r)
{
    return r->pos >= r->text.len;
}

/* The byte `ahead` of the next one; 0 behind the end. */
static char
peek_at(const struct regex *r, size_t ahead)
{
    if (r->text.len - r->pos <= ahead)
        return '\0';
    return r->text.p[r->pos + ahead];
}

static char
peek(const struct regex *r)
{
    return peek_at(r, 0);
}

static bool
take(struct regex *r, const char *what)
{
    size_t n = 0;
    while (what[n] != '\0' && peek_at(r, n) == what[n])
        n++;
    if (what[n] != '\0')
        return false;
    r->pos += n;
    return true;
}

static bool
skip_past(struct regex *r, char end)
{
    const char *found = memchr(r->text.p + r->pos, end, r->text.len - r->pos);
    if (found == NULL)
        return false;
    r->pos = (size_t)(found - r->text.p) + 1;
    return true;
}

static struct regex_token
token(enum regex_kind kind)
{
    return (struct regex_token){.kind = kind, .min = 1, .max = 1};
}

static struct regex_token
set_token(struct code_set set, bool every_letter)
{
    struct regex_token t = token(REGEX_SET);
    t.set = set;
    t.every_letter = every_letter;
    return t;
}

static struct regex_token
character(const struct regex *r, uint32_t cp)
{
    struct code_set set = CODE_SET_NONE;
    code_set_add(&set, alphabet_code(r->alphabet, cp));
    return set_token(set, false);
}

static struct regex_token
next_character(struct regex *r)
{
    if (at_end(r)) /* a class that is not closed, seen from the middle of one */
        return token(REGEX_STRANGE);
    int32_t cp = utf8_next(r->text, &r->pos);
    return cp < 0 ? token(REGEX_STRANGE) : character(r, (uint32_t)cp);
}

/* --- how often */

static bool
number(struct regex *r, uint32_t *out)
{
    size_t from = r->pos;
    uint64_t n = 0;
    for (; peek(r) >= '0' && peek(r) <= '9'; r->pos++)
        n = n > UINT16_MAX ? n : n * 10 + (uint64_t)(peek(r) - '0');
    *out = (uint32_t)n;
    return r->pos > from;
}

/* {n} {n,} {n,m}. False and nothing read when it is none of these. */
static bool
braces(struct regex *r, uint32_t *min, uint32_t *max)
{
    size_t from = r->pos;
    if (take(r, "{") && number(r, min)) {
        *max = *min;
        bool open = take(r, ",");
        if (open && !number(r, max))
            *max = UINT32_MAX;
        if (take(r, "}"))
            return true;
    }
    r->pos = from;
    return false;
}

/* Later versions of PCRE2 read {,3} and { 2 } as "how often" too. */
static bool
is_doubtful_brace(const struct regex *r)
{
    size_t i = r->pos + 1;
    while (i < r->text.len && strchr("0123456789, ", r->text.p[i]) != NULL)
        i++;
    return i < r->text.len && r->text.p[i] == '}' && i > r->pos + 1;
}

static struct regex_token
repeated(struct regex *r, struct regex_token t)
{
    char c = peek(r);
    if (c == '{') {
        if (!braces(r, &t.min, &t.max))
            return is_doubtful_brace(r) ? token(REGEX_STRANGE) : t;
    } else if (c == '*' || c == '+' || c == '?') {
        r->pos++;
        t.min = c == '+' ? t.min : 0;
        t.max = c == '?' ? t.max : UINT32_MAX;
    } else {
        return t;
    }
    c = peek(r);
    if (c == '+' || c == '?')
        r->pos++;
    return t;
}

/* --- escapes */

static struct regex_token
hexadecimal(struct regex *r)
{
    bool braced = take(r, "{");
    uint32_t cp = 0;
    size_t from = r->pos;
    for (; !at_end(r) && (braced || r->pos < from + 2); r->pos++) {
        char c = peek(r), low = (char)(c | 0x20);
        bool digit = c >= '0' && c <= '9';
        if (!digit && !(low >= 'a' && low <= 'f'))
            break;
        cp = cp << 4 | (uint32_t)(digit ? c - '0' : low - 'a' + 10);
        if (cp > 0x10FFFF)
            return token(REGEX_STRANGE);
    }
    if (braced && !take(r, "}"))
        return token(REGEX_STRANGE);
    return character(r, cp);
}

/* What follows \p or \P. Only the general categories that matter are told apart. */
static struct regex_token
property(struct regex *r, bool negated)
{
    bool braced = take(r, "{");
    if (braced && take(r, "^"))
        negated = !negated;
    size_t from = r->pos;
    if (!braced)
        r->pos += !at_end(r);
    else if (!skip_past(r, '}'))
        return token(REGEX_STRANGE);
    struct str name = {.p = r->text.p + from, .len = r->pos - from - braced};
    bool letters = str_eq(name, STR_LIT("L"));
    bool breaks = name.len > 0 && strchr("MNPSZ", name.p[0]) != NULL &&
                  (name.len == 1 || (name.len == 2 && name.p[1] >= 'a'));
    if (letters && !negated)
        return set_token(everything, true);
    if ((letters && negated) || (breaks && !negated))
        return set_token(CODE_SET_BREAKS, false);
    return set_token(everything, false);
}

/* A class escape, the same inside and outside of [...]; REGEX_STRANGE when it is none. */
static struct regex_token
class_escape(struct regex *r, char c)
{
    struct code_set set = CODE_SET_NONE;
    switch (c) {
    case 'd':
        code_set_add(&set, CODE_BREAK);
        code_set_add(&set, CODE_DIGIT);
        return set_token(set, false);
    case 's':
    case 'h':
    case 'v':
        code_set_add(&set, CODE_BREAK);
        code_set_add(&set, CODE_SPACE);
        return set_token(set, false);
    case 'w':
        return set_token(everything, true);
    case 'W':
        return set_token(CODE_SET_BREAKS, false);
    case 'D':
    case 'S':
    case 'H':
    case 'V':
        return set_token(everything, false);
    case 'p':
    case 'P':
        return property(r, c == 'P');
    default:
        return token(REGEX_STRANGE);
    }
}

static struct regex_token
plain_escape(struct regex *r, char c)
{
    switch (c) {
    case 't':
    case 'n':
    case 'r':
    case 'f':
        return character(r, ' ');
    case 'e':
    case 'a':
        return character(r, 0x1B);
    case 'x':
        return hexadecimal(r);
    default:
        break;
    }
    bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return alnum || c == '\0' ? token(REGEX_STRANGE) : character(r, (unsigned char)c);
}

/* The name or number behind \g or \k. */
static struct regex_token
reference(struct regex *r)
{
    static const char pairs[] = "{}<>''";
    for (size_t i = 0; i < 6; i += 2) {
        char open[2] = {pairs[i], '\0'};
        if (take(r, open))
            return token(skip_past(r, pairs[i + 1]) ? REGEX_ANYTHING : REGEX_STRANGE);
    }
    uint32_t n;
    if (!take(r, "-"))
        (void)take(r, "+");
    return token(number(r, &n) ? REGEX_ANYTHING : REGEX_STRANGE);
}

static struct regex_token
escape(struct regex *r)
{
    if (at_end(r))
        return token(REGEX_STRANGE);
    if ((unsigned char)peek(r) >= 0x80)
        return next_character(r);
    char c = r->text.p[r->pos++];
    uint32_t n;
    switch (c) {
    case 'b':
        return token(REGEX_EDGE);
    case 'B':
    case 'K':
        return token(REGEX_NOTHING);
    case 'Z':
    case 'z':
        return token(REGEX_FINISH);
    case 'A':
        return token(REGEX_START);
    case 'R':
        return class_escape(r, 'v');
    case 'X':
    case 'N':
        return peek(r) == '{' ? token(REGEX_STRANGE) : set_token(everything, false);
    case 'g':
    case 'k':
        return reference(r);
    default:
        break;
    }
    if (c >= '1' && c <= '9') {
        (void)number(r, &n);
        return token(REGEX_ANYTHING);
    }
    struct regex_token t = class_escape(r, c);
    return t.kind == REGEX_STRANGE ? plain_escape(r, c) : t;
}

/* --- [...] */

struct item {
    struct regex_token token; /* SET or STRANGE */
    int32_t cp;               /* -1: not a single character that is known here */
};

/* [:alpha:] and the like, behind its "[:". */
static struct item
posix(struct regex *r)
{
    static const char *const letters[] = {"alpha:]", "alnum:]", "word:]"};
    struct item x = {.token = token(REGEX_STRANGE), .cp = -1};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        if (take(r, letters[i]))
            x.token = set_token(everything, true);
    if (x.token.kind == REGEX_SET)
        return x;
    while (peek(r) >= 'a' && peek(r) <= 'z')
        r->pos++;
    if (take(r, ":]"))
        x.token = set_token(everything, false);
    return x;
}

static struct item
class_item(struct regex *r)
{
    if (take(r, "[:"))
        return posix(r);
    if (peek(r) == '[' && (peek_at(r, 1) == '.' || peek_at(r, 1) == '='))
        return (struct item){.token = token(REGEX_STRANGE), .cp = -1};
    if (!take(r, "\\")) {
        size_t at = r->pos;
        struct regex_token t = next_character(r);
        bool known = t.kind == REGEX_SET;
        return (struct item){.token = t, .cp = known ? utf8_next(r->text, &at) : -1};
    }
    if (at_end(r) || (unsigned char)peek(r) >= 0x80)
        return (struct item){
            .token = at_end(r) ? token(REGEX_STRANGE) : next_character(r), .cp = -1};
    char c = r->text.p[r->pos++];
    if (c == 'b')
        return (struct item){.token = character(r, '\b'), .cp = -1};
    struct regex_token t = class_escape(r, c);
    if (t.kind == REGEX_SET)
        return (struct item){.token = t, .cp = -1};
    bool sign = (c >= '!' && c <= '/') || (c >= '[' && c <= '`' && c != '\\');
    return (struct item){.token = plain_escape(r, c), .cp = sign ? c : -1};
}

/* first-last: every character of it, or everything when that is too many. */
static struct code_set
range(const struct regex *r, int32_t first, int32_t last)
{
    struct code_set set = CODE_SET_NONE;
    if (first < 0 || last < first || last - first > RANGE_MAX)
        return everything;
    for (int32_t cp = first; cp <= last; cp++)
        code_set_add(&set, alphabet_code(r->alphabet, (uint32_t)cp));
    return set;
}

/* Behind its "[". */
static struct regex_token class(struct regex *r)
{
    bool negated = take(r, "^"), every_letter = false;
    struct code_set set = CODE_SET_NONE;
    for (bool first = true; first || peek(r) != ']'; first = false) {
        if (at_end(r))
            return token(REGEX_STRANGE);
        struct item x = class_item(r);
        if (x.token.kind == REGEX_STRANGE)
            return x.token;
        code_set_join(&set, x.token.set);
        every_letter = every_letter || x.token.every_letter;
        if (peek(r) != '-' || peek_at(r, 1) == ']')
            continue;
        r->pos++;
        struct item y = class_item(r);
        if (y.token.kind == REGEX_STRANGE)
            return y.token;
        code_set_join(&set, range(r, x.cp, y.cp));
        every_letter = every_letter || y.token.every_letter;
    }
    r->pos++;
    if (negated)
        return set_token(every_letter ? CODE_SET_BREAKS : everything, false);
    return set_token(set, every_letter);
}

/* --- (...) */

static struct regex_token
look(bool behind, bool negative)
{
    struct regex_token t = token(REGEX_LOOK);
    t.behind = behind;
    t.negative = negative;
    return t;
}

/* (?i) (?-i: (?^m) and the like; extended mode would change what blanks mean. */
static struct regex_token
options(struct regex *r)
{
    while (!at_end(r) && strchr("imsnJU^-", peek(r)) != NULL)
        r->pos++;
    if (take(r, ")"))
        return token(REGEX_NOTHING);
    return token(take(r, ":") ? REGEX_OPEN : REGEX_STRANGE);
}

static bool
is_recursion(const struct regex *r)
{
    char c = peek(r), next = peek_at(r, 1);
    bool is_signed = (c == '+' || c == '-') && next >= '0' && next <= '9';
    return c == 'R' || c == '&' || (c >= '0' && c <= '9') || is_signed;
}

/* Behind its "(". */
static struct regex_token
group(struct regex *r)
{
    if (peek(r) == '*')
        return token(REGEX_STRANGE);
    if (!take(r, "?"))
        return token(REGEX_OPEN);
    if (take(r, ":") || take(r, ">") || take(r, "|"))
        return token(REGEX_OPEN);
    if (take(r, "="))
        return look(false, false);
    if (take(r, "!"))
        return look(false, true);
    if (take(r, "<="))
        return look(true, false);
    if (take(r, "<!"))
        return look(true, true);
    if (take(r, "#"))
        return token(skip_past(r, ')') ? REGEX_NOTHING : REGEX_STRANGE);
    if (take(r, "P=") || take(r, "P>") || is_recursion(r))
        return token(skip_past(r, ')') ? REGEX_ANYTHING : REGEX_STRANGE);
    if (take(r, "P<") || take(r, "<"))
        return token(skip_past(r, '>') ? REGEX_OPEN : REGEX_STRANGE);
    if (take(r, "'"))
        return token(skip_past(r, '\'') ? REGEX_OPEN : REGEX_STRANGE);
    return options(r);
}

static struct regex_token
bare_token(struct regex *r)
{
    switch (r->text.p[r->pos]) {
    case '(':
        r->pos++;
        return group(r);
    case '[':
        r->pos++;
        return class(r);
    case '\\':
        r->pos++;
        return escape(r);
    case '|':
        r->pos++;
        return token(REGEX_OR);
    case ')':
        r->pos++;
        return token(REGEX_CLOSE);
    case '.':
        r->pos++;
        return set_token(everything, false);
    case '^':
        r->pos++;
        return token(REGEX_START);
    case '$':
        r->pos++;
        return token(REGEX_FINISH);
    default:
        return next_character(r);
    }
}

struct regex_token
regex_next(struct regex *r)
{
    if (at_end(r))
        return token(REGEX_END);
    struct regex_token t = bare_token(r);
    if (t.kind == REGEX_STRANGE || t.kind == REGEX_OPEN || t.kind == REGEX_LOOK ||
        t.kind == REGEX_OR)
        return t;
    t = repeated(r, t);
    if (t.min == 0 &&
        (t.kind == REGEX_EDGE || t.kind == REGEX_START || t.kind == REGEX_FINISH))
        t.kind = REGEX_NOTHING;
    return t;
}
