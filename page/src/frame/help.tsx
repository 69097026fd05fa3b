import { Dialog } from "../queue/dialogs/dialog";
import { allKeys, areKeysOn, isHelpShown, type Key, showHelp, switchKeys } from "./keys";

/** All keys, by what they are for. */
export const Help = () => {
  if (!isHelpShown.value) return null;
  const groups = grouped(allKeys.value);
  return (
    <Dialog title="Keys" wide onClose={() => showHelp(false)}>
      <div class="keys">
        {[...groups].map(([group, keys]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {keys.map((key) => (
                <div key={key.key}>
                  <dt>
                    <kbd>{shown(key.key)}</kbd>
                    {key.also?.map((other) => (
                      <kbd key={other}>{shown(other)}</kbd>
                    ))}
                  </dt>
                  <dd>{key.words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={areKeysOn.value}
          onChange={({ currentTarget }) => switchKeys(currentTarget.checked)}
        />
        Single keys act. Off: only Enter, Escape, the arrows and keys with Ctrl.
      </label>
    </Dialog>
  );
};

function grouped(keys: readonly Key[]): Map<string, Key[]> {
  const found = new Map<string, Key[]>();
  for (const key of keys) found.set(key.group, [...(found.get(key.group) ?? []), key]);
  return found;
}

const SHOWN: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", Enter: "↵" };

/** "shift+ArrowDown" -> "Shift ↓". */
const shown = (key: string): string =>
  key
    .split("+")
    .map((part) => SHOWN[part] ?? (part.length > 1 ? part[0]!.toUpperCase() + part.slice(1) : part))
    .join(" ");
