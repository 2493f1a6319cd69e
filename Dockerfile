# The pages are built once here; the service itself runs from its TypeScript, so the image needs no other build step.
FROM node:24-bookworm-slim AS build
WORKDIR /busguard
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/var/lib/busguard
WORKDIR /busguard
COPY --from=build /busguard ./
RUN install -d -o node -g node /var/lib/busguard /var/lib/busguard/media
USER node
VOLUME /var/lib/busguard
EXPOSE 8080 8808 8809
HEALTHCHECK --interval=10s --timeout=3s --start-period=40s \
  CMD ["node", "services/launch/healthcheck.mjs"]
CMD ["node", "--max-semi-space-size=32", "services/launch/serve.mjs", "--no-demo"]
