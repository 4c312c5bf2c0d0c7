SELECT arrayStringConcat(path, ' > ') AS events, count() AS n
FROM (
    SELECT arrayFirstIndex(event -> event.3 = 'search', visit) AS anchor, arrayMap(event -> event.3, arraySlice(visit, anchor + 1, 3)) AS path
    FROM (
        SELECT arraySort(groupArray((ts, journal_offset, toString(event_type)))) AS events
        FROM events
        WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND toDate(ts) >= {first:Date} - 1 AND toDate(ts) <= {after:Date} AND session_id != ''
        GROUP BY session_id
        HAVING max(event_type = 'search'))
    ARRAY JOIN arraySplit((event, pause) -> pause > 1800000, events, arrayDifference(arrayMap(event -> toUnixTimestamp64Milli(event.1), events))) AS visit
    WHERE anchor > 0 AND length(path) = 3 AND toDate(visit[anchor].1) >= {first:Date} AND toDate(visit[anchor].1) < {after:Date})
GROUP BY path
ORDER BY n DESC, path
LIMIT 10
