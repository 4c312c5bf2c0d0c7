SELECT concat(toString(toDate(bucket)), 'T00:00:00Z') AS time, sum(events) AS n
FROM rollup_hour
WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND bucket >= toDateTime({first:Date}, 'UTC') AND bucket < toDateTime({after:Date}, 'UTC')
GROUP BY toDate(bucket)
