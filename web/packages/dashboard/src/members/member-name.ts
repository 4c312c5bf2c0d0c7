import type { Member } from "../api/members";

/** What a member is called. */
export function nameOf(member: Member): string {
  return member.name || member.email || member.user_id;
}
