/* SPDX-License-Identifier: Apache-2.0 */
/* advice.h - what a person can do about a source, by its reason code. */
#ifndef SURAQ_COMMAND_ADVICE_H
#define SURAQ_COMMAND_ADVICE_H

/* One line in `lang` ("kk", "ru", else English), static. A code that is not known gets a
 * line as well. */
const char *advice_of(const char *code, const char *lang);

#endif
