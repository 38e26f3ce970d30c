/* SPDX-License-Identifier: Apache-2.0 */
/* qr.c - a QR code as a small SVG picture: one path, a run of dark modules is one stroke
 * of it. Medium error correction: a phone reads it from a monitor across a desk. */
#include "serve/qr.h"

#include <errno.h>

#include <qrencode.h>

enum { QUIET = 4 };

static void
add_row(const QRcode *code, int y, struct buf *out)
{
    const unsigned char *row = code->data + (size_t)y * (size_t)code->width;

    for (int x = 0; x < code->width;) {
        int start = x;
        while (x < code->width && (row[x] & 1) != 0)
            x++;
        if (x > start)
            buf_addf(out, "M%d %dh%dv1h-%dz", start + QUIET, y + QUIET, x - start,
                     x - start);
        else
            x++;
    }
}

int
qr_svg(const char *text, struct buf *out, struct err *e)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

    if (code == NULL)
        return err_errno(e, ERR_SYSTEM, "making the QR code");
    int size = code->width + 2 * QUIET;
    buf_addf(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
             " shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 "
             "0h%dv%dH0z\"/><path d=\"",
             size, size, size, size);
    for (int y = 0; y < code->width; y++)
        add_row(code, y, out);
    buf_add_cstr(out, "\"/></svg>");
    QRcode_free(code);
    return 0;
}
