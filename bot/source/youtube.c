/* SPDX-License-Identifier: Apache-2.0 */
/* youtube.c - the YouTube Data API v3 for live chats: answers to messages.
 *
 * A page is read tolerantly: an event of a kind that we do not know, or without the
 * members it should have, is passed over and the rest of the page stays. What people pay
 * to say is said like everything else; it does not get ahead of anybody. */
#include "source/youtube.h"

#include <string.h>

#include "base/bounds.h"
#include "source/json.h"

enum {
    ID_LEN = 11,           /* of a video; the documents do not promise it */
    POLL_MOST = 10 * 60000 /* ms; who asks us to wait longer has a fault */
};

static json_t *
parse(struct str body, struct err *e)
{
    json_error_t why;
    json_t *o = json_loadb(body.len > 0 ? body.p : "", body.len, 0, &why);
    if (o != NULL && json_is_object(o))
        return o;
    json_decref(o);
    (void)err_set(e, ERR_PARSE, "the answer is not a JSON object: byte %d, %s",
                  o == NULL ? why.position : 0, o == NULL ? why.text : "another value");
    return NULL;
}

/* --- a page of messages */

static unsigned
roles_of(const json_t *item)
{
    const json_t *author = json_object_get(item, "authorDetails");
    return (json_flag(author, "isChatOwner") ? MESSAGE_OWNER : 0u) |
           (json_flag(author, "isChatModerator") ? MESSAGE_MODERATOR : 0u) |
           (json_flag(author, "isChatSponsor") ? MESSAGE_MEMBER : 0u) |
           (json_flag(author, "isVerified") ? MESSAGE_VERIFIED : 0u);
}

/* Where the words are, by the kind of event. */
static const struct {
    const char *type, *path;
} words_of[] = {
    {"textMessageEvent", "textMessageDetails.messageText"},
    {"superChatEvent", "superChatDetails.userComment"},
    {"memberMilestoneChatEvent", "memberMilestoneChatDetails.userComment"},
};

static bool
read_words(const json_t *item, struct str type, struct message *m)
{
    const json_t *snippet = json_object_get(item, "snippet");
    struct str text = STR_NONE, id = json_text(snippet, "authorChannelId");
    for (size_t i = 0; i < sizeof(words_of) / sizeof(words_of[0]); i++)
        if (str_eq(type, str_from(words_of[i].type)))
            text = json_text(snippet, words_of[i].path);
    if (id.len == 0)
        id = json_text(item, "authorDetails.channelId");
    message_set_id(m, json_text(item, "id"));
    message_set_author(m, id, json_text(item, "authorDetails.displayName"));
    message_set_text(m, text);
    m->roles = roles_of(item);
    m->at_ms = json_time(snippet, "publishedAt");
    return text.len > 0;
}

/* What takes lines back. The two deletions are in older documents only. */
static bool
read_deletion(const json_t *item, struct str type, struct message *m)
{
    const json_t *snippet = json_object_get(item, "snippet");
    if (str_eq(type, STR_LIT("userBannedEvent"))) {
        m->kind = MESSAGE_DELETE_AUTHOR;
        message_set_author(
            m, json_text(snippet, "userBannedDetails.bannedUserDetails.channelId"),
            STR_NONE);
        return m->author_id.len > 0;
    }
    m->kind = MESSAGE_DELETE;
    if (str_eq(type, STR_LIT("messageDeletedEvent")))
        message_set_id(m, json_text(snippet, "messageDeletedDetails.deletedMessageId"));
    else if (str_eq(type, STR_LIT("messageRetractedEvent")))
        message_set_id(m,
                       json_text(snippet, "messageRetractedDetails.retractedMessageId"));
    else if (str_eq(type, STR_LIT("tombstone")))
        message_set_id(m, json_text(item, "id"));
    return m->id.len > 0;
}

static void
read_item(const json_t *item, bool backlog, struct message_taker to,
          struct youtube_page *page)
{
    struct str type = json_text(item, "snippet.type");
    struct message m = {.kind = MESSAGE_CHAT, .backlog = backlog};
    page->ended = page->ended || str_eq(type, STR_LIT("chatEndedEvent"));
    bool taken = read_words(item, type, &m);
    if (!taken) {
        m = (struct message){.kind = MESSAGE_CHAT};
        taken = read_deletion(item, type, &m);
    }
    page->messages += taken;
    if (taken)
        to.take(to.arg, &m);
}

int
youtube_read_page(struct str body, bool backlog, struct message_taker to,
                  struct youtube_page *page, struct err *e)
{
    json_t *o = parse(body, e);
    const json_t *items = json_object_get(o, "items");
    if (o == NULL)
        return -1;
    if (!json_is_array(items)) {
        json_decref(o);
        return err_set(e, ERR_PARSE, "the answer has no 'items'");
    }
    buf_reset(&page->next);
    buf_add_str(&page->next, json_text(o, "nextPageToken"));
    page->poll_ms = json_number(o, "pollingIntervalMillis", 0);
    if (page->poll_ms < 0 || page->poll_ms > POLL_MOST)
        page->poll_ms = 0;
    page->ended = json_text(o, "offlineAt").len > 0;
    page->messages = 0;
    for (size_t i = 0; i < json_array_size(items); i++)
        read_item(json_array_get(items, i), backlog, to, page);
    json_decref(o);
    return 0;
}

