# One file for every image, by target: a service (which one: SERVICE), the steps before the services
# start (setup), the gateway, Keycloak. Versions are those the local stack was tried with; compose tells
# them by digest, from deploy/images.json.
ARG PYTHON=python:3.11.14-slim-bookworm
ARG CADDY=caddy:2.11.7
ARG KEYCLOAK=keycloak/keycloak:26.7.3

FROM ${PYTHON} AS packages
WORKDIR /build
COPY requirements/main.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r main.txt

FROM ${PYTHON} AS assets
WORKDIR /build
COPY requirements/local.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/local.txt
COPY deploy/assets.py deploy/
COPY services/portal/npm services/portal/npm
RUN mkdir -p services/portal/portal && python -m deploy.assets

FROM ${PYTHON} AS base
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin marktbund
WORKDIR /app
COPY --from=packages /venv /venv
COPY shared/contracts shared/contracts
COPY shared/kit shared/kit
COPY shared/ops shared/ops
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV MARKTBUND_HTTP_HOST=0.0.0.0 MARKTBUND_HTTP_PORT=8000

FROM base AS service
ARG SERVICE
COPY services/${SERVICE} services/${SERVICE}
COPY --from=assets /build/services/portal/portal/static assets
# The portal looks for its files beside its code; the other services have none.
RUN if [ "${SERVICE}" = portal ]; then mv assets services/portal/portal/static; else rm -r assets; fi
# A new volume takes over its folder's owner.
RUN install -d -o 10001 /var/lib/marktbund/blobs /var/lib/marktbund/anchors && install -d -o 10001 -m 700 /var/log/marktbund
ENV PYTHONPATH=/app/shared/contracts:/app/shared/kit:/app/shared/ops:/app/services/${SERVICE}
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]

FROM base AS setup
COPY services services
COPY deploy deploy
COPY shared/devkit shared/devkit
ENV PYTHONPATH=/app:/app/shared/contracts:/app/shared/kit:/app/shared/ops:/app/shared/devkit:/app/services/members:/app/services/catalog:/app/services/orders:/app/services/supplier-gateway:/app/services/documentation:/app/services/tender-planning:/app/services/portal
USER 10001

FROM ${CADDY} AS gateway
COPY deploy/caddy/Caddyfile /etc/caddy/Caddyfile
RUN chown -R 10001:10001 /data /config
USER 10001

FROM ${KEYCLOAK} AS keycloak
COPY deploy/keycloak/passwords.txt /opt/keycloak/data/password-blacklists/
RUN /opt/keycloak/bin/kc.sh build --db=postgres --http-relative-path=/auth --health-enabled=true
