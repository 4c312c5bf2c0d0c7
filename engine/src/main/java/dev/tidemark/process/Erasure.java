package dev.tidemark.process;

import dev.tidemark.base.Event;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * That events of some persons, before an offset of their partition, are never to reach the store again, whoever reads the journal once
 * more. It names the persons by their numbers only.
 */
record Erasure(int partition, TenantId tenant, long before, Set<Long> persons) {

    Erasure {
        persons = Set.copyOf(persons);
    }

    boolean covers(JournalEntry entry, long offset) {
        return offset < before
                && entry instanceof Event event
                && event.tenant().equals(tenant)
                && persons.contains(Person.of(event));
    }

    byte[] key() {
        byte[] of = tenant.value().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES + of.length)
                .putInt(partition)
                .putLong(before)
                .put(of)
                .array();
    }

    byte[] value() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(tenant.value());
            out.writeInt(persons.size());
            for (long person : persons) {
                out.writeLong(person);
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    static Erasure of(byte[] key, byte[] value) throws IOException {
        ByteBuffer place = ByteBuffer.wrap(key);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            TenantId tenant = new TenantId(in.readUTF());
            List<Long> persons = new ArrayList<>();
            int count = in.readInt();
            for (int person = 0; person < count; person++) {
                persons.add(in.readLong());
            }
            return new Erasure(place.getInt(), tenant, place.getLong(), new HashSet<>(persons));
        }
    }

    /** Both together, where they are of the same tenant and end at the same offset. */
    Erasure with(Erasure other) {
        Set<Long> all = new HashSet<>(persons);
        all.addAll(other.persons);
        return new Erasure(partition, tenant, before, all);
    }
}
