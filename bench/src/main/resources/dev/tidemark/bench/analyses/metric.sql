SELECT arrayJoin([('n', toFloat64(n)), ('users', toFloat64(users)), ('revenue', revenue)]) AS pair, pair.1, pair.2
FROM (
    SELECT count() AS n, uniqCombined64If(17)(person, person != 0) AS users, sumKahanIf(props_num['amount'], mapContains(props_num, 'amount')) AS revenue
    FROM events
    WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND event_type = 'purchase' AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date})
