# docker build -t suraq .            one image; one container for each stream (compose.yaml)
# Behind a proxy that re-signs TLS, name its CA file for npm:
#   docker build --build-arg NODE_EXTRA_CA_CERTS=/src/ca.crt -t suraq .   (ca.crt in this folder)

FROM debian:bookworm-slim AS build
WORKDIR /src
COPY .ci/deps .ci/deps
RUN .ci/deps build && rm -rf /var/lib/apt/lists/*
ARG NODE_EXTRA_CA_CERTS
COPY . .
RUN make JOBS="$(nproc)" STRIP=-s DESTDIR=/out PREFIX=/usr install

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="suraq" \
      org.opencontainers.image.description="Questions from a live chat, moderated, in front of the officer on air" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata \
        libcurl4 libexpat1 libfyaml0 libjansson4 libpcre2-8-0 libqrencode4 libsodium23 libsqlite3-0 \
        libstemmer0d libutf8proc2 libwebsockets17 libxlsxwriter4 \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 900 --user-group --home-dir /suraq --shell /usr/sbin/nologin suraq
COPY --from=build /out/usr/bin/suraq /usr/bin/suraq
COPY --from=build /out/usr/share/suraq /suraq
RUN install -d -o suraq -g suraq -m 700 /suraq/data && suraq version

# Paths in the settings start here: config/suraq.yaml, filters/police-kz, data/suraq.db.
WORKDIR /suraq
VOLUME ["/suraq/config", "/suraq/data"]
USER suraq
ENV SURAQ_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${SURAQ_LISTEN##*:} && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 2 _ code _ <&3 && [ \"$code\" = 200 ]"]
ENTRYPOINT ["/usr/bin/suraq"]
CMD ["run"]
