SELECT concat(toString(toDate(ts)), 'T00:00:00Z') AS time, count() AS n
FROM events
WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
    AND person IN (
        SELECT person
        FROM events
        WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND event_type = 'purchase' AND person != 0 AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
        GROUP BY person
        HAVING count() >= 2)
GROUP BY toDate(ts)
