/* SPDX-License-Identifier: Apache-2.0 */
/* The WebSocket client: whom it trusts, and how each way of failing is told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "support/source_bench.h"

static char cert_path[] = "/tmp/suraq-cert-XXXXXX", key_path[] = "/tmp/suraq-key-XXXXXX";

static void
add_extension(X509 *cert, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    X509_add_ext(cert, ext, -1);
    X509_EXTENSION_free(ext);
}

/* A certificate for "localhost" that vouches for itself, in two files. */
static int
make_cert(void **state)
{
    (void)state;
    FILE *c = fdopen(mkstemp(cert_path), "wb"), *k = fdopen(mkstemp(key_path), "wb");
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
                               (const unsigned char *)"localhost", -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    add_extension(cert, NID_subject_alt_name, "DNS:localhost");
    add_extension(cert, NID_basic_constraints, "CA:TRUE");
    X509_sign(cert, key, EVP_sha256());
    int ok = PEM_write_X509(c, cert) &&
             PEM_write_PrivateKey(k, key, NULL, NULL, 0, NULL, NULL);
    fclose(c);
    fclose(k);
    X509_free(cert);
    EVP_PKEY_free(key);
    return ok ? 0 : -1;
}

static int
remove_cert(void **state)
{
    (void)state;
    return unlink(cert_path) | unlink(key_path);
}

struct probe {
    struct ws *ws;
    unsigned opened, closed;
    char code[16], why[512];
    struct buf got;
};

static void
opened(void *arg)
{
    struct probe *p = arg;
    p->opened++;
}

static void
got(void *arg, struct str data)
{
    struct probe *p = arg;
    buf_addf(&p->got, "%.*s|", STR_ARG(data));
}

static void
closed(void *arg, const char *code, const struct err *e)
{
    struct probe *p = arg;
    p->closed++;
    snprintf(p->code, sizeof(p->code), "%s", code);
    snprintf(p->why, sizeof(p->why), "%s", e->msg);
    ws_close(&p->ws);
}

static void
probe_open(struct probe *p, struct bench *b, struct ws_conf conf)
{
    struct err e = ERR_INIT;
    struct ws_events on = {.open = opened, .message = got, .closed = closed, .arg = p};
    conf.connect_ms = conf.connect_ms > 0 ? conf.connect_ms : 10000;
    *p = (struct probe){.opened = 0};
    p->ws = ws_open(b->loop, b->worker, &conf, &on, &e);
    if (p->ws == NULL)
        fail_msg("%s", e.msg);
}

static int
setup_tls(void **state)
{
    if (bench_setup(state) < 0)
        return -1;
    struct bench *b = *state;
    b->tls = mock_chat_new(b->loop, NULL, cert_path, key_path);
    return b->tls != NULL ? 0 : -1;
}

static void
a_server_is_trusted_for_its_authority(void **state)
{
    struct bench *b = *state;
    struct probe p;
    probe_open(&p, b, (struct ws_conf){.url = b->tls->url, .ca_file = cert_path});
    UNTIL(b, p.opened == 1);
    mock_chat_say(b->tls, "сәлем", strlen("сәлем"));
    UNTIL(b, p.got.len > 0);
    assert_string_equal(p.got.data, "сәлем|");
    ws_close(&p.ws);
    UNTIL(b, b->tls->closed == 1);
    buf_fini(&p.got);
}

static void
a_server_that_nobody_vouches_for_is_not_trusted(void **state)
{
    struct bench *b = *state;
    struct probe p;
    probe_open(&p, b, (struct ws_conf){.url = b->tls->url});
    UNTIL(b, p.closed == 1);
    assert_int_equal(p.opened, 0);
    assert_string_equal(p.code, "tls");
}

static void
a_certificate_for_another_name_is_not_trusted(void **state)
{
    struct bench *b = *state;
    struct probe p;
    char url[64];
    snprintf(url, sizeof(url), "wss://127.0.0.1:%s", strrchr(b->tls->url, ':') + 1);
    probe_open(&p, b, (struct ws_conf){.url = url, .ca_file = cert_path});
    UNTIL(b, p.closed == 1);
    assert_int_equal(p.opened, 0);
    assert_string_equal(p.code, "tls");
}

