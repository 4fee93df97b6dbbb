"""HTTP doors: request -> command -> handler -> answer; the office's, and the suppliers'."""

from fastapi import APIRouter

from supplier_gateway.api import channels, register, selling

router = APIRouter()
router.include_router(register.router)
router.include_router(channels.router)
router.include_router(selling.router)
