/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "judge/personal.h"

/* The samples of LANGUAGE section 8. */
static void
checks_know_real_numbers_from_others(void **state)
{
    static const struct {
        enum personal_check check;
        const char *hit;
        bool real;
    } rows[] = {
        {CHECK_NONE, "anything", true},
        {CHECK_IIN, "550101500114", true},
        {CHECK_IIN, "661230600227", true},
        {CHECK_IIN, "880630610043", true},
        {CHECK_IIN, "350915600065", true},
        {CHECK_IIN, "941107500353", true}, /* second round */
        {CHECK_IIN, "550101 500-114", true},
        {CHECK_IIN, "550101500115", false}, /* checksum */
        {CHECK_IIN, "551301500114", false}, /* month */
        {CHECK_IIN, "550230500110", false}, /* 30 February */
        {CHECK_IIN, "770228500200", false}, /* both rounds ten */
        {CHECK_IIN, "550101900118", false}, /* century */
        {CHECK_IIN, "55010150011", false},
        {CHECK_IIN, "5501015001144", false},
        /* of organisations: not personal */
        {CHECK_IIN, "050140000001", false},
        {CHECK_IIN, "100540000127", false},
        {CHECK_IIN, "180950000031", false},
        {CHECK_IIN, "201260000047", false},
        {CHECK_IIN, "230141000055", false},
        {CHECK_LUHN, "4400431111111113", true},
        {CHECK_LUHN, "4272 7100 0000 0007", true},
        {CHECK_LUHN, "5106-2100-0000-0007", true},
        {CHECK_LUHN, "4000000000000036", true},
        {CHECK_LUHN, "5555555555551234", true},
        {CHECK_LUHN, "4400431111111114", false},
        {CHECK_LUHN, "4272710000000008", false},
        {CHECK_LUHN, "5106210000000001", false},
        {CHECK_LUHN, "1234567890123456", false},
        {CHECK_LUHN, "440043111111", false},
        {CHECK_LUHN, "00000000000000000000", false},
        {CHECK_IBAN, "KZ20999B000000000007", true},
        {CHECK_IBAN, "KZ43888KZT0000000011", true},
        {CHECK_IBAN, "KZ52777TEST012345678", true},
        {CHECK_IBAN, "KZ04001X000000000000", true},
        {CHECK_IBAN, "KZ78999D111111111111", true},
        {CHECK_IBAN, "kz20 999b 0000 0000 0007", true},
        {CHECK_IBAN, "КZ20999В000000000007", true}, /* К and В are Cyrillic */
        {CHECK_IBAN, "KZ21999B000000000007", false},
        {CHECK_IBAN, "KZ20999B00000000007", false},
        {CHECK_IBAN, "KZ20999B0000000000071", false},
        {CHECK_IBAN, "RU20999B000000000007", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (personal_check(rows[i].check, str_from(rows[i].hit)) != rows[i].real)
            fail_msg("row %zu: %s", i, rows[i].hit);
}

static void
each_merged_range_becomes_one_mask(void **state)
{
    static const struct {
        const char *in, *want;
        struct personal_range ranges[3];
        size_t n;
    } rows[] = {
        {"жол", "жол", {{0, 0}}, 0},
        {"жол", "▇▇▇▇", {{0, 3}}, 1},
        {"тел 8701 иә", "тел ▇▇▇▇ иә", {{4, 8}}, 1},
        /* order, overlap and touch */
        {"abcdefgh", "a▇▇▇▇h", {{4, 7}, {1, 3}, {2, 5}}, 3},
        {"abcdefgh", "a▇▇▇▇fgh", {{3, 5}, {1, 3}}, 2},
        {"abcdefgh", "a▇▇▇▇d▇▇▇▇gh", {{4, 6}, {1, 3}}, 2},
        /* outside the text */
        {"abc", "ab▇▇▇▇", {{2, 900}}, 1},
        {"abc", "abc", {{3, 4}}, 1},
        {"abc", "abc", {{2, 2}}, 1},
        /* a letter and its mark, from either side */
        {"e\u0301b", "▇▇▇▇b", {{0, 1}}, 1},
        {"ae\u0301b", "a▇▇▇▇b", {{2, 3}}, 1},
        {"e\u0301\u0302\u0303b", "▇▇▇▇b", {{2, 3}}, 1},
        {"\u0301b", "▇▇▇▇b", {{0, 1}}, 1},
        /* joiners, selectors, skin */
        {"a\u2764\uFE0Fb", "a▇▇▇▇b", {{1, 2}}, 1},
        {"👍🏽!", "▇▇▇▇!", {{0, 1}}, 1},
        {"8\u200B\u200Bx", "▇▇▇▇x", {{0, 1}}, 1},
        {"", "", {{0, 5}}, 1},
    };
    struct buf got = BUF_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_reset(&got);
        personal_mask(str_from(rows[i].in), rows[i].ranges, rows[i].n, &got);
        if (!str_eq(buf_str(&got), str_from(rows[i].want)))
            fail_msg("row %zu: '%s'", i, got.data);
    }
    buf_fini(&got);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_know_real_numbers_from_others),
        cmocka_unit_test(each_merged_range_becomes_one_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
