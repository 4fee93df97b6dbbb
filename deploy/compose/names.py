"""What a deployment by compose is called, and what belongs to it."""

from deploy.local.deployment import Deployment
from deploy.local.services import CADDY, KEYCLOAK

COMPOSE = Deployment("compose", "", "production", issuer=None, gateway=CADDY, keycloak=KEYCLOAK)
SUPERUSER = "postgres"
