package dev.tidemark.govern;

import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;

/** What a person may ask for: all that is kept, and that nothing is. */
public final class PersonRoutes implements Routes {
    private static final int LONGEST_ID = 255;

    private final Jobs jobs;
    private final PersonExport export;

    public PersonRoutes(Jobs jobs, Eraser eraser, PersonExport export) {
        this.jobs = jobs;
        this.export = export;
        jobs.does(eraser);
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(
                HttpMethod.DELETE, "/api/v1/users/:userId", Access.needs(Permission.PRIVACY_MANAGE), this::erase);
        table.blocking(
                HttpMethod.GET, "/api/v1/users/:userId/export", Access.needs(Permission.PRIVACY_MANAGE), this::export);
    }

    Reply erase(Call call) {
        return JobRoutes.accepted(jobs.submit(call.tenant(), Eraser.KIND, Eraser.request(userId(call))));
    }

    Reply export(Call call) {
        return export.reply(call.tenant(), userId(call));
    }

    private static String userId(Call call) {
        String userId = call.pathParameter("userId");
        if (userId.isBlank() || userId.length() > LONGEST_ID) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must have 1 to " + LONGEST_ID + " characters", "user_id");
        }
        return userId;
    }
}
