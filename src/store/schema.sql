-- The history. `review` is the truth and is only ever appended to; `state` is what its rows add up to and can be made
-- anew from them; `setting` and `place` are small things that the program remembers.
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS place (
    pack TEXT NOT NULL, file TEXT NOT NULL, entry TEXT NOT NULL, behind INTEGER NOT NULL,
    PRIMARY KEY (pack, file)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS review (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL,         -- which start of the program wrote it
    ordinal INTEGER NOT NULL,     -- its number in that run
    item TEXT NOT NULL,           -- what was asked
    act TEXT NOT NULL,            -- again, hard, good, easy, cram-…, void, suspend, resume, bury, forget, seed, adopt
    about TEXT NOT NULL,          -- what the act needs to know
    at INTEGER NOT NULL,          -- milliseconds since 1970, UTC
    "offset" INTEGER NOT NULL,    -- seconds east of UTC on the learner's clock
    took INTEGER NOT NULL,        -- milliseconds from the question to the answer
    hints INTEGER NOT NULL,
    confidence TEXT NOT NULL,     -- guess, maybe, sure, or nothing
    note TEXT NOT NULL,           -- what was answered
    place TEXT NOT NULL,          -- the file in which the item stood
    words TEXT NOT NULL,          -- what it asked
    UNIQUE (run, ordinal)
) STRICT;
CREATE INDEX IF NOT EXISTS review_item ON review (item);
CREATE INDEX IF NOT EXISTS review_adopted ON review (about) WHERE act = 'adopt';
CREATE TRIGGER IF NOT EXISTS review_stays BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'reviews are kept'); END;
CREATE TRIGGER IF NOT EXISTS review_holds BEFORE UPDATE ON review BEGIN SELECT RAISE(ABORT, 'reviews are kept'); END;
CREATE TABLE IF NOT EXISTS state (
    item TEXT NOT NULL PRIMARY KEY,
    phase INTEGER NOT NULL, step INTEGER NOT NULL,
    stability REAL, difficulty REAL,
    last INTEGER, last_offset INTEGER,
    due_at INTEGER, due_day INTEGER,
    reps INTEGER NOT NULL, lapses INTEGER NOT NULL, clean INTEGER NOT NULL,
    suspended INTEGER NOT NULL, buried INTEGER, surprised INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 2;
COMMIT;
