"""Fact, plan, promise, demand, estimate or opinion: by the word that governs the event word of a claim."""

from __future__ import annotations

from anchorwatch.desk.cues import Cue, Found

# In the order in which they win where they begin at the same word.
GROUPS = (
    ("m_promise", "promise"), ("m_demand", "demand"), ("m_opinion", "opinion"), ("m_plan", "plan"),
    ("m_estimate", "estimate"),
)  # fmt: skip
# "will be repaired": the damage is a fact.
NOT_BY_FUTURE = frozenset({"infrastructure_damage", "outage", "airspace_incident"})
SAID = ("opine", "opinion_w", "state")
POSITIONS = ("t_peacekeepers", "t_membership", "t_guarantees", "t_negotiations", "t_frozen_assets", "t_sanctions")
JUDGED = frozenset({"statement", "spending", "meeting", "infrastructure_damage", "outage", "airspace_incident"})
AHEAD = 14  # words after a noun in which its verb stands: "the delivery will"
NEXT = 2  # words after "patrols", which is a noun where "will" follows
TAIL = 14  # words after the event in which an opinion is ascribed: ", he believes"
# "The ministers meet on Thursday": with a date, the present tense is what comes.
AHEAD_WITH_DATE = frozenset({
    "meeting", "command_change", "delivery", "appointment", "presence", "grid_change", "control_zone",
    "procurement",
})  # fmt: skip
DATE_OPENS = 3  # words at the beginning of a sentence that may be its date: "From January, ..."
OF_NOTICES = frozenset({"presence", "exercise", "control_zone"})  # "vessels are requested to keep clear"


def modality_of(
    type_: str, trigger: Cue, usual: str, found: Found, opens: int, commas: frozenset[int], heading: bool = False
) -> str:
    """Return the modality of an event whose word is `trigger`.

    `usual`: what it is where no word says it. `commas`: where they stand in the sentence.
    `opens`: the word before which nothing governs the event, as in "will meet after the cable was cut".
    `heading`: the event is an infinitive that nothing governs, as in "Germany to send frigate".
    """
    cues = _governing(found, opens, trigger, type_)
    said = _first(cues) or ("plan" if heading else None)
    if said is None:
        said = _after(found, trigger, commas, type_)
    if said is None and type_ in JUDGED and _is_judged(found, trigger):
        return "opinion"
    if said is None:
        if type_ == "pledge" and usual == "fact" and trigger.form in ("s", "base") and "m_done" not in found:
            return "promise"  # "Norway gives two billion"; what is approved is done
        if usual == "fact" and _is_ahead(found, trigger, type_):
            return "plan"
        return _of_statement(found) if type_ == "statement" and usual == "fact" else usual
    if said in ("plan", "estimate", "demand") and type_ in NOT_BY_FUTURE:
        return "fact"
    if said == "demand" and "nautical" in found and type_ in OF_NOTICES:
        return "fact"
    if (said == "estimate" and type_ == "meeting") or (said == "demand" and type_ == "appointment"):
        return "plan"
    if said == "promise" and type_ in ("meeting", "control_zone"):
        return "plan"  # to offer talks is to plan them
    if said == "plan" and type_ == "pledge":
        return "promise"
    if said == "plan" and type_ == "need":
        return "demand"
    return said


def _is_judged(found: Found, trigger: Cue) -> bool:
    """Return whether somebody calls the event something: "calls the doubling of the budget senseless"."""
    calls = any(0 <= trigger.first - cue.last <= AHEAD and cue.form != "noun" for cue in found.get("calls_it", ()))
    return calls and any(0 < cue.first - trigger.last <= AHEAD for cue in found.get("judged_w", ()))


def _is_ahead(found: Found, trigger: Cue, type_: str) -> bool:
    """Return whether an event in the present tense has a date: "From January, the command passes to Szczecin"."""
    if type_ not in AHEAD_WITH_DATE or trigger.form not in ("s", "base"):
        return False
    return any(
        cue.first < DATE_OPENS or trigger.last < cue.first <= trigger.last + AHEAD for cue in found.get("m_date", ())
    )


def _of_statement(found: Found) -> str:
    """Return the modality of a statement that nothing governs: who says something tells what he thinks."""
    if "denial_fact" in found and "accusation" in found:
        return "fact"
    return "opinion" if any(group in found for group in (*SAID, *POSITIONS)) else "fact"


def _governing(found: Found, start: int, trigger: Cue, type_: str) -> list[tuple[int, int, int, str]]:
    """Return the cues of the clause up to the event word: (first, -length, order of GROUPS, modality)."""
    cues = []
    for order, (group, modality) in enumerate(GROUPS):
        for cue in found.get(group, ()):
            if type_ == "meeting" and modality == "plan" and cue.first == trigger.first:
                continue  # to discuss is to plan something, but to have discussed is to have met
            if start <= cue.first <= trigger.last and cue.form != "noun":
                cues.append((cue.first, cue.first - cue.last, order, modality))
    for cue in found.get("m_consider", ()):  # to consider a purchase is to plan it
        if start <= cue.first <= trigger.last:
            cues.append((cue.first, 0, len(GROUPS), "opinion" if type_ in JUDGED else "plan"))
    return cues


def _first(cues: list[tuple[int, int, int, str]]) -> str | None:
    """Return what the first cue says; "plan" gives way to what is more exact, a word to a longer phrase."""
    if not cues:
        return None
    cues.sort()
    longest: dict[int, int] = {}
    for first, length, *_ in cues:
        longest.setdefault(first, length)
    cues = [cue for cue in cues if cue[1] == longest[cue[0]]]
    return next((modality for *_, modality in cues if modality != "plan"), "plan")


def _after(found: Found, trigger: Cue, commas: frozenset[int], type_: str) -> str | None:
    for group, modality in (("m_opinion", "opinion"), ("m_estimate", "estimate")):
        for cue in found.get(group, ()):
            if modality == "opinion" and type_ in NOT_BY_FUTURE:
                continue  # "The cables were cut, investigators are convinced"
            ascribed = modality == "opinion" or cue.form in ("s", "past")  # ", Shmyhal estimates"
            if (
                ascribed
                and trigger.last < cue.first <= trigger.last + TAIL
                and any(c in commas for c in range(trigger.last + 1, cue.first))
            ):
                return modality
    reach = AHEAD if trigger.form in ("noun", "word", "ing") else NEXT if trigger.form == "s" else 0
    would = "opinion" if type_ == "statement" else "plan"  # what would be, in the eyes of who says so
    for group, modality in (("m_must", "demand"), ("m_estimate", "estimate"), ("m_future", "plan"), ("m_would", would)):
        for cue in found.get(group, ()):
            near = trigger.last < cue.first <= trigger.last + reach
            if near and not any(c in commas for c in range(trigger.last + 1, cue.first)):
                return modality
    return None
