# The service as an image: docker build -t speech-emotion . && docker run --rm -p 8080:8080 speech-emotion
#
# deploy/prove-image runs what the second stage says in a fresh Debian root: it reads the packages, the user, the
# environment and the health command from here.

# Images are named by tag, not by digest: where this file was written no registry could be asked for one. What is built twice
# may differ therefore. docs/deployment.md says how to pin both.
FROM swift:6.3.1-bookworm AS build
WORKDIR /src
COPY deploy/install-packages deploy/build-packages deploy/
RUN deploy/install-packages deploy/build-packages && rm -rf /var/lib/apt/lists/*
COPY Package.swift openapi.yaml VERSION ./
COPY Sources Sources
COPY Tests Tests
# Swift's runtime goes into the program and symbols stay out: 15 MB instead of 27.
RUN swift build -c release --static-swift-stdlib --product emotion-server -Xlinker --strip-all
RUN swift build -c release --static-swift-stdlib --product emotion-decoder -Xlinker --strip-all


FROM debian:bookworm-slim
# gnutls-bin is for the health of a server that speaks HTTPS.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends \
    gnutls-bin \
    libgnutls30 \
    libmicrohttpd12 \
    libmpg123-0 \
    libogg0 \
    libopenblas0-pthread \
    libopus0 \
    libseccomp2 \
    libsndfile1 \
    libsoxr0 \
    libstdc++6 \
    libvorbis0a \
    libvorbisfile3 \
  && rm -rf /var/lib/apt/lists/*

COPY deploy/health /usr/local/bin/emotion-health
COPY models /usr/share/speech-emotion/models
# The server starts the decoder that lies beside it.
COPY --from=build /src/.build/release/emotion-decoder /usr/local/bin/emotion-decoder
COPY --from=build /src/.build/release/emotion-server /usr/local/bin/emotion-server

# A file of one's own: docker run -v ./mine.safetensors:/mine.safetensors:ro -e EMOTION_MODEL=/mine.safetensors …
ENV EMOTION_MODEL=/usr/share/speech-emotion/models/emotion.safetensors
# Requests run side by side, each on one thread: OpenBLAS need not start threads of its own.
ENV OPENBLAS_NUM_THREADS=1

# Nothing is ever written: docker run --read-only works.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s CMD ["/usr/local/bin/emotion-health"]
ENTRYPOINT ["/usr/local/bin/emotion-server"]

ARG VERSION=1.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="speech-emotion" \
  org.opencontainers.image.description="Estimates which emotion a recorded voice expresses: POST a recording to /predict." \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
