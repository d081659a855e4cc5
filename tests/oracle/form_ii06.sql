-- Form II.06, columns (4)–(13), of the days :first–:last as things stood on :last. A stopped dossier is backlog,
-- in time, from the day it was stopped; a withdrawn one is in column (9).
WITH at_cut_off AS (
    SELECT s.*,
           state <> 'stopped' AND e IS NOT NULL AND e <= :last AS resolved,
           state = 'stopped' AND e <= :last AS stopped,
           EXISTS (SELECT 1 FROM pause AS p
                   WHERE p.code = s.code AND p.begun <= :last AND (p.over IS NULL OR p.over > :last)) AS paused
    FROM sound AS s
    WHERE state <> 'not received' AND r <= :last AND NOT (deleted IS NOT NULL AND deleted <= :last)
)
SELECT unit_code,
       COALESCE((SELECT field FROM catalogue AS k WHERE k.code = substr(procedure_code, 1, 8)), own_field,
                'Chưa xác định') AS field,
       substr(procedure_code, 1, 8) AS procedure_code,
       SUM(r >= :first AND channel = 'online') AS received_online,
       SUM(r >= :first AND channel = 'in_person') AS received_in_person,
       SUM(r >= :first AND channel = 'postal') AS received_postal,
       SUM(r < :first) AS carried_over,
       SUM(resolved AND state <> 'withdrawn' AND d IS NOT NULL AND e < d) AS early,
       SUM(resolved AND (state = 'withdrawn' OR d IS NULL OR e = d)) AS on_time,
       SUM(resolved AND state <> 'withdrawn' AND d IS NOT NULL AND e > d) AS overdue,
       SUM(NOT resolved AND (stopped OR paused OR d IS NULL OR d >= :last)) AS open_in_time,
       SUM(NOT resolved AND NOT stopped AND NOT paused AND d IS NOT NULL AND d < :last) AS open_overdue
FROM at_cut_off
WHERE NOT (resolved AND e < :first)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3;
