-- A diary as the first version made it. Never change this: later versions have to open it.
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE entries (
            session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            n INTEGER NOT NULL CHECK (n > 0),
            kind TEXT NOT NULL CHECK (kind IN ('routine begun', 'routine done', 'held', 'moved', 'set done', 'skipped', 'form', 'pain', 'pain not said', 'leg', 'leg settled', 'sore side', 'sign', 'prescribed', 'health answer', 'cleared', 'screened')),
            at_s REAL NOT NULL,
            routine TEXT,
            exercise TEXT,
            side TEXT CHECK (side IN ('left', 'right')),
            seconds REAL CHECK (seconds >= 0),
            reps INTEGER CHECK (reps >= 0),
            level INTEGER CHECK (level BETWEEN 0 AND 10),
            a_day INTEGER CHECK (a_day > 0),
            whole INTEGER CHECK (whole IN (0, 1)),
            yes INTEGER CHECK (yes IN (0, 1)),
            detail TEXT,
            PRIMARY KEY (session, n)
        ) STRICT, WITHOUT ROWID
        ;
INSERT INTO "entries" VALUES(1,1,'pain',1.0,NULL,NULL,NULL,NULL,NULL,4,NULL,NULL,NULL,'before');
INSERT INTO "entries" VALUES(1,2,'held',12.5,'cool down','hamstring stretch','left',20.0,NULL,NULL,NULL,1,NULL,NULL);
INSERT INTO "entries" VALUES(1,3,'prescribed',30.0,NULL,'press up',NULL,NULL,10,NULL,3,NULL,NULL,NULL);
INSERT INTO "entries" VALUES(1,4,'health answer',31.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'fall');
CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            uid TEXT NOT NULL UNIQUE CHECK (length(uid) BETWEEN 1 AND 64),
            started_at TEXT NOT NULL,
            utc_offset_s INTEGER NOT NULL CHECK (utc_offset_s BETWEEN -86399 AND 86399),
            day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
        ) STRICT
        ;
INSERT INTO "sessions" VALUES(1,'0123456789abcdef','2026-03-02T06:30:00Z',3600,'2026-03-02');
CREATE INDEX sessions_by_day ON sessions (day);
COMMIT;
