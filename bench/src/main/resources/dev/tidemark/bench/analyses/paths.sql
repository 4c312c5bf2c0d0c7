SELECT arrayStringConcat(path, ' > ') AS events, count() AS n
FROM (
    SELECT arraySlice(arrayMap(event -> event.2, arraySort(groupArray((ts, toString(event_type))))) AS types, indexOf(types, 'search') + 1, 3) AS path
    FROM events
    WHERE tenant_id = {tenant:String} AND session_id != '' AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
    GROUP BY session_id
    HAVING has(types, 'search') AND length(path) = 3)
GROUP BY path
ORDER BY n DESC, path
LIMIT 10
