from qms.domain.errors import N_, NN_, InvalidInput, Notice, RuleViolation


def test_a_refusal_reads_as_an_english_sentence_and_keeps_its_parts_for_translation() -> None:
    refusal = InvalidInput("Shorten it to %(limit)s characters.", field="title", limit=5)

    assert str(refusal) == "Shorten it to 5 characters."
    assert (refusal.message, refusal.params, refusal.field) == (
        "Shorten it to %(limit)s characters.",
        {"limit": 5},
        "title",
    )
    assert isinstance(refusal, RuleViolation)


def test_a_notice_reads_the_same_way() -> None:
    assert str(Notice("%(months)s months", {"months": 12})) == "12 months"


def test_marking_a_message_changes_nothing() -> None:
    assert N_("Ask.") == "Ask."
    assert NN_("day", "days") == ("day", "days")
