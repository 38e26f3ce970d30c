/* SPDX-License-Identifier: Apache-2.0 */
/* sample.h - what platforms send, written after their documents: tests/data/source/. */
#ifndef SURAQ_TEST_SAMPLE_H
#define SURAQ_TEST_SAMPLE_H

/* New, NUL-terminated: tests/data/source/<platform>/<name>; a missing one ends the test.
 */
char *sample_read(const char *platform, const char *name);

#endif
