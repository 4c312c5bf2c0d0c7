package dev.tidemark.store;

import dev.tidemark.base.ContextField;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/** Encodes rows into insert blocks: Native format within one LZ4 frame, which the engine reads as an HTTP content encoding. */
final class BlockEncoder {
    private static final Set<ContextField> LONG_TEXTS = EnumSet.of(ContextField.PAGE_URL, ContextField.REFERRER);

    /** Compressed, as is usual; a guess to begin with. */
    private static final int BYTES_A_ROW = 96;

    /** The HTTP content encoding of a payload. */
    static final String ENCODING = "lz4";

    /** The columns of {@code events} in the order of its blocks. */
    static final List<String> EVENT_COLUMNS =
            List.copyOf(eventColumns(List.of()).columns());
    /** The columns of {@code letters} in the order of its blocks. */
    static final List<String> DEAD_LETTER_COLUMNS =
            List.copyOf(deadLetterColumns(List.of()).columns());

    /** The columns of {@code cohort_members} in the order of its blocks. */
    static final List<String> COHORT_MEMBER_COLUMNS =
            List.copyOf(cohortMemberColumns(new TenantId("any"), "", List.of()).columns());

    private BlockEncoder() {}

    static Block cohortMembers(String token, TenantId tenant, String list, List<Long> persons) {
        return new Block(
                token,
                Table.COHORT_MEMBERS,
                persons.size(),
                compress(cohortMemberColumns(tenant, list, persons), persons.size()));
    }

    static Block events(String token, List<StoredEvent> events) {
        requireOneMonth(events);
        return new Block(token, Table.EVENTS, events.size(), compress(eventColumns(events), events.size()));
    }

    static Block deadLetters(String token, List<StoredDeadLetter> deadLetters) {
        return new Block(
                token,
                Table.DEAD_LETTERS,
                deadLetters.size(),
                compress(deadLetterColumns(deadLetters), deadLetters.size()));
    }

    static NativeBlock<StoredEvent> eventColumns(List<StoredEvent> events) {
        NativeBlock<StoredEvent> block = new NativeBlock<>(events);
        block.repeatedTexts("tenant_id", row -> row.event().tenant().value());
        block.repeatedTexts("event_type", row -> row.event().type());
        block.longs("ts", "DateTime64(3, 'UTC')", row -> row.event().timestampMillis());
        block.longs("received_at", "DateTime64(3, 'UTC')", row -> row.event().receivedAtMillis());
        block.texts("event_id", row -> row.event().id().value());
        block.texts("user_id", row -> orEmpty(row.event().userId()));
        block.texts("anonymous_id", row -> orEmpty(row.event().anonymousId()));
        block.longs("person", "UInt64", StoredEvent::person);
        block.texts("session_id", row -> orEmpty(row.event().sessionId()));
        for (ContextField field : ContextField.values()) {
            if (LONG_TEXTS.contains(field)) {
                block.texts(field.column(), row -> orEmpty(row.event().context().get(field)));
            } else {
                block.repeatedTexts(
                        field.column(), row -> orEmpty(row.event().context().get(field)));
            }
        }
        block.textMaps("props_str", row -> row.event().properties().strings());
        block.numberMaps("props_num", row -> row.event().properties().numbers());
        block.booleanMaps("props_bool", row -> row.event().properties().booleans());
        block.textMaps("user_str", row -> row.userTraits().strings());
        block.numberMaps("user_num", row -> row.userTraits().numbers());
        block.booleanMaps("user_bool", row -> row.userTraits().booleans());
        block.shorts("journal_partition", "UInt16", row -> row.address().partition());
        block.longs("journal_offset", "UInt64", row -> row.address().offset());
        block.shorts("expires_on", "Date", row -> row.event().expiresOnEpochDay());
        return block;
    }

    static NativeBlock<StoredDeadLetter> deadLetterColumns(List<StoredDeadLetter> deadLetters) {
        NativeBlock<StoredDeadLetter> block = new NativeBlock<>(deadLetters);
        block.repeatedTexts("tenant_id", row -> row.deadLetter().tenant().value());
        block.longs(
                "received_at", "DateTime64(3, 'UTC')", row -> row.deadLetter().receivedAtMillis());
        block.texts("dead_letter_id", row -> row.deadLetter().id().value());
        block.repeatedTexts("reason", row -> row.deadLetter().reason());
        block.texts("field", row -> orEmpty(row.deadLetter().field()));
        block.texts("message", row -> row.deadLetter().message());
        block.repeatedTexts("event_type", row -> orEmpty(row.deadLetter().eventType()));
        block.texts("payload", row -> row.deadLetter().payload());
        block.repeatedTexts("source", row -> row.deadLetter().source());
        block.longs("line", "UInt64", row -> row.deadLetter().line());
        block.repeatedTexts("key_id", row -> orEmpty(row.deadLetter().keyId()));
        block.shorts("journal_partition", "UInt16", row -> row.address().partition());
        block.longs("journal_offset", "UInt64", row -> row.address().offset());
        block.shorts("expires_on", "Date", row -> row.deadLetter().expiresOnEpochDay());
        return block;
    }

    static NativeBlock<Long> cohortMemberColumns(TenantId tenant, String list, List<Long> persons) {
        NativeBlock<Long> block = new NativeBlock<>(persons);
        block.repeatedTexts("tenant_id", _ -> tenant.value());
        block.texts("list_id", _ -> list);
        block.longs("person", "UInt64", person -> person);
        return block;
    }

    private static void requireOneMonth(List<StoredEvent> events) {
        if (events.isEmpty()) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a block must have at least one event");
        }
        YearMonth month = month(events.getFirst().event().timestampMillis());
        long from = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        long to = month.plusMonths(1)
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
        for (StoredEvent row : events) {
            long timestamp = row.event().timestampMillis();
            if (timestamp < from || timestamp >= to) {
                throw new TidemarkException(
                        ErrorCode.INTERNAL,
                        "a block must stay within one month, but it has events of " + month + " and "
                                + month(timestamp));
            }
        }
    }

    private static YearMonth month(long epochMillis) {
        return YearMonth.from(Instant.ofEpochMilli(epochMillis).atOffset(ZoneOffset.UTC));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static byte[] compress(NativeBlock<?> block, int rows) {
        ByteArrayOutputStream output = new ByteArrayOutputStream(rows * BYTES_A_ROW + 64);
        try (LZ4FrameOutputStream frame = new LZ4FrameOutputStream(
                output,
                LZ4FrameOutputStream.BLOCKSIZE.SIZE_1MB,
                -1L,
                LZ4Factory.fastestInstance().fastCompressor(),
                XXHashFactory.fastestInstance().hash32(),
                LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE,
                LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM)) {
            block.writeTo(frame);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return output.toByteArray();
    }
}
