import { Sign } from "../parts/sign";
import { LOOKS, look } from "./look";

/** Day, dusk or night: at hand, for a wrong one blinds. */
export const LookSwitch = ({ words = false }: { words?: boolean }) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere
  <div class={words ? "looks words" : "looks"} role="group" aria-label="Palette">
    {LOOKS.map((name) => (
      <button
        key={name}
        type="button"
        aria-pressed={look.value === name}
        aria-label={`Palette: ${name}`}
        title={`Palette: ${name}`}
        onClick={() => {
          look.value = name;
        }}
      >
        <Sign name={name} />
        {words && name}
      </button>
    ))}
  </div>
);
