/* SPDX-License-Identifier: Apache-2.0 */
/* code_flow.c - signing in with a browser.
 *
 * The state ties the answer to this sign-in, so that nobody can slip us an account of
 * theirs; the verifier ties the token to this program, so that a code that somebody else
 * on the machine sees is worth nothing (RFC 8252, 8.1). Platforms that do not know PKCE
 * ignore its fields (RFC 7636, 5). */
#include "source/code_flow.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/bounds.h"
#include "loop/fetch.h"
#include "source/token.h"

enum { RANDOM = 32 };

const struct code_platform *
code_platform_of(const char *kind)
{
    static const struct code_platform platforms[] = {
        {.kind = "youtube",
         .authorize_url = "https://accounts.google.com/o/oauth2/v2/auth",
         .token_url = "https://oauth2.googleapis.com/token",
         .scopes = "https://www.googleapis.com/auth/youtube",
         .more = "&access_type=offline&prompt=consent"},
        {.kind = "kick",
         .authorize_url = "https://id.kick.com/oauth/authorize",
         .token_url = "https://id.kick.com/oauth/token",
         .scopes = "user:read channel:read chat:write events:subscribe"},
        {.kind = "restream",
         .authorize_url = "https://api.restream.io/login",
         .token_url = "https://api.restream.io/oauth/token",
         .basic = true},
        {.kind = "vklive",
         .authorize_url = "https://auth.live.vkvideo.ru/app/oauth2/authorize",
         .token_url = "https://api.live.vkvideo.ru/oauth/server/token",
         .scopes = "chat:message:send",
         .basic = true},
    };
    for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++)
        if (strcmp(platforms[i].kind, kind) == 0)
            return &platforms[i];
    return NULL;
}

static void
to_base64(const unsigned char bytes[RANDOM], char out[64])
{
    (void)sodium_bin2base64(out, 64, bytes, RANDOM,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
code_flow_begin(struct code_flow *f, const struct code_platform *p, unsigned port)
{
    unsigned char bytes[RANDOM];
    f->platform = p;
    randombytes_buf(bytes, sizeof(bytes));
    to_base64(bytes, f->state);
    randombytes_buf(bytes, sizeof(bytes));
    to_base64(bytes, f->verifier);
    sodium_memzero(bytes, sizeof(bytes));
    (void)snprintf(f->redirect, sizeof(f->redirect), "http://127.0.0.1:%u/", port);
}

void
code_flow_url(const struct code_flow *f, const char *client_id, struct buf *out)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char challenge[64];
    (void)crypto_hash_sha256(hash, (const unsigned char *)f->verifier,
                             strlen(f->verifier));
    to_base64(hash, challenge);
    buf_add_cstr(out, f->platform->authorize_url);
    fetch_add_query(out, "response_type", STR_LIT("code"));
    fetch_add_query(out, "client_id", str_from(client_id));
    fetch_add_query(out, "redirect_uri", str_from(f->redirect));
    if (f->platform->scopes != NULL)
        fetch_add_query(out, "scope", str_from(f->platform->scopes));
    fetch_add_query(out, "state", str_from(f->state));
    fetch_add_query(out, "code_challenge", str_from(challenge));
    fetch_add_query(out, "code_challenge_method", STR_LIT("S256"));
    buf_add_cstr(out, f->platform->more);
}

/* --- what came back */

static int
hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void
add_decoded(struct str s, struct buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        bool escape = s.p[i] == '%' && s.len - i > 2 && hex_of(s.p[i + 1]) >= 0 &&
                      hex_of(s.p[i + 2]) >= 0;
        if (escape) {
            int byte = hex_of(s.p[i + 1]) * 16 + hex_of(s.p[i + 2]);
            buf_add_char(out, (char)byte);
            i += 2;
        } else if (s.p[i] == '+') {
            buf_add_char(out, ' ');
        } else {
            buf_add_char(out, s.p[i]);
        }
    }
}

/* The first field of this name, decoded; nothing when there is none. */
static void
field_of(struct str query, const char *name, struct buf *out)
{
    struct str pair;
    while (str_split(&query, '&', &pair)) {
        struct str value = pair, key;
        if (str_split(&value, '=', &key) && str_eq(key, str_from(name))) {
            add_decoded(value, out);
            return;
        }
    }
}

static int
check_answer(const struct code_flow *f, struct str query, const struct buf *code,
             struct err *e)
{
    struct buf state = BUF_INIT, fault = BUF_INIT;
    int ret = 0;
    field_of(query, "state", &state);
    field_of(query, "error", &fault);
    if (state.len != strlen(f->state) ||
        sodium_memcmp(state.data, f->state, state.len) != 0)
        ret = err_set(e, ERR_VALUE, "this is not the answer to this sign-in");
    else if (fault.len > 0)
        ret = err_set(e, ERR_PERM, "the sign-in was refused: %.*s",
                      STR_ARG(buf_str(&fault)));
    else if (code->len == 0)
        ret = err_set(e, ERR_VALUE, "the answer to the sign-in has no code");
    buf_fini(&state);
    buf_fini(&fault);
    return ret;
}

int
code_flow_read(const struct code_flow *f, struct str target, struct buf *code,
               struct err *e)
{
    struct str path, query = STR_NONE, rest = str_trim(target);
    if (target.len > BOUNDS_BODY)
        return err_set(e, ERR_LIMIT, "the answer to the sign-in is too long");
    (void)str_split(&rest, '?', &path);
    (void)str_split(&rest, '#', &query);
    buf_reset(code);
    field_of(query, "code", code);
    return check_answer(f, query, code, e);
}

void
code_flow_form(const struct code_flow *f, struct str code, const char *client_id,
               const char *client_secret, struct buf *out)
{
    token_add_field(out, "grant_type", STR_LIT("authorization_code"));
    token_add_field(out, "code", code);
    token_add_field(out, "redirect_uri", str_from(f->redirect));
    token_add_field(out, "code_verifier", str_from(f->verifier));
    if (f->platform->basic)
        return;
    token_add_field(out, "client_id", str_from(client_id));
    if (client_secret != NULL)
        token_add_field(out, "client_secret", str_from(client_secret));
}

void
code_flow_header(const struct code_flow *f, const char *client_id,
                 const char *client_secret, struct buf *out)
{
    if (f->platform->basic)
        token_write_basic(client_id, client_secret, out);
}
