/* SPDX-License-Identifier: Apache-2.0 */
/* judge.h - what a chat line says: text in, verdict out.
 * Pure: no I/O, no clock, no globals, nothing of messages or sources. A `struct judge` is
 * an immutable, shareable set of compiled filters; a `struct judge_scratch` is one
 * thread's working memory. Safe to use alone, as a library. */
#ifndef SURAQ_JUDGE_JUDGE_H
#define SURAQ_JUDGE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct filters; /* judge/filters.h: the rule files, loaded */
struct judge;
struct judge_scratch;

#define JUDGE_LANG_MAP(X)  \
    X(LANG_KK, "kk")       \
    X(LANG_RU, "ru")       \
    X(LANG_EN, "en")       \
    X(LANG_MIXED, "mixed") \
    X(LANG_LATN, "latn")   \
    X(LANG_OTHER, "other")
#define JUDGE_LANG_ENUM(code, name) code,
enum judge_lang { JUDGE_LANG_MAP(JUDGE_LANG_ENUM) };
#undef JUDGE_LANG_ENUM

#define JUDGE_PII_MAP(X)        \
    X(PII_IIN, "iin")           \
    X(PII_PHONE, "phone")       \
    X(PII_CARD, "card")         \
    X(PII_IBAN, "iban")         \
    X(PII_PLATE, "plate")       \
    X(PII_EMAIL, "email")       \
    X(PII_DOCUMENT, "document") \
    X(PII_ADDRESS, "address")   \
    X(PII_NAME, "name")
#define JUDGE_PII_ENUM(code, name) code,
enum judge_pii { JUDGE_PII_MAP(JUDGE_PII_ENUM) };
#undef JUDGE_PII_ENUM

/* Positions are Unicode code points of the original text, end exclusive. */
struct judge_span {
    enum judge_pii kind;
    uint32_t start, end;
};

/* Why a verdict is as it is. The names are borrowed from the judge. */
struct judge_why {
    const char *filter; /* file, relative to its folder: "question/kk.yaml" */
    const char *rule;   /* its name */
    uint32_t start, end;
    int score;
    bool trial; /* counted and shown, without effect */
};

struct verdict {
    enum judge_lang lang;
    bool question;
    int score;                         /* of the question filters */
    const char *topics[BOUNDS_TOPICS]; /* borrowed from the judge: ids, best first */
    size_t n_topics;
    const char *urgent; /* borrowed from the judge, or NULL: its class */
    bool abuse, spam;
    struct judge_span pii[BOUNDS_SPANS]; /* ordered by start */
    size_t n_pii;
    struct judge_why why[BOUNDS_WHY];
    size_t n_why;
    struct str masked; /* borrowed from the scratch until its next use */
    struct str key;    /* the same: normalised text; equal keys are the same question */
    const char *held; /* NULL, or why a person must look: static or borrowed from judge */
    const char *held_filter; /* the filter that could not be decided, or NULL */
};

/* New. Takes a reference of nothing: the judge copies what it needs from `f`. */
struct judge *judge_new(const struct filters *f, struct err *e) MUST_CHECK;
/* Judges are shared between the loop and a reload: counted. */
struct judge *judge_ref(struct judge *j);
void judge_unref(struct judge **j);

/* 64-bit digest of the filter files: the "version of the filters" in the journal. */
uint64_t judge_version(const struct judge *j);

struct judge_scratch *judge_scratch_new(void);
void judge_scratch_free(struct judge_scratch **s);

/* Fills `v`. Never fails: a text that could not be decided (bad UTF-8, too long, a
 * pattern at its match limit) gives a verdict with `held` set. The verdict borrows from
 * `j` and `s`. */
void judge_text(const struct judge *j, struct judge_scratch *s, struct str text,
                struct verdict *v);

/* The key that judge_text() gives for `text`: no filter has a part in it. Borrowed from
 * the scratch until its next use. */
struct str judge_key(struct judge_scratch *s, struct str text);

/* Number, id and titles of the topics, in the files' order; for the pages. */
struct judge_topic {
    const char *id;
    const char *title_kk, *title_ru, *title_en; /* borrowed from the judge; may be NULL */
};
size_t judge_topics(const struct judge *j, const struct judge_topic **out);

const char *judge_lang_name(enum judge_lang l);
int judge_lang_from_name(struct str name, enum judge_lang *out, struct err *e) MUST_CHECK;
const char *judge_pii_name(enum judge_pii k);

/* The verdict as JSON members without braces (DESIGN 5.4: "lang":...,"why":[...]), the
 * same in the journal, in `suraq judge` and in the API. */
void verdict_write_json(const struct verdict *v, struct buf *out);

#endif
