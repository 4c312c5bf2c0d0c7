WITH
    cells AS MATERIALIZED (
        SELECT country, toDate(ts) AS day, uniqCombined64IfState(17)(person, person != 0) AS persons
        FROM events
        WHERE tenant_id = {tenant:String} AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
        GROUP BY country, day),
    top AS (SELECT groupArray(country) FROM (
        SELECT country FROM cells WHERE country != '' GROUP BY country ORDER BY uniqCombined64IfMerge(17)(persons) DESC, country LIMIT 10))
SELECT multiIf(country = '', '$none', has((SELECT * FROM top), country), toString(country), '$other') AS line,
    concat(toString(day), 'T00:00:00Z') AS time, uniqCombined64IfMerge(17)(persons)
FROM cells
GROUP BY line, day
