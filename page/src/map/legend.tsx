import { useState } from "preact/hooks";
import { hidden, parts, show } from "./shown";

/** What the marks mean, and what of it is shown. */
export const Legend = () => {
  const [isOpen, setOpen] = useState(false);
  const shut = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what its button opened
    <div class="map-legend" onKeyDown={shut}>
      <button type="button" aria-expanded={isOpen} aria-controls="map-parts" onClick={() => setOpen(!isOpen)}>
        Layers
      </button>
      <div id="map-parts" hidden={!isOpen}>
        {isOpen ? <Parts /> : null}
      </div>
    </div>
  );
};

const Parts = () => (
  <>
    <fieldset>
      <legend>Show</legend>
      {parts.value.map(({ key, words, token }) => (
        <label key={key}>
          <input
            type="checkbox"
            checked={!hidden.value.has(key)}
            onChange={(change) => show(key, change.currentTarget.checked)}
          />
          <i class={`line ${token}`} aria-hidden="true" />
          <bdi>{words}</bdi>
        </label>
      ))}
    </fieldset>
    <p>Dashed lines are schematic: the asset may lie miles from them.</p>
    <ul>
      {VESSELS.map(([mark, words]) => (
        <li key={words}>
          <svg viewBox="-12 -12 24 24" aria-hidden="true">
            <title>{words}</title>
            <path class={mark} d={PATHS[mark] ?? ""} />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  </>
);

const VESSELS: [mark: string, words: string][] = [
  ["cargo", "cargo"],
  ["tanker", "tanker"],
  ["passenger", "passenger, fast"],
  ["fishing", "fishing"],
  ["service", "service, military"],
  ["other", "other, unknown"],
  ["lying", "moored, at anchor"],
  ["old", "old: not heard for 10 min"],
  ["caution", "caution"],
  ["warning", "warning"],
  ["alarm", "alarm"],
  ["silenced", "silenced"],
];

// The same forms as in fleet/shaders.ts, bow up, 9 pixels to the bow.
const PATHS: Record<string, string> = {
  cargo: "M0-9 3.8-2.6V9H-3.8V-2.6Z",
  tanker: "M0-9 3.8-2.6V1H-3.8V-2.6ZM-3.8 3.5H3.8V9H-3.8Z",
  passenger: "M0-9 3.9 5.4 6 9H-6L-3.9 5.4Z",
  fishing: "M0-9 5.6 0 0 9-5.6 0Z",
  service: "M0-9 5-3V9H-5V-3Z",
  other: "M0-9 6 9 0 5.6-6 9Z",
  lying: "M-3.8 0a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0-7.6 0",
  old: "M0-9 3.8-2.6V9H-3.8V-2.6Z",
  caution: "M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0",
  warning: "M0-11 10 8H-10Z",
  alarm: "M-9-9H9V9H-9Z",
  silenced: "M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0",
};
