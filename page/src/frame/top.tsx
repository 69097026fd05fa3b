import { LOOKS, look } from "../look/look";
import { contact, pictureMs } from "../state/watch";
import { momentOf } from "../words";

export const Top = () => (
  <header class="top">
    <h1>Anchorwatch</h1>
    <span class="mono">{pictureMs.value === null ? "" : momentOf(pictureMs.value)}</span>
    <span>{contact.value}</span>
    <span style={{ flex: 1 }} />
    {LOOKS.map((name) => (
      <button key={name} type="button" aria-pressed={look.value === name} onClick={() => (look.value = name)}>
        {name}
      </button>
    ))}
  </header>
);
