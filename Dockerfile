# The operator's image, from scratch: one static program, CA certificates, and the list of what is linked into it.
#
#   ./dev image                           builds it with docker, podman or buildah
#   ./dev image --target emulator         the Console emulator, for trying things out in a cluster
#
# Build arguments: VERSION (of the program, and in labels), REVISION (commit), SOURCE_DATE_EPOCH (time stamp of every file;
# two builds with the same one give the same layers), FRESH (another value builds again what comes after the libraries).

# ---- compiler and libraries ----------------------------------------------------------------------------------------------
FROM docker.io/library/debian:bookworm-slim AS toolchain
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    set -eu; \
    rm -f /etc/apt/apt.conf.d/docker-clean; \
    apt-get update -qq; \
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 \
      g++ cmake ninja-build ccache ca-certificates dpkg-dev libboost1.81-dev libboost-url1.81-dev libssl-dev \
      nlohmann-json3-dev libyaml-cpp-dev libspdlog-dev libcli11-dev libexpected-dev prometheus-cpp-dev libsqlite3-dev \
      libgtest-dev libgmock-dev >/dev/null; \
    rm -rf /var/lib/apt/lists/*

# Debian has prometheus-cpp as a shared library only: its own source, with its flags, once more as an archive.
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    set -eu; \
    printf 'Types: deb-src\nURIs: http://deb.debian.org/debian\nSuites: bookworm\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
      >/etc/apt/sources.list.d/source.sources; \
    apt-get update -qq; \
    mkdir /tmp/prometheus-cpp; cd /tmp/prometheus-cpp; \
    apt-get source -qq prometheus-cpp="$(dpkg-query -W -f='${source:Version}' prometheus-cpp-dev)" >/dev/null; \
    CXXFLAGS="$(dpkg-buildflags --get CPPFLAGS) $(dpkg-buildflags --get CXXFLAGS)" \
    cmake -G Ninja -S prometheus-cpp-*/ -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DENABLE_PULL=OFF \
      -DENABLE_PUSH=OFF -DENABLE_TESTING=OFF -DENABLE_COMPRESSION=OFF -DUSE_THIRDPARTY_LIBRARIES=OFF >/dev/null; \
    cmake --build build >/dev/null; \
    cmake --install build --prefix /opt/prometheus-cpp >/dev/null; \
    rm -rf /tmp/prometheus-cpp /etc/apt/sources.list.d/source.sources /var/lib/apt/lists/*

# ---- sources, configured -------------------------------------------------------------------------------------------------
FROM toolchain AS source
WORKDIR /src
COPY . .
ARG VERSION=0.0.0-unknown
ARG FRESH=
RUN CXXFLAGS="-ffile-prefix-map=/src=." LDFLAGS="-Wl,--gc-sections" \
    cmake --preset release -B /build -DPLATFORMER_STATIC=ON -DPLATFORMER_UNITY=ON \
      -DPLATFORMER_INTEGRATION_TESTS=OFF \
      -DPLATFORMER_VERSION="$VERSION" -DCMAKE_PREFIX_PATH=/opt/prometheus-cpp >/dev/null

# ---- what the images hold ------------------------------------------------------------------------------------------------
# Beside the program: the certificates where OpenSSL looks for them, a user, and for scanners the Debian packages whose code
# is linked in, with their licences.
FROM source AS files
ARG SOURCE_DATE_EPOCH=0
ARG JOBS=
RUN --mount=type=cache,target=/ccache \
    set -eu; export CCACHE_DIR=/ccache CCACHE_BASEDIR=/src CCACHE_NOHASHDIR=1; \
    cmake --build /build ${JOBS:+-j$JOBS} --target platformer-operator
RUN set -eu; \
    mkdir -p /image/etc/ssl/certs /image/usr/bin /image/usr/lib/ssl /image/usr/share/doc /image/var/lib/dpkg/status.d; \
    cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/; \
    ln -s /etc/ssl/certs/ca-certificates.crt /image/usr/lib/ssl/cert.pem; \
    echo 'operator:x:65532:65532:platformer-operator:/:/sbin/nologin' >/image/etc/passwd; \
    echo 'operator:x:65532:' >/image/etc/group; \
    echo 'hosts: files dns' >/image/etc/nsswitch.conf; \
    cp -L /etc/os-release /image/etc/; \
    for package in ca-certificates libc6-dev libstdc++-12-dev libboost-url1.81-dev libssl-dev libyaml-cpp-dev libspdlog-dev \
        libfmt-dev nlohmann-json3-dev libcli11-dev libexpected-dev prometheus-cpp-dev; do \
      name=${package%%:*}; \
      dpkg-query -s "$package" | sed '/^Conffiles:/,/^[^ ]/{/^Conffiles:/d;/^ /d}' >"/image/var/lib/dpkg/status.d/$name"; \
      mkdir -p "/image/usr/share/doc/$name"; \
      cp -L "/usr/share/doc/$name/copyright" "/image/usr/share/doc/$name/"; \
    done; \
    find /image/usr/share/doc -name copyright -size +512k -exec gzip -9 -n {} +; \
    mkdir /image/usr/share/doc/platformer-operator; \
    cp LICENSE /image/usr/share/doc/platformer-operator/copyright; \
    strip -o /image/usr/bin/platformer-operator /build/bin/platformer-operator; \
    find /image -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

FROM source AS emulator-files
ARG SOURCE_DATE_EPOCH=0
ARG JOBS=
RUN --mount=type=cache,target=/ccache \
    set -eu; export CCACHE_DIR=/ccache CCACHE_BASEDIR=/src CCACHE_NOHASHDIR=1; \
    cmake --build /build ${JOBS:+-j$JOBS} --target platformer-console-emulator
RUN set -eu; \
    mkdir -p /image/etc /image/usr/bin /image/state; \
    chown 65532:65532 /image/state; \
    echo 'emulator:x:65532:65532:platformer-console-emulator:/:/sbin/nologin' >/image/etc/passwd; \
    strip -o /image/usr/bin/platformer-console-emulator /build/bin/platformer-console-emulator; \
    find /image -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

# ---- images --------------------------------------------------------------------------------------------------------------
FROM scratch AS emulator
ARG VERSION=0.0.0-unknown
LABEL org.opencontainers.image.title="platformer-console-emulator" \
      org.opencontainers.image.description="A stand-in for the Platformer Console, for tests and demonstrations" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
COPY --from=emulator-files /image/ /
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["/usr/bin/platformer-console-emulator"]
CMD ["--listen=0.0.0.0:8080", "--admin=0.0.0.0:8081"]

FROM scratch AS operator
ARG VERSION=0.0.0-unknown
ARG REVISION=
LABEL org.opencontainers.image.title="platformer-operator" \
      org.opencontainers.image.description="Kubernetes operator for service accounts of the Platformer Console" \
      org.opencontainers.image.url="https://platformer.com" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="scratch" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=files /image/ /
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/bin/platformer-operator"]
