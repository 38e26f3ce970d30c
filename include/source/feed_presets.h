/* SPDX-License-Identifier: Apache-2.0 */
/* feed_presets.h - the presets of config/sources/, which are part of the program. */
#ifndef SURAQ_SOURCE_FEED_PRESETS_H
#define SURAQ_SOURCE_FEED_PRESETS_H

/* The YAML of config/sources/KIND.yaml; NULL: none is shipped. Static. */
const char *feed_preset(const char *kind);

#endif
