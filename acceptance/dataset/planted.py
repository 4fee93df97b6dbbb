"""Purchases with a known answer: five core assortments and five things that only look like one.

In: articles as they can be bought, by class. Out: purchases of three years. Which classes they
fall into, who buys and how much depends on the seed; what makes a decoy one does not.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

MONTHS = 36
WINDOW = 24
MEMBERS = 30
CORE_ASSORTMENTS = 5
DECOYS = ("one_buyer", "falling", "crisis", "single_supplier", "scattered")
_FEWEST_GROUPS, _SCATTERED_GROUPS = 4, 15
_FEWEST_SUPPLIERS = 3


@dataclass(frozen=True, slots=True)
class PlantedArticle:
    """An article at one supplier. unit_price_net: EUR per order unit."""

    supplier: str
    article_number: str
    comparable_group: str
    name: str
    cpv: str
    order_unit: str
    unit_price_net: Decimal


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order line: month and member count from 0."""

    month: int
    member: int
    article: PlantedArticle
    quantity: int


@dataclass(frozen=True, slots=True)
class Planted:
    """The purchases, and the CPV classes (8 digits) they were planted in. decoys: kind -> class."""

    purchases: Sequence[Purchase]
    cores: Sequence[str]
    decoys: Mapping[str, str]


Groups = Mapping[str, Sequence[PlantedArticle]]
"""Comparable group -> the offers of it."""


def plant(articles: Sequence[PlantedArticle], seed: int) -> Planted:
    """Five core assortments, five decoys and some noise, among the classes of the articles.

    Raises ValueError when there are not enough classes with several suppliers.
    """
    chance = random.Random(seed)  # noqa: S311 - a drawing to be repeated, no secret
    classes = _classes(articles)
    wide = [name for name, groups in classes.items() if len(groups) >= _SCATTERED_GROUPS]
    scattered = chance.choice(sorted(wide))
    names = sorted(name for name in classes if name != scattered)
    chosen = chance.sample(names, CORE_ASSORTMENTS + len(DECOYS) - 1)
    cores = chosen[:CORE_ASSORTMENTS]
    decoys = dict(zip(DECOYS, [*chosen[CORE_ASSORTMENTS:], scattered], strict=True))
    purchases = [purchase for name in cores for purchase in _core(classes[name], chance)]
    for kind, name in decoys.items():
        purchases += _KINDS[kind](classes[name], chance)
    noisy = [name for name in names if name not in chosen]
    purchases += _noise([classes[name] for name in noisy], chance)
    return Planted(purchases, cores, decoys)


def _classes(articles: Sequence[PlantedArticle]) -> Mapping[str, Groups]:
    by_class: dict[str, dict[str, list[PlantedArticle]]] = {}
    for article in articles:
        groups = by_class.setdefault(f"{article.cpv[:4]}0000", {})
        groups.setdefault(article.comparable_group, []).append(article)
    kept = {
        name: {
            group: offers
            for group, offers in groups.items()
            if len({offer.supplier for offer in offers}) >= _FEWEST_SUPPLIERS
        }
        for name, groups in by_class.items()
    }
    return {name: groups for name, groups in kept.items() if len(groups) >= _FEWEST_GROUPS}


def _some(groups: Groups, chance: random.Random) -> list[Sequence[PlantedArticle]]:
    return [groups[name] for name in chance.sample(sorted(groups), _FEWEST_GROUPS)]


def _quantity(article: PlantedArticle, chance: random.Random, value: int) -> int:
    """About so many EUR worth of an article, at least one."""
    return max(1, round(chance.uniform(0.5, 1.5) * value / float(article.unit_price_net)))


def _core(
    groups: Groups,
    chance: random.Random,
    *,
    often: Callable[[int], float] = lambda _: 1.0,
    only: str = "",
) -> Iterator[Purchase]:
    """Seven to fifteen members that buy the same things month after month.

    often: month -> part of the usual frequency. only: the one supplier they take.
    """
    members = chance.sample(range(MEMBERS), chance.randint(7, 15))
    usual, value = chance.uniform(0.4, 0.8), chance.randint(150, 600)
    for offers in _some(groups, chance):
        taken = [offer for offer in offers if only in {"", offer.supplier}]
        for member in members:
            for month in range(MONTHS):
                if taken and chance.random() < usual * often(month):
                    article = chance.choice(taken)
                    yield Purchase(month, member, article, _quantity(article, chance, value))


def _one_buyer(groups: Groups, chance: random.Random) -> Iterator[Purchase]:
    """A town that needs a lot, and a few that take a little now and then."""
    big, *others = chance.sample(range(MEMBERS), 5)
    for offers in _some(groups, chance):
        for month in range(MONTHS):
            article = chance.choice(offers)
            yield Purchase(month, big, article, _quantity(article, chance, 6_000))
            for member in others:
                if chance.random() < 0.3:
                    yield Purchase(month, member, chance.choice(offers), 1)


def _falling(groups: Groups, chance: random.Random) -> Iterator[Purchase]:
    """What everybody bought until two years ago, and hardly anybody does now."""
    return _core(groups, chance, often=lambda month: max(0.0, 1.0 - (month - 12) / 14))


def _crisis(groups: Groups, chance: random.Random) -> Iterator[Purchase]:
    """Very much of it for everybody, within two months; before and after next to nothing."""
    flood = chance.randint(MONTHS - WINDOW + 2, MONTHS - 4)
    for offers in _some(groups, chance):
        for member in chance.sample(range(MEMBERS), 20):
            article = chance.choice(offers)
            month = flood + chance.randint(0, 1)
            yield Purchase(month, member, article, _quantity(article, chance, 9_000))
            if chance.random() < 0.5:
                yield Purchase(chance.randrange(MONTHS), member, chance.choice(offers), 1)


def _single_supplier(groups: Groups, chance: random.Random) -> Iterator[Purchase]:
    """A need like any other, for which everybody goes to the same one."""
    sellers: dict[str, int] = {}
    for offers in groups.values():
        for seller in {offer.supplier for offer in offers}:
            sellers[seller] = sellers.get(seller, 0) + 1
    only = max(sorted(sellers), key=sellers.__getitem__)
    sold = {name: of for name, of in groups.items() if any(o.supplier == only for o in of)}
    return _core(sold if len(sold) >= _FEWEST_GROUPS else groups, chance, only=only)


def _scattered(groups: Groups, chance: random.Random) -> Iterator[Purchase]:
    """Names alike, articles apart: nearly each is the choice of one or two members alone."""
    for rank, (_, offers) in enumerate(sorted(groups.items())):
        takers = chance.sample(range(MEMBERS), 3 if rank < 2 else chance.randint(1, 2))
        rarely = 0.15 if rank < 2 else 0.6
        for member in takers:
            for month in range(MONTHS):
                if chance.random() < rarely:
                    article = chance.choice(offers)
                    yield Purchase(month, member, article, _quantity(article, chance, 400))


def _noise(classes: Sequence[Groups], chance: random.Random) -> Iterator[Purchase]:
    """What a member needs once."""
    for groups in classes:
        for offers in groups.values():
            article = chance.choice(list(offers))
            member, month = chance.randrange(MEMBERS), chance.randrange(MONTHS)
            yield Purchase(month, member, article, _quantity(article, chance, 800))


_KINDS: Mapping[str, Callable[[Groups, random.Random], Iterator[Purchase]]] = {
    "one_buyer": _one_buyer,
    "falling": _falling,
    "crisis": _crisis,
    "single_supplier": _single_supplier,
    "scattered": _scattered,
}
