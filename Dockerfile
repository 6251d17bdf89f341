# In a checkout: docker build -t sentry-lite .
# The fleet's roles: docker run IMAGE run web|worker|cron; everything in one: docker run -v data:/var/lib/sentry-lite IMAGE run all

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json bun.lock ./
COPY patches ./patches
# Bun comes from the same registry as everything else that the lock file names.
RUN npm install --global bun@1.4.5 && bun install --frozen-lockfile
COPY . .
RUN bun scripts/build.ts /src/dist/sentry-lite
# A fresh volume takes over owner and mode of the folder it covers.
RUN mkdir -p /image/var/lib/sentry-lite

# The executable needs a C library and nothing else; it brings its own certificates and its own PostgreSQL.
FROM debian:bookworm-slim
COPY --from=build --chown=65532:65532 /image/var/lib/sentry-lite /var/lib/sentry-lite
COPY --from=build /src/dist/sentry-lite /usr/bin/sentry-lite
USER 65532:65532
ENV SENTRY_CONF=/etc/sentry-lite \
    SENTRY_LITE_DATA=/var/lib/sentry-lite \
    SENTRY__WEB__HOST=0.0.0.0
VOLUME /var/lib/sentry-lite
EXPOSE 9000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/usr/bin/sentry-lite", "health"]
ENTRYPOINT ["/usr/bin/sentry-lite"]
CMD ["run", "all"]
