/* SPDX-License-Identifier: Apache-2.0 */
/* bounds.h - every cap on what comes from outside, each with its reason. Sizes in bytes
 * unless the name says otherwise. Checked before anything is allocated. */
#ifndef SURAQ_BASE_BOUNDS_H
#define SURAQ_BASE_BOUNDS_H

/* Chat. Platforms allow 200 to 4,096 characters a line (Twitch 500, YouTube 200, Telegram
 * 4,096); four bytes a character. Longer text is cut and marked as held. */
#define BOUNDS_TEXT        (16 * 1024)
#define BOUNDS_NAME        256  /* author's name; Telegram: 64 + 64 characters */
#define BOUNDS_ID          256  /* platform ids; YouTube's are about 90 */
#define BOUNDS_SOURCE_NAME 64   /* people type it; also a file name part */
#define BOUNDS_SOURCES     32   /* attached chats of one stream */
#define BOUNDS_TARGET      1024 /* a pasted link */

/* One WebSocket message from a chat, joined from its fragments: Twitch batches some
 * hundred lines, Owncast and others send JSON; 1 MiB leaves room, more is a fault. */
#define BOUNDS_FRAME (1024 * 1024)
/* Messages taken from one source in one turn of the loop, so that a flood in one chat
 * cannot starve the others or the pages. */
#define BOUNDS_SOURCE_TURN 512
/* Read from one source but not yet delivered; above it the socket waits. What
 * libwebsockets has in hand (64 KiB) and one message (BOUNDS_FRAME) may still come on
 * top. */
#define BOUNDS_SOURCE_INPUT (256 * 1024)
/* Ids that one source remembers against repeats after a reconnect: minutes of a fast
 * chat. */
#define BOUNDS_SOURCE_SEEN 8192
/* Names of authors that one source remembers where a platform sends numbers only: the
 * writers of a big broadcast; 1 MiB. */
#define BOUNDS_SOURCE_PEOPLE 4096
/* Edited or restored lines that one source remembers, to take the last wording back. */
#define BOUNDS_SOURCE_EDITS 4096
/* Replies waiting for their turn: two minutes of them. */
#define BOUNDS_SOURCE_OUTBOX 100

/* HTTP. A bulk intake of 10,000 lines fits 8 MiB; everything else is small. */
#define BOUNDS_BODY (64 * 1024)
/* A filter file (BOUNDS_FILTER_EDIT) as JSON, every byte escaped, or some files to try.
 */
#define BOUNDS_BODY_LARGE (512 * 1024)
/* Prepared questions in one file: judged in one turn of the loop, some 100 ms. */
#define BOUNDS_IMPORT      1000
#define BOUNDS_BODY_INTAKE (8 * 1024 * 1024)
#define BOUNDS_HEADERS     8192 /* header block; libwebsockets closes above it */
#define BOUNDS_PATH        512
#define BOUNDS_CONNECTIONS 512 /* at once, all addresses */
/* Of them from one address: a press centre behind one NAT, 50 consoles and spare. */
#define BOUNDS_PER_ADDRESS 128

/* HTTP as a client. The largest answer that a platform documents is a page of 2,000
 * YouTube messages, some 1.5 MiB. A source has one or two requests under way, replies and
 * webhooks a few. */
#define BOUNDS_FETCH_BODY (4 * 1024 * 1024)
#define BOUNDS_FETCHES    128

/* Webhooks. A delivery of a platform: Meta puts up to 1,000 changes into one, some 300
 * bytes each. */
#define BOUNDS_BODY_HOOK (512 * 1024)
/* Deliveries to one source: Kick makes one of each line, and the fastest chats have some
 * ten lines a second; after an outage all that waited comes at once. */
#define BOUNDS_HOOK_PER_S 100
#define BOUNDS_HOOK_BURST 2000
/* Addresses of deliveries that are remembered, one for each source; a platform has some
 * dozens. */
#define BOUNDS_HOOK_ADDRESSES 1024
/* Who is told over HTTP: the duty officer, a dashboard, spare ones. */
#define BOUNDS_WEBHOOKS 16
/* Deliveries that wait for one of them: an evening's questions while it is down. */
#define BOUNDS_WEBHOOK_QUEUE 500
/* Replies of the program that wait for their turn in one chat: ten minutes of them. */
#define BOUNDS_REPLIES 100
/* Wordings of one reply, and the letters of each: less than any chat allows. */
#define BOUNDS_REPLY_TEXTS 8
#define BOUNDS_REPLY_TEXT  180