static void
a_name_that_does_not_exist_says_so(void **state)
{
    struct bench *b = *state;
    struct probe p;
    probe_open(&p, b, (struct ws_conf){.url = "ws://no-such-host.invalid/"});
    UNTIL(b, p.closed == 1);
    assert_string_equal(p.code, "dns");
    assert_non_null(strstr(p.why, "no-such-host.invalid"));
}

static void
a_port_where_nobody_listens_says_so(void **state)
{
    struct bench *b = *state;
    struct probe p;
    probe_open(&p, b, (struct ws_conf){.url = "ws://127.0.0.1:1/"});
    UNTIL(b, p.closed == 1);
    assert_string_equal(p.code, "refused");
    assert_non_null(strstr(p.why, "127.0.0.1:1"));
}

static void
the_end_is_told_once_with_the_server_s_code(void **state)
{
    struct bench *b = *state;
    struct probe p;
    probe_open(&p, b, (struct ws_conf){.url = b->mock->url});
    UNTIL(b, p.opened == 1);
    mock_chat_close(b->mock, 4001);
    UNTIL(b, p.closed == 1);
    assert_string_equal(p.code, "closed");
    assert_non_null(strstr(p.why, "4001"));
    assert_null(p.ws);
}

static void
what_is_queued_is_sent_before_closing(void **state)
{
    struct bench *b = *state;
    struct probe p;
    struct err e = ERR_INIT;
    probe_open(&p, b, (struct ws_conf){.url = b->mock->url});
    assert_int_equal(ws_send(p.ws, STR_LIT("too early"), &e), -1);
    UNTIL(b, p.opened == 1);
    err_reset(&e);
    assert_int_equal(ws_send(p.ws, STR_LIT("one"), &e), 0);
    assert_int_equal(ws_send(p.ws, STR_LIT("QUIT"), &e), 0);
    ws_close(&p.ws);
    UNTIL(b, b->mock->closed == 1);
    assert_string_equal(b->mock->told.data, "one\nQUIT\n");
    assert_int_equal(p.closed, 0);
}

static void
a_server_that_never_answers_is_given_up(void **state)
{
    struct bench *b = *state;
    struct probe p;
    char url[64];
    /* A listening socket that nobody serves. */
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in sa = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(sa);
    assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &len), 0);
    snprintf(url, sizeof(url), "ws://127.0.0.1:%d/", ntohs(sa.sin_port));
    probe_open(&p, b, (struct ws_conf){.url = url, .connect_ms = 50});
    UNTIL(b, p.closed == 1);
    assert_string_equal(p.code, "silent");
    close(fd);
}

static void
a_ca_file_that_is_not_there_is_an_error_at_once(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    struct ws_events on = {.open = opened};
    struct ws_conf conf = {.url = "wss://localhost/", .ca_file = "/nowhere/ca.pem"};
    assert_null(ws_open(b->loop, b->worker, &conf, &on, &e));
    assert_int_equal(e.code, ERR_VALUE);
    assert_non_null(strstr(e.msg, "/nowhere/ca.pem"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
#define TLS(name)  cmocka_unit_test_setup_teardown(name, setup_tls, bench_teardown)
int
main(void)
{
    const struct CMUnitTest tests[] = {
        TLS(a_server_is_trusted_for_its_authority),
        TLS(a_server_that_nobody_vouches_for_is_not_trusted),
        TLS(a_certificate_for_another_name_is_not_trusted),
        TEST(a_name_that_does_not_exist_says_so),
        TEST(a_port_where_nobody_listens_says_so),
        TEST(the_end_is_told_once_with_the_server_s_code),
        TEST(what_is_queued_is_sent_before_closing),
        TEST(a_server_that_never_answers_is_given_up),
        TEST(a_ca_file_that_is_not_there_is_an_error_at_once),
    };
    return cmocka_run_group_tests(tests, make_cert, remove_cert);
}
