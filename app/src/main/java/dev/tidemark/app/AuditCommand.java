package dev.tidemark.app;

import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.app.config.DataOption;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.govern.AuditLog;
import dev.tidemark.govern.LogOf;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks the audit logs of a server that does not run. */
@Command(
        name = "audit",
        description =
                "Checks whether an entry of an audit log was altered, removed or moved, of a server that is stopped.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    private final TimeSource time;
    private final SecureRandom random;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    AuditCommand(Path home, TimeSource time, SecureRandom random) {
        this.data = new DataOption(home);
        this.time = time;
        this.random = random;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (DataDirectory directory = DataDirectory.open(data.directory());
                MetadataDatabase metadata = MetadataDatabase.open(directory.resolve("tidemark.db"))) {
            AuditLog log =
                    new AuditLog(metadata, Credentials.auditKey(directory, random), time, new UuidV7(time, random));
            boolean whole = true;
            for (LogOf of : log.all()) {
                switch (log.verify(of)) {
                    case AuditLog.Check.Whole(long entries, long heads) ->
                        out.println(of + ": " + entries + " entries and " + heads + " signed heads are whole");
                    case AuditLog.Check.Broken(long number, String what) -> {
                        whole = false;
                        out.println(of + ": BROKEN at entry " + number + ": " + what);
                    }
                }
            }
            return whole ? 0 : 1;
        }
    }
}
