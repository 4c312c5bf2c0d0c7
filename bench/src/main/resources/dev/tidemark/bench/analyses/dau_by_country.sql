SELECT if(grouping(line) = 1, '$total', if(line = -1, '$none', if(line < 10, toString(any(country)), '$other'))) AS value, concat(toString(day), 'T00:00:00Z') AS time, uniqCombined64IfMerge(17)(state)
FROM (
    SELECT country, days, states, if(country = '', -1, least(toInt64(row_number() OVER (PARTITION BY country = '' ORDER BY whole DESC, country)) - 1, 10)) AS line
    FROM (
        SELECT country, groupArray(cell_day) AS days, groupArray(state) AS states, uniqCombined64IfMerge(17)(state) AS whole
        FROM (
            SELECT country, toDate(ts) AS cell_day, uniqCombined64IfState(17)(person, person != 0) AS state
            FROM events
            WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
            GROUP BY country, cell_day)
        GROUP BY country))
ARRAY JOIN days AS day, states AS state
GROUP BY GROUPING SETS ((line, day), (day))
