"""Corrections follow each other, in whatever order they are heard, and never in a circle."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.corrections import HeardCorrection, followed, resolved


def test_corrections_are_followed_to_their_end():
    steps = {"txt:a": "gtin:b", "gtin:b": "mfr:c"}
    assert resolved("txt:a", steps) == "mfr:c"
    assert resolved("gtin:b", steps) == "mfr:c"
    assert resolved("mfr:c", steps) is None


def test_a_circle_moves_nothing():
    steps = {"a": "b", "b": "a", "x": "a"}
    assert [resolved(source, steps) for source in "abx"] == [None, None, None]


def test_a_new_end_reaches_everything_that_leads_there():
    first = followed([], [HeardCorrection("a", "b", "active", 1)])
    assert first == [HeardCorrection("a", "b", "active", 1, "b", pending=True)]
    second = followed(first, [HeardCorrection("b", "c", "active", 1)])
    assert {c.source: c.resolved for c in second} == {"a": "c", "b": "c"}
    assert all(c.pending for c in second)


def test_a_correction_taken_back_leads_nowhere():
    known = [HeardCorrection("a", "b", "active", 1, "b", pending=False)]
    assert followed(known, [HeardCorrection("a", "b", "withdrawn", 2)]) == [
        HeardCorrection("a", "b", "withdrawn", 2, None, pending=True)
    ]


def test_an_older_or_repeated_word_changes_nothing():
    known = [HeardCorrection("a", "c", "active", 2, "c", pending=False)]
    assert followed(known, [HeardCorrection("a", "b", "active", 1), known[0]]) == []


def test_what_was_still_to_follow_is_not_forgotten():
    known = [HeardCorrection("a", "b", "active", 1, "b", pending=True)]
    [kept] = followed(known, [HeardCorrection("a", "b", "active", 2)])
    assert kept.pending


def test_a_correction_without_articles_to_move_is_not_pending():
    word = HeardCorrection("a", "b", "active", 1)
    assert (word.pending, word.resolved) == (False, None)
    [kept] = followed([], [HeardCorrection("a", "b", "withdrawn", 1)])
    assert (kept.pending, kept.resolved) == (False, None)


def test_of_two_words_in_one_batch_the_newer_counts():
    later, earlier = (
        HeardCorrection("a", "c", "active", 2),
        HeardCorrection("a", "b", "active", 1),
    )
    for order in ([later, earlier], [earlier, later]):
        [kept] = followed([], order)
        assert (kept.to_group, kept.resolved, kept.version) == ("c", "c", 2)


def test_a_word_that_closes_a_circle_takes_its_articles_back():
    known = followed([], [HeardCorrection("a", "b", "active", 1)])
    settled = [HeardCorrection(c.source, c.to_group, c.status, c.version, "b") for c in known]
    changed = followed(settled, [HeardCorrection("b", "a", "active", 1)])
    assert {c.source: (c.resolved, c.pending) for c in changed} == {
        "a": (None, True),
        "b": (None, False),
    }


def test_a_correction_to_itself_moves_nothing():
    assert resolved("a", {"a": "a"}) is None


def test_news_of_one_source_leaves_the_others_out():
    known = [HeardCorrection("x", "y", "active", 3, "y")]
    [changed] = followed(known, [HeardCorrection("a", "b", "active", 1)])
    assert changed.source == "a"


WORDS = st.lists(
    st.builds(
        HeardCorrection,
        st.sampled_from("abcd"),
        st.sampled_from("abcde"),
        st.sampled_from(["active", "active", "withdrawn"]),
        st.just(1),
    ),
    max_size=12,
)


@given(WORDS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_the_order_of_news_does_not_matter(words, chance, size):
    versions: dict[str, int] = {}
    news = []
    for word in words:
        if word.source != word.to_group:
            versions[word.source] = versions.get(word.source, 0) + 1
            news.append(
                HeardCorrection(word.source, word.to_group, word.status, versions[word.source])
            )

    def heard(order):
        known: dict[str, HeardCorrection] = {}
        for start in range(0, len(order), size):
            changed = followed(known.values(), order[start : start + size])
            known |= {correction.source: correction for correction in changed}
        return {source: (c.version, c.status, c.resolved) for source, c in known.items()}

    mixed = list(news)
    chance.shuffle(mixed)
    assert heard(mixed) == heard(news)
