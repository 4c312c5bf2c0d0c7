WITH days AS (
    SELECT toDate(bucket) AS day, uniqCombined64IfMergeState(17)(persons) AS persons
    FROM rollup_hour
    WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND bucket >= toDateTime({first:Date} - 6, 'UTC') AND bucket < toDateTime({after:Date}, 'UTC')
    GROUP BY day)
SELECT concat(toString(shown), 'T00:00:00Z') AS time, uniqCombined64IfMerge(17)(persons)
FROM days
ARRAY JOIN arrayMap(i -> day + i, range(7)) AS shown
WHERE shown >= {first:Date} AND shown < {after:Date}
GROUP BY shown
