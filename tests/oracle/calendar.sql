-- Every day of the years whose rest days are known: whether it is worked, and how many worked days there are up to it.
CREATE TEMP TABLE calendar (day TEXT PRIMARY KEY, worked INTEGER, upto INTEGER) WITHOUT ROWID;

INSERT INTO calendar
WITH RECURSIVE days (day) AS (
    SELECT MIN(substr(date, 1, 4)) || '-01-01' FROM rest_day
    UNION ALL
    SELECT date(day, '+1 day') FROM days WHERE day < (SELECT MAX(substr(date, 1, 4)) || '-12-31' FROM rest_day)
), marked AS (
    SELECT day, CASE COALESCE((SELECT kind FROM rest_day WHERE date = day), '')
                    WHEN 'off' THEN 0 WHEN 'work' THEN 1 ELSE strftime('%w', day) NOT IN ('0', '6') END AS worked
    FROM days
)
SELECT day, worked, SUM(worked) OVER (ORDER BY day) FROM marked;
