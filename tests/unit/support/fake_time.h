/* SPDX-License-Identifier: Apache-2.0 */
/* fake_time.h - hours that pass at once. A test program that is linked with this asks
 * here what time it is, and so do the libraries that it uses: timers of libwebsockets and
 * time limits of libcurl come due without waiting. */
#ifndef SURAQ_TEST_FAKE_TIME_H
#define SURAQ_TEST_FAKE_TIME_H

#include <stdint.h>

/* From now on it is `ms` later, for every thread of the process. */
void fake_time_pass(int64_t ms);

#endif
