package dev.tidemark.account;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one place that judges whether a credential may do something, with everything or with one report. Never blocks. Thread-safe. */
public final class Authorization {
    private final ReportGrants restricted;

    public Authorization(ReportGrants restricted) {
        this.restricted = restricted;
    }

    /** Whether the credential may do this where no report is concerned. */
    public static boolean permits(Credential credential, Permission permission) {
        return credential.permissions().contains(permission);
    }

    /**
     * Whether the credential may do this with a report of its tenant. Keys see every report that their scopes let them see; a token its
     * own; persons a restricted one only where they or their role are named, or as owner or admin.
     */
    public boolean permits(Credential credential, Permission permission, String reportId) {
        return switch (credential) {
            case Credential.WriteKey key -> permits(key, permission);
            case Credential.SecretKey key -> permits(key, permission);
            case Credential.EmbedToken token -> token.reportId().equals(reportId) && permits(token, permission);
            case Credential.Member member ->
                person(member, member.role(), new ReportGrant.Holder.Named(member.user()), permission, reportId);
            case Credential.Bearer bearer -> person(bearer, bearer.role(), null, permission, reportId);
        };
    }

    private boolean person(
            Credential credential,
            Role role,
            ReportGrant.Holder.@Nullable Named named,
            Permission permission,
            String reportId) {
        List<ReportGrant> grants = restricted.grants(credential.tenant(), reportId);
        if (grants.isEmpty() || role.permissions().contains(Permission.REPORTS_RESTRICT)) {
            return permits(credential, permission);
        }
        boolean sees = permission == Permission.REPORTS_VIEW;
        boolean mayByRole = permits(credential, permission) || permission == Permission.REPORTS_EDIT;
        return mayByRole
                && grants.stream()
                        .filter(grant -> grant.holder().equals(named)
                                || grant.holder().equals(new ReportGrant.Holder.Everyone(role)))
                        .anyMatch(grant -> sees || grant.level() == ReportGrant.Level.EDIT);
    }
}
