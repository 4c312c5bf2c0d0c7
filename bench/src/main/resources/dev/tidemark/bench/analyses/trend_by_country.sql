WITH
    cells AS MATERIALIZED (
        SELECT country, toDate(ts) AS day, count() AS n
        FROM events
        WHERE tenant_id = {tenant:String} AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
        GROUP BY country, day),
    top AS (SELECT groupArray(country) FROM (
        SELECT country FROM cells WHERE country != '' GROUP BY country ORDER BY sum(n) DESC, country LIMIT 10))
SELECT multiIf(country = '', '$none', has((SELECT * FROM top), country), toString(country), '$other') AS line,
    concat(toString(day), 'T00:00:00Z') AS time, sum(n)
FROM cells
GROUP BY line, day
