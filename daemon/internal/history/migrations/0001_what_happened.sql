-- Times are milliseconds since 1970 in UTC, durations milliseconds, offsets seconds east of UTC, days numbers of days
-- since 1970-01-01. The numbers of postures, outcomes and feelings are those of codes.go; they are never reused.

CREATE TABLE spans (
	from_ms  INTEGER PRIMARY KEY CHECK (from_ms >= 0),
	ms       INTEGER NOT NULL CHECK (ms > 0),
	posture  INTEGER NOT NULL,
	offset_s INTEGER NOT NULL,
	day      INTEGER NOT NULL
) STRICT;

-- As no two spans overlap, the last to start before the new one ends is the only one that could.
CREATE TRIGGER spans_never_overlap BEFORE INSERT ON spans
WHEN (SELECT from_ms + ms FROM spans WHERE from_ms < new.from_ms + new.ms ORDER BY from_ms DESC LIMIT 1) > new.from_ms
BEGIN
	SELECT raise(ABORT, 'spans overlap');
END;

CREATE TRIGGER spans_never_move BEFORE UPDATE OF from_ms, ms ON spans
BEGIN
	SELECT raise(ABORT, 'a span is replaced, not changed');
END;

CREATE TABLE prompts (
	at_ms       INTEGER PRIMARY KEY,
	shown       INTEGER NOT NULL,           -- 0: answered, by command or tray, before it was asked
	outcome     INTEGER NOT NULL DEFAULT 0, -- 0: none yet
	answered_ms INTEGER,
	offset_s    INTEGER NOT NULL,
	day         INTEGER NOT NULL
) STRICT;
CREATE INDEX prompts_of_day ON prompts (day);

CREATE TABLE natural_breaks (
	at_ms    INTEGER PRIMARY KEY, -- when the absence began
	offset_s INTEGER NOT NULL,
	day      INTEGER NOT NULL
) STRICT;
CREATE INDEX natural_breaks_of_day ON natural_breaks (day);

CREATE TABLE sessions (
	at_ms    INTEGER PRIMARY KEY,
	routine  TEXT    NOT NULL,
	place    TEXT    NOT NULL,
	outcome  INTEGER NOT NULL,
	feeling  INTEGER NOT NULL DEFAULT 0, -- 0: not said
	offset_s INTEGER NOT NULL,
	day      INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_day ON sessions (day);

CREATE TABLE steps (
	at_ms    INTEGER NOT NULL, -- of the session
	n        INTEGER NOT NULL, -- from 1
	exercise TEXT    NOT NULL,
	side     TEXT    NOT NULL,
	ms       INTEGER NOT NULL CHECK (ms >= 0),
	hurt     INTEGER NOT NULL,
	PRIMARY KEY (at_ms, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE days (
	day             INTEGER PRIMARY KEY,
	sitting_ms      INTEGER NOT NULL,
	standing_ms     INTEGER NOT NULL,
	away_ms         INTEGER NOT NULL,
	undecided_ms    INTEGER NOT NULL,
	session_ms      INTEGER NOT NULL,
	longest_ms      INTEGER NOT NULL,
	longest_from_ms INTEGER NOT NULL,
	prompts         INTEGER NOT NULL,
	taken           INTEGER NOT NULL,
	snoozed         INTEGER NOT NULL,
	skipped         INTEGER NOT NULL,
	ignored         INTEGER NOT NULL,
	natural         INTEGER NOT NULL,
	sessions        INTEGER NOT NULL,
	stopped         INTEGER NOT NULL,
	hurts           INTEGER NOT NULL
) STRICT;
