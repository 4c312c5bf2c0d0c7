SELECT toString(country) AS value, count() AS n
FROM events
WHERE tenant_id = {tenant:String} AND country != '' AND toDate(ts) >= today() - 30
GROUP BY country
ORDER BY n DESC
LIMIT 100
