SELECT arrayJoin([('sessions', toFloat64(sessions)), ('duration', duration), ('bounce', bounce)]) AS pair, pair.1, pair.2
FROM (
    SELECT uniqCombined64(17)(session_id) AS sessions, avg(millis) / 1000 AS duration, countIf(n = 1) / count() AS bounce
    FROM (
        SELECT session_id, dateDiff('millisecond', min(ts), max(ts)) AS millis, count() AS n
        FROM events
        WHERE tenant_id = {tenant:String} AND session_id != '' AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
        GROUP BY session_id))
