"""A small part of `make demo` on the running platform: three countries' purchases under rules."""

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from acceptance.__main__ import replay
from acceptance.actors.people import add_people, loader_of
from acceptance.actors.screen import Screen
from acceptance.dataset.plans import OFFICE, SECOND_OFFICE, purchases_plan
from acceptance.dataset.scms import orders, scms_lines
from acceptance.ledger.journal import Journal
from acceptance.streams import scms
from tests.market import Market, add_person
from tests.running import Platform

COUNTRIES = {"Cameroon", "Ghana", "Swaziland", "Nigeria"}


async def test_real_purchases_take_every_route(platform: Platform, market: Market, tmp_path: Path):
    lines = [line for line in scms_lines() if line.country in COUNTRIES]
    stream = replace(
        scms(),
        deployment=platform.deployment,
        plan=purchases_plan(lines),
        orders=orders(lines),
    )
    add_people(stream.plan, platform.deployment, platform.places)
    for office in (OFFICE, SECOND_OFFICE):
        await add_person(platform, office.sub, [{"role": "office"}])
    screen = Screen(Console(file=io.StringIO()))
    with Journal(tmp_path / "journal.jsonl") as journal:
        loader = loader_of(platform.deployment, platform.places)
        await replay(stream, platform.places, journal, screen, loader)
    outcomes = {entry.outcome for entry in journal.submitted}
    assert outcomes >= {"direct", "compare", "request", "hand_over"}
    assert len(journal.ordered) + len(journal.not_placed) >= len(stream.orders)
    answered = {entry.supplier_order_id for entry in journal.answered}
    cancelled = {entry.order_id for entry in journal.taken_back}
    standing = [entry for entry in journal.ordered if entry.order_id not in cancelled]
    assert {share for entry in standing for share in entry.supplier_order_ids} <= answered
