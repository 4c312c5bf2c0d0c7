SELECT concat(toString(toMonday({first:Date}) + 7 * week), 'T00:00:00Z') AS time, offset - 1 AS period,
    if(offset = 0, sum(1), countIf(bitTest(returned, week + offset - 1))) AS n
FROM (
    SELECT person,
        groupBitOrIf(bitShiftLeft(toUInt64(1), intDiv(toDate(ts) - toMonday({first:Date}), 7)),
            event_type = 'signup' AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}) AS started,
        groupBitOrIf(bitShiftLeft(toUInt64(1), intDiv(toDate(ts) - toMonday({first:Date}), 7)), event_type != 'signup') AS returned
    FROM events
    WHERE tenant_id = {tenant:String} AND event_type IN ('signup', 'page_view', 'play') AND person != 0
        AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
    GROUP BY person
    HAVING started != 0)
ARRAY JOIN bitPositionsToArray(started) AS week
ARRAY JOIN range(10) AS offset
WHERE toMonday({first:Date}) + 7 * (week + greatest(offset, 1) - 1) < {after:Date}
GROUP BY week, offset
