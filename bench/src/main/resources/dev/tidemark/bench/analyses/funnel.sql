WITH 604800000 AS window, 1152921504606846976 AS never
SELECT step, if(step = 1, NULL, median[step - 1]) / 1000, if(step = 1, NULL, average[step - 1]) / 1000, if(step = 1, NULL, p90[step - 1]) / 1000, reached[step]
FROM (
    SELECT
        [count(), countIf(level >= 2), countIf(level >= 3)] AS reached,
        quantilesExactInclusiveIf(0.5, 0.9)(second - first, level >= 2) AS to_second,
        quantilesExactInclusiveIf(0.5, 0.9)(third - second, level >= 3) AS to_third,
        [to_second[1], to_third[1]] AS median,
        [to_second[2], to_third[2]] AS p90,
        [avgIf(second - first, level >= 2), avgIf(third - second, level >= 3)] AS average
    FROM (
        SELECT
            arrayReverseFill(t -> t < never, arrayMap(w -> if(w % 4 = 2, intDiv(w, 4), never), words)) AS thirds,
            arrayReverseFill(t -> t < never, arrayMap(w -> if(w % 4 = 1, intDiv(w, 4), never), words)) AS seconds,
            arrayReverseFill(t -> t < never, arrayMap((w, t) -> if(w % 4 = 1, t, never), words, thirds)) AS thirds_of_seconds,
            arrayMap((w, s, t) -> if(w % 4 = 0, 1 + (s <= intDiv(w, 4) + window) + (t <= intDiv(w, 4) + window), 0), words, seconds, thirds_of_seconds) AS levels,
            arrayMax(levels) AS level,
            indexOf(levels, level) AS best,
            intDiv(words[best], 4) AS first,
            seconds[best] AS second,
            thirds_of_seconds[best] AS third
        FROM (
            SELECT arraySort(groupArray(toUnixTimestamp64Milli(ts) * 4 + multiIf(event_type = 'page_view', 0, event_type = 'add_to_cart', 1, 2))) AS words
            FROM events
            WHERE tenant_id = {tenant:String} AND expires_on > toDate(now('UTC')) AND event_type IN ('page_view', 'add_to_cart', 'purchase') AND person != 0
                AND toDate(ts) >= {first:Date} AND toDate(ts) < {after:Date} + 7
            GROUP BY person
            HAVING countIf(event_type = 'page_view' AND toDate(ts) < {after:Date}) > 0)
        WHERE level > 0))
ARRAY JOIN [1, 2, 3] AS step
