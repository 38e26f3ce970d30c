/* SPDX-License-Identifier: Apache-2.0 */
/* qr.h - a QR code as a small SVG picture. */
#ifndef SURAQ_SERVE_QR_H
#define SURAQ_SERVE_QR_H

#include "base/buf.h"
#include "base/err.h"

/* Adds "<svg ...>...</svg>": black on white, with the quiet zone of 4 modules. */
int qr_svg(const char *text, struct buf *out, struct err *e) MUST_CHECK;

#endif
