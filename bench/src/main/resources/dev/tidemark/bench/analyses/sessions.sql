WITH toUnixTimestamp64Milli(toDateTime64({first:Date}, 3, 'UTC')) AS begun, toUnixTimestamp64Milli(toDateTime64({after:Date}, 3, 'UTC')) AS over
SELECT arrayJoin([('sessions', toFloat64(ids)), ('duration', millis / sessions / 1000), ('bounce', bounced / sessions)]) AS pair, pair.1, pair.2
FROM (
    SELECT
        uniqCombined64If(17)(session_id, arrayExists(time -> time >= begun AND time < over, times)) AS ids,
        sum(length(inside)) AS sessions,
        sum(arraySum(session -> session.2, inside)) AS millis,
        sum(arrayCount(session -> session.3 = 1, inside)) AS bounced
    FROM (
        SELECT
            session_id,
            times,
            arrayFilter(
                session -> session.1 >= begun AND session.1 < over,
                if(arrayMax(times) - arrayMin(times) > 1800000,
                    arrayMap(
                        session -> (session[1], session[-1] - session[1], length(session)),
                        arraySplit((time, pause) -> pause > 1800000, arraySort(times) AS ordered, arrayDifference(ordered))),
                    [(arrayMin(times), arrayMax(times) - arrayMin(times), length(times))])) AS inside
        FROM (
            SELECT session_id, groupArray(toUnixTimestamp64Milli(ts)) AS times
            FROM events
            WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND session_id != '' AND toDate(ts) >= {first:Date} - 1 AND toDate(ts) <= {after:Date}
            GROUP BY session_id)))
