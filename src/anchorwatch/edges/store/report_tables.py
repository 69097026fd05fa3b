"""Tables of the report desk: reports, who else had them, what was corrected, feeds, incidents. Texts are evidence."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

from anchorwatch.edges.store.tables import BIG

report_metadata = MetaData()

reports = Table(
    "reports",
    report_metadata,
    Column("id", String(32), primary_key=True),  # of the text alone: a copy is the same report
    Column("at_us", BigInteger, nullable=False),  # published, or else received
    Column("received_us", BigInteger, nullable=False),
    Column("changed_us", BigInteger, nullable=False),  # understood last
    Column("story", String(40)),
    Column("relevance", Float, nullable=False),
    Column("relevant", Boolean, nullable=False),  # it is in a ledger
    Column("language", String(16), nullable=False),
    Column("words", Text, nullable=False),  # what a search looks in, in small letters
    Column("record", Text, nullable=False),  # anchorwatch.report/1
    Column("item", Text, nullable=False),  # as it came, to be understood anew
    Index("reports_by_time", "at_us", "id"),
    Index("reports_by_story", "story", "at_us"),
    Index("reports_by_change", "changed_us"),
)

report_marks = Table(  # what reports are looked up by
    "report_marks",
    report_metadata,
    Column("kind", String(16), primary_key=True),  # ledger, type, asset, source
    Column("value", String(200), primary_key=True),
    Column("report", String(32), primary_key=True),
    Index("report_marks_by_report", "report"),
)

copies = Table(  # where the same text was found; "" = not said
    "report_copies",
    report_metadata,
    Column("report", String(32), primary_key=True),
    Column("source", String(200), primary_key=True),
    Column("url_hash", String(64), primary_key=True),  # an address is longer than some databases let a key be
    Column("url", Text, nullable=False),
    Column("published_us", BigInteger),
    Column("received_us", BigInteger),
)

corrections = Table(
    "report_corrections",
    report_metadata,
    Column("id", BIG, primary_key=True, autoincrement=True),
    Column("correction", String(20), nullable=False, index=True),
    Column("report", String(32), nullable=False, index=True),  # "" = every report
    Column("at_us", BigInteger, nullable=False),
    Column("by", String(128), nullable=False),
    Column("record", Text, nullable=False),
    Column("ended_us", BigInteger),  # taken back; the line stays
    Column("ended_by", String(128)),
    sqlite_autoincrement=True,
)

press_feeds = Table(
    "press_feeds",
    report_metadata,
    Column("url", String(2000), primary_key=True),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("next_us", BigInteger, nullable=False),  # not before
    Column("failures", Integer, nullable=False),  # in a row
    Column("last_ok_us", BigInteger, nullable=False),  # 0 = never
    Column("why", Text, nullable=False),  # it failed the last time
    Column("state", Text, nullable=False),  # what else the poller remembers, JSON
)

incidents = Table(
    "incidents",
    report_metadata,
    Column("id", String(40), primary_key=True),
    Column("opened_us", BigInteger, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    Column("asset", String(200)),
    Column("state", String(16), nullable=False),
    Column("record", Text, nullable=False),
    Index("incidents_by_time", "opened_us", "id"),
)

incident_reports = Table(
    "incident_reports",
    report_metadata,
    Column("report", String(32), primary_key=True),
    Column("incident", String(40), primary_key=True),
)
