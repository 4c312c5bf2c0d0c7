SELECT active, count()
FROM (
    SELECT bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toDate(ts) - {first:Date}))) AS active
    FROM events
    WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND person != 0 AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date}
    GROUP BY person)
GROUP BY active
