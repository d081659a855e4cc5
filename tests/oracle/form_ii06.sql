-- Form II.06, columns (4)–(13), of the days :first–:last as things stood on :last, and what is counted beside them. A
-- stopped dossier is backlog, in time, from the day it was stopped; a withdrawn one is in column (9).
WITH at_cut_off AS (
    SELECT s.*,
           state <> 'stopped' AND e IS NOT NULL AND e <= :last AS resolved,
           state = 'stopped' AND e <= :last AS stopped,
           EXISTS (SELECT 1 FROM pause AS p
                   WHERE p.code = s.code AND p.begun <= :last AND (p.over IS NULL OR p.over > :last)) AS paused
    FROM sound AS s
    WHERE state <> 'not received' AND r <= :last AND NOT (deleted IS NOT NULL AND deleted <= :last)
), told AS MATERIALIZED (
    SELECT a.*, r >= :first AS new,
           CASE WHEN resolved AND state = 'done' THEN
               (SELECT upto FROM calendar WHERE day = e) - (SELECT upto FROM calendar WHERE day = r)
               - CASE WHEN code IN (SELECT code FROM pause) THEN
                   (SELECT COUNT(*) FROM calendar AS c WHERE c.worked AND c.day > r AND c.day <= e AND EXISTS (
                       SELECT 1 FROM pause AS p
                       WHERE p.code = a.code AND p.begun < c.day AND c.day <= COALESCE(p.over, e)))
                 ELSE 0 END
           END AS took
    FROM at_cut_off AS a
    WHERE NOT (resolved AND e < :first)
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
       SUM(NOT resolved AND NOT stopped AND NOT paused AND d IS NOT NULL AND d < :last) AS open_overdue,
       SUM(resolved AND state = 'withdrawn') AS withdrawn,
       SUM(stopped) AS stopped,
       SUM(NOT resolved AND NOT stopped AND paused) AS paused,
       SUM(d IS NULL) AS no_due_date,
       SUM(resolved AND linked IS NOT NULL) AS linked_known,
       SUM(new AND COALESCE(linked, 0)) AS linked_received,
       SUM(resolved AND COALESCE(linked, 0)) AS linked_resolved,
       SUM(resolved AND COALESCE(linked, 0) AND state <> 'withdrawn' AND d IS NOT NULL AND e > d) AS linked_overdue,
       SUM(new AND level IS NOT NULL) AS level_known,
       SUM(new AND COALESCE(level IN ('partial', 'full'), 0)) AS offered,
       SUM(new AND COALESCE(level IN ('partial', 'full'), 0) AND channel = 'online') AS offered_online,
       SUM(new AND COALESCE(level = 'full', 0)) AS offered_full,
       SUM(new AND COALESCE(level = 'full', 0) AND channel = 'online') AS offered_full_online,
       SUM(resolved AND result_sent IS NOT NULL) AS returned_known,
       SUM(resolved AND COALESCE(result_sent = 'postal', 0)) AS returned_by_post,
       SUM(keeps_result_sent AND (new AND (channel = 'postal' OR NOT resolved)
                                  OR resolved AND result_sent IS NOT NULL)) AS by_post_known,
       SUM(keeps_result_sent AND (new AND channel = 'postal' OR resolved AND COALESCE(result_sent = 'postal', 0)))
           AS by_post,
       SUM(fee IS NOT NULL) AS fee_known,
       SUM(COALESCE(fee, 0)) AS fee_due,
       SUM(COALESCE(fee, 0) AND paid IS NOT NULL) AS paid_known,
       SUM(COALESCE(fee, 0) AND COALESCE(paid, 0)) AS paid_online,
       SUM(resolved AND electronic IS NOT NULL) AS result_known,
       SUM(resolved AND COALESCE(electronic, 0)) AS result_electronic,
       SUM(new AND digitised IS NOT NULL) AS digitised_known,
       SUM(new AND COALESCE(digitised, 0)) AS digitised,
       SUM(new AND reused IS NOT NULL) AS reused_known,
       SUM(new AND COALESCE(reused, 0)) AS reused,
       SUM(took IS NOT NULL) AS processed,
       SUM(COALESCE(took, 0)) AS processing_days,
       SUM(took IS NOT NULL AND limit_days IS NOT NULL) AS timed,
       SUM(CASE WHEN limit_days IS NOT NULL THEN COALESCE(took, 0) ELSE 0 END) AS timed_days,
       SUM(CASE WHEN took IS NOT NULL THEN COALESCE(limit_days, 0) ELSE 0 END) AS timed_limit_days
FROM told
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3;