/* Who is told over HTTP: the duty officer, a dashboard, spare ones. */
#define BOUNDS_WEBHOOKS 16
/* Deliveries that wait for one of them: an evening's questions while it is down. */
#define BOUNDS_WEBHOOK_QUEUE 500
/* Replies of the program that wait for their turn in one chat: ten minutes of them. */
#define BOUNDS_REPLIES 100
/* Wordings of one reply, and the letters of each: less than any chat allows. */
#define BOUNDS_REPLY_TEXTS 8
#define BOUNDS_REPLY_TEXT  180

/* Live. A console that cannot take 4 MiB has stopped reading: cut it, it resumes by seq.
 */
#define BOUNDS_CLIENT_OUTPUT  (4 * 1024 * 1024)
#define BOUNDS_LIVE_RING      (16 * 1024 * 1024) /* kept per role for resuming clients */
#define BOUNDS_LIVE_GATHER_MS 50

/* State. */
#define BOUNDS_RECENT           5000          /* chat lines in memory for the feed */
#define BOUNDS_SEEN             (1024 * 1024) /* platform ids remembered against duplicates */
#define BOUNDS_QUESTIONS        200000 /* items of a stream's life; 10,000 is a big year */
#define BOUNDS_ASKERS           2000   /* authors kept per question; the count goes on */
#define BOUNDS_WORDING          2000   /* edited text, characters */
#define BOUNDS_NOTE             1000   /* characters */
#define BOUNDS_QUESTION_REPLIES 10     /* shown with one: each kind in two chats */
#define BOUNDS_TOPICS           64
#define BOUNDS_ANSWER           8000 /* a written answer, characters: two pages */
#define BOUNDS_UNIT             200  /* who answers, or whom it was sent to, characters */
#define BOUNDS_ACTS             200 /* of one question whose numbers are kept: its history */
#define BOUNDS_PROMISES         5000  /* of a stream's life; some in each broadcast */
#define BOUNDS_MAILBOX          65536 /* messages from other threads waiting for a turn */
/* Appended, not yet durable; above it sources wait: the disk is slower than the chat. */
#define BOUNDS_PENDING (64 * 1024 * 1024)

/* Minutes with messages that statistics remember: a day without a quiet one. */
#define BOUNDS_STATS_MINUTES 1440
/* People times broadcasts whose acts are counted: a year of them. */
#define BOUNDS_STATS_PEOPLE 256
/* Topics, languages or sources that are told apart; the rest is one. */
#define BOUNDS_STATS_GROUPS 64

/* Judge. */
#define BOUNDS_FILTER_FILE  (1024 * 1024)
#define BOUNDS_FILTER_FILES 512
/* Changed from the console: the largest shipped file is 28 KiB. All of them are in each
 * snapshot; half of them would be a pack of one's own. */
#define BOUNDS_FILTER_EDIT    (64 * 1024)
#define BOUNDS_FILTER_EDITS   64
#define BOUNDS_TRY            (4 * 1024 * 1024) /* recent chat that filters are tried on */
#define BOUNDS_FILTER_CHANGES 1000              /* remembered; the journal has them all */
#define BOUNDS_RULES          10000
#define BOUNDS_PATTERN        4096 /* after macros */
#define BOUNDS_MACRO_DEPTH    8
/* PCRE2 match_limit: 0.03 to 0.16 ms at worst (measured). */
#define BOUNDS_MATCH_LIMIT 10000
#define BOUNDS_WHY         64 /* reasons kept per verdict */
#define BOUNDS_SPANS       64 /* personal-data spans per message; more: mask everything */
/* What `suraq lab` keeps of each kind of difference until it prints them: thousands of
 * lines, more than anybody reads; those behind it are counted. */
#define BOUNDS_LAB_SECTION (1024 * 1024)
/* Open questions that new ones are compared with: a big year has 10,000 in all. With the
 * terms below at most some 50 MiB, when every word of every question is another one. */
#define BOUNDS_LIKENESS       16384
#define BOUNDS_LIKENESS_TERMS 24 /* of a question; nine in ten lines: under 18 words */
#define BOUNDS_LIKE           3  /* like questions that are shown with one */

/* Days of a calendar: thirty a year, for decades. */
#define BOUNDS_CALENDAR 2000
/* Days that a term is counted over: five years. */
#define BOUNDS_TERM_DAYS 1830

/* Settings file. */
#define BOUNDS_SETTINGS_FILE (1024 * 1024)

/* People. */
#define BOUNDS_ACCOUNTS     200
#define BOUNDS_SESSIONS     1000
#define BOUNDS_ADMIN_LOG    10000 /* entries: years of it, in 1 MB */
#define BOUNDS_PASSWORD     1024  /* hashed in bounded time whatever is sent */
#define BOUNDS_PASSWORD_MIN 10    /* characters */

#endif
