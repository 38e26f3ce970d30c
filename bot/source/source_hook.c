/* SPDX-License-Identifier: Apache-2.0 */
/* source_hook.c - what is the same for every webhook: first is it the platform's, then
 * may it come so fast, then is there room, then what it says.
 *
 * The rate is counted behind the signature, so a stranger who floods the address cannot
 * use up what the platform may send (what he may ask at all, the address's own limit in
 * serve decides). A delivery is taken only when everything before it left for the
 * journal or there is room to wait. A source that nobody has delivered to yet says so:
 * a wrong secret would otherwise look like a silent chat. */
#include "source/hook.h"

#include "base/bounds.h"
#include "source/adapter.h"
#include "source/sign.h"

static const struct bucket_rule rule = {.per_s = BOUNDS_HOOK_PER_S,
                                        .burst = BOUNDS_HOOK_BURST};

static bool
waits_for_first(const struct source *s)
{
    const char *code = s->status.code;
    return s->status.state == SOURCE_DEGRADED &&
           (strcmp(code, "hook") == 0 || strcmp(code, "signature") == 0);
}

static int
answer_question(struct source *s, const struct source_hook *h, struct err *e)
{
    if (s->verify_token == NULL)
        return err_set(e, ERR_MISSING, "this address is not asked by its platform");
    if (!str_eq(h->mode, STR_LIT("subscribe")) ||
        !sign_is_word(h->token, str_from(s->verify_token)))
        return err_set(e, ERR_PERM, "the verify token is another one");
    if (s->enabled && strcmp(s->status.code, "hook") == 0)
        source_hook_waits(s, "the platform knows our address; no comment has come yet");
    return 0;
}

static int
refuse(struct source *s, const struct err *e)
{
    if (e->code == ERR_PERM)
        source_garbage(s, e);
    if (e->code == ERR_PERM && s->enabled && waits_for_first(s))
        source_degraded(s, "signature", "a delivery came, but %s", e->msg);
    return -1;
}

int
source_hook(struct source *s, const struct source_hook *h, struct err *e)
{
    if (s->adapter->hook == NULL || s->closed)
        return err_set(e, ERR_MISSING, "this source has no webhook");
    if (h->asks)
        return answer_question(s, h, e);
    if (s->adapter->hook_check(s, h, e) < 0)
        return refuse(s, e);
    if (!s->enabled)
        return 0;
    if (!s->started || s->blocked || s->input.len - s->input_at > BOUNDS_SOURCE_INPUT)
        return err_set(e, ERR_BAD_STATE, "there is no room now");
    if (!bucket_take(&s->hooks, rule, 1, clock_mono_ms(s->clock)))
        return err_set(e, ERR_LIMIT, "too many deliveries");
    s->hooked_at = clock_mono_ms(s->clock);
    if (waits_for_first(s) ||
        (s->status.state == SOURCE_CONNECTING && strcmp(s->status.code, "waiting") == 0))
        source_live(s);
    return s->adapter->hook(s, h, e);
}

void
source_hook_waits(struct source *s, const char *what)
{
    source_degraded(s, "hook", "%s", what);
}
