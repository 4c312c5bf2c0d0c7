import { CopyableCode } from "./parts/copyable";
import { Dashboard } from "./shell/dashboard";
import { LinkForm } from "./shell/link-form";
import { NoticeBoard } from "./shell/notices";
import { SignIn } from "./shell/sign-in";
import { StatusStrip } from "./shell/status-strip";
import { show, storedTheme } from "./shell/theme";
import { UsageBanner } from "./usage/usage-banner";

show(storedTheme());
customElements.define("notice-board", NoticeBoard);
customElements.define("copyable-code", CopyableCode);
customElements.define("status-strip", StatusStrip);
customElements.define("usage-banner", UsageBanner);
customElements.define("sign-in", SignIn);
customElements.define("link-form", LinkForm);
customElements.define("tidemark-dashboard", Dashboard);
