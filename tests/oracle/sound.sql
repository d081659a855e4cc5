-- The rows that may be counted (domain rules: errors are left out, and of a repeated row all copies but the first).
CREATE TEMP TABLE agency_of AS
SELECT m.local_code AS local_unit, a.agency_code, COALESCE(NULLIF(a.unit_code, ''), a.agency_code) AS unit_code,
       COALESCE(NULLIF(a.valid_from, ''), '0000') AS valid_from, COALESCE(NULLIF(a.valid_to, ''), '9999') AS valid_to
FROM unit_map AS m JOIN agency AS a ON a.agency_code = m.agency_code;

CREATE TEMP TABLE copies AS
SELECT code, MIN(place) AS first_place,
       COUNT(DISTINCT json_array(procedure_code, local_unit, state, channel, r, d, e, returned, deleted, other_facts))
           AS versions
FROM dossier
WHERE code IN (SELECT code FROM dossier GROUP BY code HAVING COUNT(*) > 1)
GROUP BY code;

CREATE TEMP TABLE still_paused AS
SELECT DISTINCT code FROM pause WHERE begun <> '' AND over IS NULL;

CREATE TEMP TABLE sound AS
SELECT x.*, a.unit_code, a.agency_code
FROM dossier AS x
JOIN agency_of AS a ON a.local_unit = x.local_unit
LEFT JOIN copies AS c ON c.code = x.code
WHERE x.code IS NOT NULL
  AND x.procedure_code IS NOT NULL
  AND x.state IS NOT NULL
  AND (x.channel IS NOT NULL OR x.state = 'not received')
  AND '?' NOT IN (COALESCE(r, ''), COALESCE(d, ''), COALESCE(e, ''), COALESCE(returned, ''), COALESCE(deleted, ''))
  AND (r IS NOT NULL OR x.state = 'not received')
  AND (r IS NULL OR r <= :snapshot)
  AND (r IS NULL OR r BETWEEN a.valid_from AND a.valid_to)
  AND (e IS NULL OR e <= :snapshot)
  AND (e IS NULL OR r IS NULL OR e >= r)
  AND (e IS NOT NULL OR x.state NOT IN ('done', 'withdrawn', 'stopped'))
  AND (x.state <> 'paused' OR x.code IN (SELECT code FROM still_paused))
  AND (c.code IS NULL OR (c.versions = 1 AND x.place = c.first_place));