/* --- where the chat is */

static enum youtube_video
state_of(const json_t *item, struct str chat)
{
    struct str stage = json_text(item, "snippet.liveBroadcastContent");
    bool ended = json_text(item, "liveStreamingDetails.actualEndTime").len > 0 ||
                 str_eq(json_text(item, "status.lifeCycleStatus"), STR_LIT("complete"));
    bool began = json_text(item, "liveStreamingDetails.actualStartTime").len > 0;
    if (ended)
        return YOUTUBE_OVER;
    if (chat.len > 0)
        return YOUTUBE_LIVE;
    if (str_eq(stage, STR_LIT("live")) || began)
        return YOUTUBE_NO_CHAT;
    return str_eq(stage, STR_LIT("none")) ? YOUTUBE_OVER : YOUTUBE_WAITING;
}

int
youtube_read_video(struct str body, enum youtube_video *state, struct buf *chat,
                   struct err *e)
{
    json_t *o = parse(body, e);
    if (o == NULL)
        return -1;
    const json_t *item = json_array_get(json_object_get(o, "items"), 0);
    struct str id = json_text(item, "liveStreamingDetails.activeLiveChatId");
    if (id.len == 0)
        id = json_text(item, "snippet.liveChatId"); /* liveBroadcasts.list */
    *state = item == NULL ? YOUTUBE_MISSING : state_of(item, id);
    buf_reset(chat);
    buf_add_str(chat, id);
    json_decref(o);
    return 0;
}

/* --- errors */

static const struct {
    const char *reason;
    enum youtube_fault fault;
} faults[] = {
    {"quotaExceeded", YOUTUBE_QUOTA},
    {"dailyLimitExceeded", YOUTUBE_QUOTA},
    {"rateLimitExceeded", YOUTUBE_SLOW_DOWN},
    {"userRateLimitExceeded", YOUTUBE_SLOW_DOWN},
    {"RATE_LIMIT_EXCEEDED", YOUTUBE_SLOW_DOWN},
    {"liveChatEnded", YOUTUBE_CHAT_ENDED},
    {"liveChatDisabled", YOUTUBE_CHAT_ENDED},
    {"liveChatNotFound", YOUTUBE_NO_SUCH_CHAT},
    {"API_KEY_INVALID", YOUTUBE_BAD_KEY},
    {"keyInvalid", YOUTUBE_BAD_KEY},
    {"accessNotConfigured", YOUTUBE_BAD_KEY},
    {"SERVICE_DISABLED", YOUTUBE_BAD_KEY},
    {"authError", YOUTUBE_BAD_KEY},
    {"pageTokenInvalid", YOUTUBE_OLD_PAGE},
};

static enum youtube_fault
fault_of(const json_t *list)
{
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
    {
        struct str reason = json_text(one, "reason");
        for (size_t k = 0; k < sizeof(faults) / sizeof(faults[0]); k++)
            if (str_eq(reason, str_from(faults[k].reason)))
                return faults[k].fault;
    }
    return YOUTUBE_OTHER;
}

enum youtube_fault
youtube_read_fault(struct str body, struct buf *words)
{
    struct err not_json = ERR_INIT;
    json_t *o = parse(body, &not_json);
    enum youtube_fault fault = fault_of(json_at(o, "error.details"));
    if (fault == YOUTUBE_OTHER)
        fault = fault_of(json_at(o, "error.errors"));
    buf_add_str(words, json_text(o, "error.message"));
    json_decref(o);
    return fault;
}

/* --- what people paste */

/* What stands behind `mark`, up to the end of an id; empty when there is no such mark. */
static struct str
id_behind(struct str text, const char *mark)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const char *at =
        mark[0] == '\0' ? text.p : memmem(text.p, text.len, mark, strlen(mark));
    if (at == NULL)
        return STR_NONE;
    const char *from = at + strlen(mark), *end = from;
    while (end < text.p + text.len && memchr(letters, *end, sizeof(letters) - 1) != NULL)
        end++;
    return (struct str){.p = from, .len = (size_t)(end - from)};
}

int
youtube_target(struct str text, struct buf *out, struct err *e)
{
    static const char *const marks[] = {
        "youtu.be/", "watch?v=", "&v=", "/live/", "/embed/", "/video/"};
    struct str id = STR_NONE;
    bool link = text.len > 0 && memmem(text.p, text.len, "youtu", 5) != NULL;
    if (str_eq(text, STR_LIT("mine"))) {
        buf_add_str(out, text);
        return 0;
    }
    for (size_t i = 0; link && id.len == 0 && i < sizeof(marks) / sizeof(marks[0]); i++)
        id = id_behind(text, marks[i]);
    if (!link && text.len > 0)
        id = id_behind(text, "");
    if (id.len != ID_LEN || (!link && id.len != text.len))
        return err_set(e, ERR_VALUE,
                       "'%.*s' is no YouTube broadcast: paste its link, or 'mine'",
                       STR_ARG(text));
    buf_add_str(out, id);
    return 0;
}
