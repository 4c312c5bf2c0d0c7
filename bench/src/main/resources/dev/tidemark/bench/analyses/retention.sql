SELECT concat(toString(toMonday({first:Date}) + 7 * week), 'T00:00:00Z') AS time, offset - 1 AS period,
    if(offset = 0, sum(people), sumIf(people, bitTest(view, greatest(toInt64(offset) - 1, 0)))) AS n
FROM (
    SELECT week, bitOr(bitAnd(bitShiftRight(returns, week), 254), bitAnd(bitShiftRight(same, week), 1)) AS view, count() AS people
    FROM (
        SELECT groupBitOrIf(bitShiftLeft(toUInt64(1), week), start < 9223372036854775807) AS starts,
            groupBitOrIf(bitShiftLeft(toUInt64(1), week), last >= 0) AS returns,
            groupBitOrIf(bitShiftLeft(toUInt64(1), week), last >= start) AS same
        FROM (
            SELECT person, toUInt8(intDiv(toDate(ts) - toMonday({first:Date}), 7)) AS week,
                min(if(event_type = 'signup', toUnixTimestamp64Milli(ts), 9223372036854775807)) AS start,
                max(if(event_type != 'signup', toUnixTimestamp64Milli(ts), -1)) AS last
            FROM events
            WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND event_type IN ('signup', 'page_view', 'play') AND person != 0
                AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
            GROUP BY person, week)
        GROUP BY person
        HAVING starts != 0)
    ARRAY JOIN bitPositionsToArray(starts) AS week
    GROUP BY week, view)
ARRAY JOIN range(10) AS offset
WHERE toMonday({first:Date}) + 7 * (week + greatest(offset, 1) - 1) < {after:Date}
GROUP BY week, offset
