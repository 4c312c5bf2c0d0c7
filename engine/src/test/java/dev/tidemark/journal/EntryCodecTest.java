package dev.tidemark.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final Event FULL = new Event(
            TENANT,
            new EventId("e-1"),
            false,
            "purchase \u00e9\u4e2d\ud83d\ude00",
            -5L,
            1_700_000_000_123L,
            "user-1",
            "anonymous-1",
            "session-1",
            Map.of(ContextField.PAGE_URL, "https://example.com/?q=1", ContextField.SDK, "js/1.0"),
            new Attributes(
                    Map.of("name", "Ada", "empty", ""), Map.of("amount", 12.5, "big", 1e300), Map.of("paid", true)),
            new Attributes(Map.of("plan", "pro"), Map.of(), Map.of("admin", false)),
            true,
            20_000);
    private static final Event SPARSE = new Event(
            TENANT,
            new EventId("e-2"),
            true,
            "ping",
            1L,
            2L,
            null,
            null,
            null,
            Map.of(),
            Attributes.NONE,
            Attributes.NONE,
            false,
            Event.NEVER_EXPIRES);
    private static final DeadLetter LETTER = new DeadLetter(
            TENANT,
            new EventId("d-1"),
            true,
            99L,
            "schema_violation",
            "properties.amount",
            "must be a number",
            "purchase",
            "{\"amount\":\"x\"}",
            "import:access.log",
            8898L,
            Event.NEVER_EXPIRES);
    private static final DeadLetter SPARSE_LETTER = new DeadLetter(
            TENANT, new EventId("d-2"), false, 99L, "malformed", null, "cut off", null, "", "http", 0L, 1);

    private final EntryCodec codec = new EntryCodec();

    @Test
    void decodesWhatItEncoded() {
        for (JournalEntry entry : new JournalEntry[] {FULL, SPARSE, LETTER, SPARSE_LETTER}) {
            assertThat(codec.decode(codec.encode(entry))).isEqualTo(entry);
        }
    }

    @Test
    void aWriterLeavesNothingOfAnEntryInTheNext() {
        EntryWriter writer = new EntryWriter();
        for (JournalEntry entry : new JournalEntry[] {FULL, SPARSE, LETTER, SPARSE_LETTER, FULL}) {
            assertThat(writer.write(entry)).isEqualTo(codec.encode(entry));
            assertThat(codec.decode(writer.write(entry))).isEqualTo(entry);
        }
    }

    @Test
    void itsBytesAreReadByAvroWithTheSchemaFile() throws IOException {
        GenericRecord event = readGeneric(codec.encode(FULL));
        assertThat(event.getSchema().getFullName()).isEqualTo("dev.tidemark.journal.Event");
        assertThat(event.get("tenant")).hasToString("acme");
        assertThat(event.get("id")).hasToString("e-1");
        assertThat(event.get("id_assigned")).isEqualTo(false);
        assertThat(event.get("type")).hasToString(FULL.type());
        assertThat(event.get("timestamp")).isEqualTo(-5L);
        assertThat(event.get("received_at")).isEqualTo(1_700_000_000_123L);
        assertThat(event.get("user_id")).hasToString("user-1");
        assertThat(event.get("anonymous_id")).hasToString("anonymous-1");
        assertThat(event.get("session_id")).hasToString("session-1");
        assertThat(textual(event.get("context")))
                .isEqualTo(Map.of("page_url", "https://example.com/?q=1", "sdk", "js/1.0"));
        GenericRecord properties = (GenericRecord) event.get("properties");
        assertThat(textual(properties.get("strings"))).isEqualTo(Map.of("name", "Ada", "empty", ""));
        assertThat(textual(properties.get("numbers"))).isEqualTo(Map.of("amount", "12.5", "big", "1.0E300"));
        assertThat(textual(properties.get("booleans"))).isEqualTo(Map.of("paid", "true"));
        assertThat(textual(((GenericRecord) event.get("traits")).get("strings")))
                .isEqualTo(Map.of("plan", "pro"));
        assertThat(event.get("sets_traits")).isEqualTo(true);
        assertThat(event.get("expires_on")).isEqualTo(20_000);

        GenericRecord letter = readGeneric(codec.encode(LETTER));
        assertThat(letter.getSchema().getFullName()).isEqualTo("dev.tidemark.journal.DeadLetter");
        assertThat(letter.get("reason")).hasToString("schema_violation");
        assertThat(letter.get("field")).hasToString("properties.amount");
        assertThat(letter.get("line")).isEqualTo(8898L);
        assertThat(readGeneric(codec.encode(SPARSE_LETTER)).get("field")).isNull();
    }

    @Test
    void readsWhatAvroWritesWithTheSchemaFile() throws IOException {
        for (JournalEntry entry : new JournalEntry[] {FULL, SPARSE, LETTER, SPARSE_LETTER}) {
            GenericRecord generic = readGeneric(codec.encode(entry));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder out = EncoderFactory.get().blockingBinaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(schema()).write(generic, out);
            out.flush();
            assertThat(codec.decode(bytes.toByteArray())).isEqualTo(entry);
        }
    }

    @Test
    void skipsContextFieldsThatItDoesNotKnow() throws IOException {
        GenericRecord generic = readGeneric(codec.encode(SPARSE));
        generic.put("context", Map.of("battery_level", "80", "os", "Linux"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema()).write(generic, out);
        out.flush();
        assertThat(codec.decode(bytes.toByteArray()))
                .isInstanceOfSatisfying(
                        Event.class, event -> assertThat(event.context()).isEqualTo(Map.of(ContextField.OS, "Linux")));
    }

    @Test
    void refusesTruncatedBytesAndNeverFailsInAnotherWayForDamagedOnes() {
        byte[] whole = codec.encode(FULL);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> codec.decode(cut))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
        }
        long seed = 20_260_101L;
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                assertThat(codec.decode(damaged)).isNotNull();
            } catch (TidemarkException expected) {
                assertThat(expected.code()).as("seed %d", seed).isEqualTo(ErrorCode.INTERNAL);
            }
        }
    }

    @Test
    void placesEveryTenantInTheSamePartitionForEver() {
        assertThat(new Partitioner(4).of(new TenantId("demo"))).isEqualTo(new Partitioner(4).of(new TenantId("demo")));
        int[] counts = new int[4];
        for (int tenant = 0; tenant < 4_000; tenant++) {
            counts[new Partitioner(4).of(new TenantId("t" + tenant))]++;
        }
        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
    }

    private static GenericRecord readGeneric(byte[] bytes) throws IOException {
        return new GenericDatumReader<GenericRecord>(schema())
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }

    private static Map<String, String> textual(Object map) {
        return ((Map<?, ?>) map)
                .entrySet().stream()
                        .collect(java.util.stream.Collectors.toMap(
                                item -> item.getKey().toString(),
                                item -> item.getValue().toString()));
    }

    private static Schema schema() throws IOException {
        try (InputStream file = Objects.requireNonNull(EntryCodec.class.getResourceAsStream("entry.avsc"))) {
            return new Schema.Parser().parse(file);
        }
    }
}
