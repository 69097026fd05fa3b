import type { ComponentChildren } from "preact";
import { go } from "../state/url";

/** What opens beside the map: one alert, vessel, asset or list. Escape closes it (frame/keys.ts). */
export const Panel = ({ title, children }: { title: ComponentChildren; children: ComponentChildren }) => (
  <section class="panel" aria-labelledby="panel-title">
    <header>
      <h2 id="panel-title" tabIndex={-1}>
        {title}
      </h2>
      <button type="button" aria-label="Close" onClick={() => go("/")}>
        ✕
      </button>
    </header>
    <div class="body">{children}</div>
  </section>
);
