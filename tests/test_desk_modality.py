"""Fact, plan, promise, demand, estimate or opinion; who says it; on which side."""

from __future__ import annotations

import pytest

from desk_reading import gold, read

MODALITIES = [
    ("fact", "A cable between Finland and Estonia was cut on Sunday."),
    ("fact", "The cut cable will be repaired in March."),
    ("fact", "Poland ordered three submarines."),
    ("plan", "Norway will buy five frigates from Britain."),
    ("plan", "Berlin is to station a brigade in Lithuania."),
    ("plan", "Deliveries of launchers to Kyiv are to begin next year."),
    ("plan", "Zelenskyy may visit Warsaw next week."),
    ("promise", "Rutte promised to increase military presence in the Baltic Sea."),
    ("promise", "Sweden will provide military aid to Ukraine."),
    ("demand", "Trump demands that allies spend 5% of GDP on defence."),
    ("demand", "Poland's president called for a control zone in the Baltic Sea."),
    ("demand", "Ukraine asks the allies for ten launchers."),
    ("estimate", "Italy could reach 2% of GDP in military spending by 2028."),
    ("opinion", "Scholz rejected the target of 5% of GDP for defence."),
    ("opinion", "Membership in NATO would mean war, Orban believes."),
    ("opinion", "The minister called peacekeepers in Ukraine unacceptable."),
    ("fact", "Vessels are requested to keep clear of the firing area."),
    ("fact", "In May, NATO sent ships to the Baltic Sea."),
]


@pytest.mark.parametrize(("wanted", "text"), MODALITIES)
def test_modality(wanted: str, text: str) -> None:
    found = read(text).claims[0]
    assert found.modality == wanted, found


SPEAKERS = [
    ("Mark Rutte", "Mark Rutte said that the Alliance will send ships to the Baltic Sea."),
    ("Mark Rutte", "The Alliance will send ships to the Baltic Sea, said Mark Rutte."),
    ("Mark Rutte", "According to Mark Rutte, the Alliance will send ships to the Baltic Sea."),
    ("Mark Rutte", "The Alliance will send ships to the Baltic Sea, according to Mark Rutte."),
    ("Mark Rutte", "Mark Rutte: the Alliance will send ships to the Baltic Sea."),
    ("Fingrid", "The cable was cut at noon, Fingrid reported."),
    ("EU diplomats", "EU diplomats doubt that peacekeepers will be sent to Ukraine."),
    ("a senior official", "The cable was cut on purpose, a senior official said."),
    (None, "The cable was cut on Sunday."),
    (None, "The Baltic states disconnected from the Russian grid."),
]


@pytest.mark.parametrize(("wanted", "text"), SPEAKERS)
def test_speaker(wanted: str | None, text: str) -> None:
    assert read(text).claims[0].speaker == wanted


STANCES = [
    ("for", "peacekeepers", "Britain supports sending peacekeepers to Ukraine."),
    ("against", "peacekeepers", "Slovakia rejects peacekeepers in Ukraine."),
    ("against", "peacekeepers", "Poland will not send peacekeepers to Ukraine, the minister said."),
    ("conditional", "peacekeepers", "Italy agrees to send peacekeepers to Ukraine only if the UN leads them."),
    ("against", "membership", "Orban opposes membership of Ukraine in NATO."),
    ("for", "guarantees", "Kallas called for real security guarantees."),
]


@pytest.mark.parametrize(("stance", "topic", "text"), STANCES)
def test_stance_and_topic(stance: str, topic: str, text: str) -> None:
    found = read(text).claims[0]
    assert (found.type, found.stance, found.topic) == ("statement", stance, topic)


def test_the_items_to_tune_on() -> None:
    rows = [r for r in gold("tune_a.jsonl", "tune_b.jsonl", "tune_c.jsonl") if r["types"] and r["relevant"]]
    right = sum(read(row["text"]).claims[0].modality == row["modality"] for row in rows)
    assert right / len(rows) >= 0.8
