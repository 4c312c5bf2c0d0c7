SELECT if(grouping(line) = 1, '$total', if(line = -1, '$none', if(line < 10, toString(any(country)), '$other'))) AS value, concat(toString(day), 'T00:00:00Z') AS time, sum(n)
FROM (
    SELECT country, day, n, if(country = '', -1, least(toInt64(dense_rank() OVER (PARTITION BY country = '' ORDER BY whole DESC, country)) - 1, 10)) AS line
    FROM (
        SELECT country, toDate(ts) AS day, count() AS n, sum(n) OVER (PARTITION BY country) AS whole
        FROM events
        WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
        GROUP BY country, day))
GROUP BY GROUPING SETS ((line, day), (day))
