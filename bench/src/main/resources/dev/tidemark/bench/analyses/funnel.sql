SELECT step, countIf(level >= step)
FROM (
    SELECT windowFunnel(604800000)(toUInt64(toUnixTimestamp64Milli(ts)), event_type = 'page_view', event_type = 'add_to_cart', event_type = 'purchase') AS level
    FROM events
    WHERE tenant_id = {tenant:String} AND event_type IN ('page_view', 'add_to_cart', 'purchase') AND person != 0
        AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
    GROUP BY person)
ARRAY JOIN [1, 2, 3] AS step
GROUP BY step
