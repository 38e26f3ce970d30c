/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "judge/normal.h"
#include "judge/steps.h"

struct row {
    const char *in, *want; /* NULL: the channel says nothing of its own */
};

static void
check_rows(const struct row *rows, size_t n, enum normal_channel channel)
{
    struct normal normal;
    int wrong = 0;
    normal_init(&normal);
    for (size_t i = 0; i < n; i++) {
        normal_read(&normal, str_from(rows[i].in));
        const struct channel *c = &normal.channel[channel];
        struct str got = c->on ? buf_str(&c->text) : STR_LIT("(off)");
        struct str want = str_from(rows[i].want == NULL ? "(off)" : rows[i].want);
        if (str_eq(got, want))
            continue;
        print_error("row %zu: '%s' gives '%.*s', not '%.*s'\n", i, rows[i].in,
                    STR_ARG(got), STR_ARG(want));
        wrong++;
    }
    normal_fini(&normal);
    assert_int_equal(wrong, 0);
}
#define CHECK_ROWS(rows, channel) \
    check_rows(rows, sizeof(rows) / sizeof((rows)[0]), channel)

/* The table of LANGUAGE section 3, row by row. */
static void
obfuscation_is_undone(void **state)
{
    static const struct row rows[] = {
        /* full width, ligatures, circled and raised digits */
        {"ｐｏｌｉｃｅ", "police"},
        {"ﬁne ①②", "fine 12"},
        {"Ｋогда", "когда"},
        /* decomposed letters are composed */
        {"Куи\u0306ев е\u0308лка", "куйев ёлка"},
        {"a\u0301lem", "álem"},
        /* case */
        {"ҚАШАН Ә ӘЛЕМ", "қашан ә әлем"},
        {"İSTANBUL", "istanbul"},
        /* Latin look-alikes in Cyrillic words, large and small */
        {"пoлиция", "полиция"},
        {"КОГДA ПPИEДEТЕ", "когда приедете"},
        {"HЕТ BОДЫ", "нет воды"},
        {"iшiмдiк", "ішімдік"},
        {"қаhарман", "қаһарман"},
        {"cоp", "сор"},
        /* but not in Latin words, nor in foreign names with a suffix */
        {"Wi-Fi eGov WhatsApp Kaspi QR", "wi-fi egov whatsapp kaspi qr"},
        {"WhatsAppта Kaspiге", "whatsappта kaspiге"},
        /* and a Latin word with Cyrillic look-alikes is Latin */
        {"саsinо bоnus", "casino bonus"},
        /* the Latin schwa, always */
        {"Әлемде əдемі Əсем", "әлемде әдемі әсем"},
        {"kərek", "kәrek"},
        {"ɵзен", "өзен"},
        /* what shows nothing */
        {"по\u200Bли\u00ADци\uFEFFя", "полиция"},
        {"к\u200Dо\u2060г\u202Eда\u202C", "когда"},
        {"по\x01ли\x7Fция", "полиция"},
        {"қа\uFE0Fшан \u2764\uFE0F", "қашан \u2764"},
        {"по\u115Fли\u3164ция", "полиция"},
        /* marks on letters */
        {"к\u0336о\u0336г\u0336д\u0336а\u0336", "когда"},
        {"Z\u0351\u036B\u0343а\u0343\u0301ч\u0357е\u0301м", "zачем"},
        /* runs */
        {"кееерееемет", "керемет"},
        {"касса ппп ттт", "касса п т"},
        {"?\?\?!!!", "?!"},
        {"8 700 000 00 01", "8 700 000 00 01"},
        /* single letters */
        {"К О Г Д А приедете", "когда приедете"},
        {"к.о.г.д.а", "когда"},
        {"К-О-Г-Д-А?", "когда?"},
        {"қ*а*ш*а*н", "қашан"},
        {"К О Г Д A", "когда"},
        {"К О Г Д А  П Р И Д Ё Т", "когда придёт"},
        {"а б в", "а б в"},
        {"и т.д. и т.п.", "и т.д. и т.п."},
        {"А.Б. Иванов", "а.б. иванов"},
        /* white space */
        {" \t жол\u00A0\u2009 қашан\r\nжөнделеді\u3000", "жол қашан жөнделеді"},
        {"", ""},
        {"   ", ""},
        {"\u200B", ""},
        /* question marks */
        {"жол؟ қашан？ неге❓", "жол? қашан? неге?"},
        /* signs that are one */
        {"e’gov e`gov eʼgov", "e'gov e'gov e'gov"},
        {"2–3 — 4", "2-3 - 4"},
        {"№ 5", "№ 5"},
    };
    (void)state;
    CHECK_ROWS(rows, NORMAL_TEXT);
}

