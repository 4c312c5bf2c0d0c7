import { css } from "lit";

/** How a message takes the place of what cannot be drawn, and the bars that stand in while loading. */
export const stateSheet = css`
  .message {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 4px;
    height: 100%;
    min-height: 88px;
    padding: 8px 16px;
    text-align: center;
    overflow-wrap: anywhere;
  }
  .message strong {
    font-weight: 600;
  }
  .message p {
    margin: 0;
    max-width: 46ch;
    color: var(--_muted);
    font-size: 13px;
  }
  .message code {
    color: var(--_muted);
    font-size: 11px;
  }
  .mark {
    width: 30px;
    height: 30px;
    margin-bottom: 6px;
    color: var(--_muted);
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .mark.bad {
    color: var(--_negative);
  }
  .skeleton {
    position: relative;
    overflow: hidden;
    border-radius: 8px;
    background: var(--_skeleton);
  }
  .skeleton::after {
    content: "";
    position: absolute;
    inset: 0;
    background: linear-gradient(90deg, transparent, var(--_surface), transparent);
    opacity: 0.5;
    transform: translateX(-100%);
    animation: sweep 1.4s infinite;
  }
  @keyframes sweep {
    to {
      transform: translateX(100%);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton::after {
      animation: none;
    }
  }
`;
