SELECT toString(page_path) AS path, count() AS n, uniqCombined64If(17)(person, person != 0) AS users
FROM events
WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
GROUP BY page_path WITH TOTALS
ORDER BY n DESC, page_path
LIMIT 100
