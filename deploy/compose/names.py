"""What a deployment by compose is called, and what belongs to it."""

from deploy.devstack.deployment import Deployment
from deploy.devstack.services import CADDY, KEYCLOAK

COMPOSE = Deployment("compose", "", "production", issuer=None, gateway=CADDY, keycloak=KEYCLOAK)
SUPERUSER = "postgres"
