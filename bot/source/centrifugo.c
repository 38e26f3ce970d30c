/* SPDX-License-Identifier: Apache-2.0 */
/* centrifugo.c - the client protocol of Centrifugo.
 *
 * A frame holds one or more lines, each an object: an answer (it has the number of our
 * command), a push, or the empty object, which is the server's ping. Codes say whether
 * the same may work again: of disconnections those below 3500, of unsubscriptions those
 * from 2500, of errors the ones that call themselves temporary or that a new token
 * mends. */
#include "source/centrifugo.h"

#include "source/json.h"

enum { PING_S_MOST = 600 };

bool
centrifugo_next(struct str *frame, struct str *line)
{
    while (str_split(frame, '\n', line)) {
        *line = str_trim(*line);
        if (line->len > 0)
            return true;
    }
    return false;
}

/* --- answers */

static void
read_fault(const json_t *o, struct centrifugo_event *ev)
{
    enum { UNAUTHORISED = 101, TOKEN_ENDED = 109, ENDED = 110, LOST_PLACE = 112 };
    ev->kind = CENTRIFUGO_FAULT;
    ev->code = json_number(o, "error.code", 0);
    ev->words = json_text(o, "error.message");
    ev->again = json_flag(o, "error.temporary") || ev->code == UNAUTHORISED ||
                ev->code == TOKEN_ENDED || ev->code == ENDED || ev->code == LOST_PLACE;
}

static void
read_answer(const json_t *o, struct centrifugo_event *ev)
{
    ev->id = json_number(o, "id", 0);
    if (json_at(o, "error") != NULL) {
        read_fault(o, ev);
    } else if (json_at(o, "connect") != NULL) {
        int64_t ping_s = json_number(o, "connect.ping", 0);
        ev->kind = CENTRIFUGO_CONNECTED;
        ev->ping_ms = ping_s > 0 && ping_s <= PING_S_MOST ? ping_s * 1000 : 0;
        ev->pong = json_flag(o, "connect.pong");
    } else if (json_at(o, "subscribe") != NULL) {
        ev->kind = CENTRIFUGO_SUBSCRIBED;
        ev->publications = json_at(o, "subscribe.publications");
        if (json_flag(o, "subscribe.recoverable")) {
            ev->epoch = json_text(o, "subscribe.epoch");
            ev->offset = json_number(o, "subscribe.offset", 0);
        }
    }
}

/* --- pushes */

static void
read_push(const json_t *push, struct centrifugo_event *ev)
{
    ev->channel = json_text(push, "channel");
    if (json_at(push, "pub") != NULL) {
        ev->kind = CENTRIFUGO_PUBLICATION;
        ev->data = json_at(push, "pub.data");
        ev->offset = json_number(push, "pub.offset", -1);
    } else if (json_at(push, "unsubscribe") != NULL) {
        ev->kind = CENTRIFUGO_UNSUBSCRIBED;
        ev->code = json_number(push, "unsubscribe.code", 0);
        ev->words = json_text(push, "unsubscribe.reason");
        ev->again = ev->code >= 2500;
    } else if (json_at(push, "disconnect") != NULL) {
        ev->kind = CENTRIFUGO_DISCONNECTED;
        ev->code = json_number(push, "disconnect.code", 0);
        ev->words = json_text(push, "disconnect.reason");
        ev->again = ev->code < 3500 || json_flag(push, "disconnect.reconnect");
    }
}

int
centrifugo_read(struct str line, struct centrifugo_event *ev, json_t **holder,
                struct err *e)
{
    json_error_t why;
    json_t *o = json_loadb(line.len > 0 ? line.p : "", line.len, 0, &why);
    const json_t *push = json_object_get(o, "push");
    *ev = (struct centrifugo_event){.kind = CENTRIFUGO_NOTHING, .offset = -1};
    *holder = o;
    if (!json_is_object(o)) {
        json_decref(o);
        *holder = NULL;
        return err_set(e, ERR_PARSE, "a frame's line is no JSON object");
    }
    if (json_object_size(o) == 0)
        ev->kind = CENTRIFUGO_PING;
    else if (push != NULL)
        read_push(push, ev);
    else
        read_answer(o, ev);
    return 0;
}

/* --- commands */

void
centrifugo_write_connect(struct str token, struct buf *out)
{
    buf_addf(out, "{\"id\":%d,\"connect\":{\"token\":", CENTRIFUGO_CONNECT);
    buf_add_json(out, token);
    buf_add_cstr(out, ",\"name\":\"suraq\"}}");
}

void
centrifugo_write_subscribe(struct str channel, struct str token, struct str epoch,
                           int64_t offset, struct buf *out)
{
    buf_addf(out, "{\"id\":%d,\"subscribe\":{\"channel\":", CENTRIFUGO_SUBSCRIBE);
    buf_add_json(out, channel);
    if (token.len > 0) {
        buf_add_cstr(out, ",\"token\":");
        buf_add_json(out, token);
    }
    if (epoch.len > 0) {
        buf_add_cstr(out, ",\"recover\":true,\"epoch\":");
        buf_add_json(out, epoch);
        buf_addf(out, ",\"offset\":%lld", (long long)offset);
    }
    buf_add_cstr(out, "}}");
}
