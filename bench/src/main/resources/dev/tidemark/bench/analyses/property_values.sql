SELECT toString(country) AS value, count() AS n
FROM events
WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND country != ''
GROUP BY country
ORDER BY n DESC
LIMIT 100