static void
latin_words_are_spelled_in_cyrillic(void **state)
{
    static const struct row rows[] = {
        {"жол қашан", NULL},
        {"qashan jondeledi", "қашан жонделеди"},
        {"qalay qayda", "қалай қайда"},
        {"ne ushin", "не ушин"},
        {"ne uwin", "не ушин"},
        {"shchuka zhol khat ghalam", "щука жол хат ғалам"},
        {"politsiya policiya", "полиция полиция"},
        {"ya yuriy yolka", "я юрий ёлка"},
        {"jańa jaña jaŋa janga", "жаңа жаңа жаңа жаңа"},
        {"qaǵaz qağaz", "қағаз қағаз"},
        {"äke áke a'ke", "әке әке әке"},
        {"şaş s'as'", "шаш шаш"},
        {"Kaspi-дегі ақша", "каспи-дегі ақша"},
        {"жолdaр", "жолдар"},
    };
    (void)state;
    CHECK_ROWS(rows, NORMAL_LATIN);
}

static void
digits_and_signs_inside_words_are_letters_too(void **state)
{
    static const struct row rows[] = {
        {"жол 2024", NULL},     {"с1кт", "сікт"},      {"к0т@к", "котак"},
        {"k0tak", "котак"},     {"5000 теңге!", NULL}, {"б!як", "біяк"},
        {"4то 6ля", "что бля"},
    };
    (void)state;
    CHECK_ROWS(rows, NORMAL_LEET);
}

static void
numbers_keep_their_shape(void **state)
{
    static const struct row rows[] = {
        {"Тел: +7 (701) 000-00-31", "Тел: +7 (701) 000-00-31"},
        {"８７０１", "8701"},
        {"٨٧٠١ ۸۷۰۱", "8701 8701"},
        {"❽⑦⓿➊", "8701"},
        {"8\uFE0F\u20E37\uFE0F\u20E3", "87"},
        {"8\u200B7\u00AD0\u202E1", "8701"},
        {"8\u03367\u03360\u03361", "8701"},
        {"8–701—000", "8-701-000"},
        {"8\u00A0701\u2009000", "8 701 000"},
        {"1000000", "1000000"},
        {"KZ20", "KZ20"},
    };
    static const struct row spelt[] = {
        {"8 701 000 00 31", NULL},
        {"8 7O1 OOO OO 31", "8 701 000 00 31"},
        {"8-7о1-ооо-з2-l4", "8-701-000-32-14"},
        {"мой 8 7O1 OOO OO 31 осы", "мой 8 701 000 00 31 осы"},
        {"он о 5 оо", NULL},
        {"20 лет", NULL},
    };
    (void)state;
    CHECK_ROWS(rows, NORMAL_DIGITS);
    CHECK_ROWS(spelt, NORMAL_SPELT);
}

