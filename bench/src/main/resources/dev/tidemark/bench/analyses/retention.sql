SELECT concat(toString(toMonday({first:Date}) + 7 * week), 'T00:00:00Z') AS time, offset - 1 AS period,
    if(offset = 0, count(), countIf(bitAnd(bitShiftRight(if(offset = 1, same, returns), greatest(toInt64(week + offset) - 1, 0)), 1) = 1)) AS n
FROM (
    SELECT person, groupArrayIf(week, started) AS starts, groupBitOrIf(bitShiftLeft(toUInt64(1), week), returned) AS returns,
        groupBitOrIf(bitShiftLeft(toUInt64(1), week), returned_after) AS same
    FROM (
        SELECT person, intDiv(toDate(ts) - toMonday({first:Date}), 7) AS week, countIf(event_type = 'signup') > 0 AS started,
            countIf(event_type != 'signup') > 0 AS returned,
            started AND returned AND maxIf(ts, event_type != 'signup') >= minIf(ts, event_type = 'signup') AS returned_after
        FROM events
        WHERE tenant_id = {tenant:String} AND event_type IN ('signup', 'page_view', 'play') AND person != 0
            AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
        GROUP BY person, week)
    GROUP BY person
    HAVING notEmpty(starts))
ARRAY JOIN starts AS week
ARRAY JOIN range(10) AS offset
WHERE toMonday({first:Date}) + 7 * (week + greatest(offset, 1) - 1) < {after:Date}
GROUP BY week, offset
