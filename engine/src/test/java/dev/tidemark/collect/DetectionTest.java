package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.MaskingRule;
import dev.tidemark.account.MaskingRule.Action;
import dev.tidemark.account.MaskingRule.Detect;
import dev.tidemark.base.Event;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DetectionTest {
    private final FixedTenants tenants = new FixedTenants();
    private final Desk desk = new Desk(tenants);

    @AfterEach
    void close() {
        desk.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a@b.co | ***",
                "write to ada.lovelace+x@mail.example.com, please | write to ***, please",
                "<a@b.co>;c@d.co | <***>;***",
                "a@b.co. | ***.",
                "müller@büro.example | ***",
                "@name at example.com | @name at example.com",
                "a@b | a@b",
                "a@b.c | a@b.c",
                "user@@example.com | user@@example.com",
                "https://x.example/?to=a@b.co&n=1 | https://x.example/?to=***&n=1",
                "https://x.example/?to=a%40b.co&bad=100% | https://x.example/?to=***&bad=100%",
                "https://x.example/?to=a%2540b.co | https://x.example/?to=***"
            })
    void findsAddressesOfEMail(String text, String masked) {
        tenants.masking(new MaskingRule("*", null, Detect.EMAIL, Action.REDACT));
        assertThat(property(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4111111111111111 | ***",
                "4111 1111 1111 1111 | ***",
                "4111-1111-1111-1111 exp 12/29 | *** exp 12/29",
                "378282246310005 | ***",
                "card4111111111111111x | card***x",
                "order 17 4111 1111 1111 1111 | order 17 ***",
                "4111111111111111 123 | *** 123",
                "4111111111111112 | 4111111111111112",
                "41111111111111111111111 | 41111111111111111111111",
                "0000000000000000 | 0000000000000000",
                "2026-03-01 12:00:00 | 2026-03-01 12:00:00",
                "+49 30 1234567 | +49 30 1234567"
            })
    void findsNumbersOfCardsByTheirCheckDigit(String text, String masked) {
        tenants.masking(new MaskingRule("*", null, Detect.CARD, Action.REDACT));
        assertThat(property(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.168.17.42 | 192.168.17.0",
                "from 10.1.2.3:8080 | from 10.1.2.0:8080",
                "10.1.2.3,10.9.8.7 | 10.1.2.0,10.9.8.0",
                "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443 | [2001:db8:85a3::]:443",
                "2001:db8::1 | 2001:db8:0::",
                "::ffff:10.1.2.3 | 0:0:0::",
                "12:30:45 | 12:30:45",
                "version 1.2.3 | version 1.2.3",
                "1.2.3.456 | 1.2.3.456",
                "v1.2.3.4 | v1.2.3.4",
                "seen at 10.1.2.3. Then | seen at 10.1.2.0. Then",
                "10.1.2.3.log | 10.1.2.0.log",
                "access.10.1.2.3 | access.10.1.2.0",
                "std::cafe | std::cafe",
                "a1b2c3.d4 | a1b2c3.d4"
            })
    void truncatesAddressesOfTheInternet(String text, String masked) {
        tenants.masking(new MaskingRule("*", null, Detect.IP, Action.TRUNCATE));
        assertThat(property(text)).isEqualTo(masked);
    }

    @Test
    void findsEveryPlantedValueAmongRandomOnes() {
        long seed = 20_260_301L;
        Random random = new Random(seed);
        Finder mails = Detection.of(Detect.EMAIL);
        Finder cards = Detection.of(Detect.CARD);
        for (int round = 0; round < 20_000; round++) {
            String card = card(random);
            String mail = word(random) + "@" + word(random) + ".org";
            String noise = noise(random);
            String text = noise + " " + mail + " " + noise + "; " + card + " " + noise;
            assertThat(found(mails, text)).as("seed %d: %s", seed, text).contains(mail);
            assertThat(found(cards, text)).as("seed %d: %s", seed, text).anyMatch(each -> each.contains(card));
        }
    }

    @Test
    void aNumberOfACardIsMaskedWhereItIsOne() {
        tenants.masking(new MaskingRule("*", null, Detect.CARD, Action.REDACT));
        Event event = desk.event(
                "{\"event_type\":\"e\",\"properties\":{\"a\":4111111111111111,\"b\":6304000000000000000,\"c\":411111111111,\"d\":12.5}}");
        assertThat(event.properties().strings()).containsOnlyKeys("a", "b").containsEntry("a", "***");
        assertThat(event.properties().numbers()).containsOnlyKeys("c", "d");
    }

    private String property(String text) {
        return desk.event("{\"event_type\":\"e\",\"properties\":{\"p\":\"" + text + "\"}}")
                .properties()
                .strings()
                .getOrDefault("p", "");
    }

    private static List<String> found(Finder finder, String text) {
        java.util.ArrayList<String> all = new java.util.ArrayList<>();
        for (Finder.Span span = finder.next(text, 0); span.exists(); span = finder.next(text, span.end())) {
            all.add(text.substring(span.start(), span.end()));
        }
        return all;
    }

    private static String card(Random random) {
        StringBuilder digits = new StringBuilder("4");
        while (digits.length() < 15) {
            digits.append(random.nextInt(10));
        }
        for (int check = 0; check < 10; check++) {
            String whole = digits.toString() + check;
            int sum = IntStream.range(0, 16)
                    .map(at -> {
                        int digit = whole.charAt(at) - '0';
                        int doubled = digit * 2;
                        return at % 2 == 1 ? digit : doubled > 9 ? doubled - 9 : doubled;
                    })
                    .sum();
            if (sum % 10 == 0) {
                return whole;
            }
        }
        throw new AssertionError("no check digit");
    }

    private static String word(Random random) {
        return random.ints(1 + random.nextInt(10), 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String noise(Random random) {
        String characters = "ab.,:;/?& -_@%()ü";
        return random.ints(random.nextInt(12), 0, characters.length())
                .collect(StringBuilder::new, (text, at) -> text.append(characters.charAt(at)), StringBuilder::append)
                .toString();
    }
}