/* In any channel `needle` must point back to [from, to). */
static void
places_point_into_the_original(void **state)
{
    static const struct {
        const char *in, *needle;
        uint32_t from, to;
        enum normal_channel channel;
    } rows[] = {
        {"жол қашан", "қашан", 4, 9, NORMAL_TEXT},
        {"по\u200Bли\u00ADция", "полиция", 0, 9, NORMAL_TEXT},
        {"эй К О Г Д А да", "когда", 3, 12, NORMAL_TEXT},
        {"ұзааааақ", "ұзақ", 0, 8, NORMAL_TEXT},
        {"е\u0308лка", "ёл", 0, 3, NORMAL_TEXT},
        {"😀 ﬁne", "fine", 2, 5, NORMAL_TEXT},
        {"о\u0336й\u0336", "ой", 0, 4, NORMAL_TEXT},
        {"а shchuka", "щука", 2, 9, NORMAL_LATIN},
        {"а politsiya!", "полиция", 2, 11, NORMAL_LATIN},
        {"тел ８\u200B７ иә", "87", 4, 7, NORMAL_DIGITS},
    };
    struct normal n;
    (void)state;
    normal_init(&n);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t from, to;
        normal_read(&n, str_from(rows[i].in));
        const struct channel *c = &n.channel[rows[i].channel];
        const char *at = strstr(c->text.data, rows[i].needle);
        if (at == NULL)
            fail_msg("row %zu: no '%s' in '%s'", i, rows[i].needle, c->text.data);
        size_t start = (size_t)(at - c->text.data);
        normal_span(c, start, start + strlen(rows[i].needle), &from, &to);
        if (from != rows[i].from || to != rows[i].to)
            fail_msg("row %zu: '%s' is at %u to %u", i, rows[i].needle, from, to);
    }
    normal_fini(&n);
}

/* Random text, thick with what composes, decomposes and reorders. */
static size_t
random_text(unsigned *seed, struct buf *out)
{
    static const uint32_t hard[] = {0x301,  0x308,  0x323,  0x328,  0x306,  0x1161,
                                    0x11A8, 0x1100, 0xAC00, 0x212B, 0xFDFA, 0xFB01,
                                    0x1E9B, 0x3A9,  0x9C7,  0x9BE,  0xFF76, 0xFF9E,
                                    0xBD,   0x345,  0x627,  0x653};
    size_t n = (size_t)(rand_r(seed) % 12);
    buf_reset(out);
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = (uint32_t)rand_r(seed);
        cp = cp % 3 == 0   ? hard[cp / 3 % (sizeof(hard) / sizeof(hard[0]))]
             : cp % 3 == 1 ? 0x21 + cp / 3 % 0x24FF
                           : 0x21 + cp / 3 % 0x2FFFF;
        if ((cp < 0xD800 || cp > 0xDFFF) && letter_class(cp) != LETTER_NOTHING &&
            cp != 0x2116)
            utf8_add(out, cp);
    }
    return out->len;
}

static void
clusters_compose_as_the_whole_text_would(void **state)
{
    struct units units = {.at = NULL};
    struct buf in = BUF_INIT, got = BUF_INIT;
    unsigned seed = 7;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        if (random_text(&seed, &in) == 0)
            continue;
        compose_read(buf_str(&in), &units);
        buf_reset(&got);
        for (size_t k = 0; k < units.n; k++)
            utf8_add(&got, units.at[k].cp);
        uint8_t *want = NULL;
        utf8proc_map((const uint8_t *)in.data, (utf8proc_ssize_t)in.len, &want,
                     UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE |
                         UTF8PROC_NULLTERM);
        if (want == NULL || strcmp(got.len == 0 ? "" : got.data, (char *)want) != 0)
            fail_msg("round %d: '%s' gives '%s', not '%s'", i, in.data, got.data, want);
        free(want);
    }
    units_fini(&units);
    buf_fini(&in);
    buf_fini(&got);
}

static void
a_thousand_marks_cost_no_more_than_their_number(void **state)
{
    struct buf in = BUF_INIT;
    struct normal n;
    (void)state;
    normal_init(&n);
    buf_add_cstr(&in, "қ");
    for (int i = 0; i < 8000; i++)
        utf8_add(&in, i % 2 == 0 ? 0x301 : 0x323);
    buf_add_cstr(&in, "аш");
    normal_read(&n, buf_str(&in));
    assert_string_equal(n.channel[NORMAL_TEXT].text.data, "қаш");
    assert_int_equal(n.channel[NORMAL_TEXT].units.at[0].to, 8001);
    normal_fini(&n);
    buf_fini(&in);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(obfuscation_is_undone),
        cmocka_unit_test(latin_words_are_spelled_in_cyrillic),
        cmocka_unit_test(digits_and_signs_inside_words_are_letters_too),
        cmocka_unit_test(numbers_keep_their_shape),
        cmocka_unit_test(places_point_into_the_original),
        cmocka_unit_test(clusters_compose_as_the_whole_text_would),
        cmocka_unit_test(a_thousand_marks_cost_no_more_than_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
