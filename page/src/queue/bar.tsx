import { useSignal } from "@preact/signals";
import type { Level } from "../api/client";
import { showHelp } from "../frame/keys";
import { Hint } from "../parts/hint";
import { Sign } from "../parts/sign";
import { items, loading } from "../state/alerts";
import { closed } from "../state/closed";
import { inForce } from "../state/silences";
import { ask } from "../state/url";
import { thenMs } from "../time/stood";
import { countOf, kindOf, LEVELS, SHAPE, timeOf } from "../words";
import { showSilences } from "./dialogs/asked";
import { type Filter, queryOf, STATES, type StateAsked } from "./filter";
import { assetNameOf, assetNames, vesselOf } from "./names";
import { counts, filter } from "./rows";
import { isSoundOn, switchSound } from "./sound";
import { undoFilter } from "./undo";

const STATE_WORDS: Record<StateAsked, string> = {
  open: "Open",
  new: "New",
  unread: "Not reviewed",
  mine: "Mine",
  closed: "Closed",
};

const set = (change: Partial<Filter>, step: "push" | "replace" = "push"): void =>
  ask(queryOf({ ...filter.peek(), ...change }), step);

/** What the queue shows: state, text, level with its count, and more. */
export const Bar = () => {
  const isMore = useSignal(false);
  const { kind, asset, mmsi } = filter.value;
  const moreCount = [kind, asset, mmsi].filter(Boolean).length;
  return (
    <search class="bar" aria-label="Filter the alerts">
      <div class="tools">
        <select
          aria-label="State"
          value={filter.value.state}
          onChange={({ currentTarget }) => set({ state: currentTarget.value as StateAsked })}
        >
          {STATES.map((state) => (
            <option key={state} value={state}>
              {STATE_WORDS[state]}
            </option>
          ))}
        </select>
        <input
          id="queue-text"
          type="search"
          aria-label="Search in the alerts"
          placeholder="Search  /"
          maxLength={100}
          value={filter.value.text}
          onInput={({ currentTarget }) => set({ text: currentTarget.value }, "replace")}
        />
        <button type="button" aria-expanded={isMore.value} onClick={() => (isMore.value = !isMore.value)}>
          More{moreCount ? ` (${moreCount})` : ""}
        </button>
      </div>
      {isMore.value && <More />}
      <Chips />
      {thenMs.value !== null && (
        <p class="then">
          As it stood at <time>{timeOf(thenMs.value, false)}</time> UTC. What was done about it is of now.
        </p>
      )}
      <div class="tools">
        {LEVELS.map((level) => (
          <LevelButton key={level} level={level} />
        ))}
        <span class="space" />
        <Tools />
      </div>
    </search>
  );
};

const LevelButton = ({ level }: { level: Level }) => {
  const { levels, state } = filter.value;
  const isOn = levels.includes(level);
  const more = state === "closed" && closed.value.next !== null ? "+" : "";
  const isKnown = loading.value === null || counts.value[level] > 0; // 0 of what was not loaded is no 0
  const change = (): void => set({ levels: isOn ? levels.filter((l) => l !== level) : [...levels, level] });
  return (
    <button type="button" class={`count ${level}`} aria-pressed={isOn} title={`Only ${level}`} onClick={change}>
      <span aria-hidden="true">{SHAPE[level]}</span>
      <span class="unseen">
        {level} {isKnown ? countOf(counts.value[level]) : "not loaded"}
      </span>
      <span class="figure" aria-hidden="true">
        {isKnown ? shortOf(counts.value[level]) : "?"}
        {more}
      </span>
    </button>
  );
};

/** "947", "1.7k": the buttons are narrow. */
const shortOf = (n: number): string => (n < 1000 ? String(n) : `${(n / 1000).toFixed(n < 9950 ? 1 : 0)}k`);

const Tools = () => (
  <>
    <button
      type="button"
      aria-label={`Silences: ${inForce.value.length} in force`}
      title="Silences in force"
      aria-keyshortcuts="Shift+S"
      onClick={() => showSilences(true)}
    >
      <Sign name="silence" />
      <span aria-hidden="true">{inForce.value.length}</span>
    </button>
    <button
      type="button"
      aria-pressed={isSoundOn.value}
      aria-label="Sound: a short tone for each new alarm"
      title="A short tone for each new alarm"
      onClick={() => switchSound(!isSoundOn.value)}
    >
      <Sign name={isSoundOn.value ? "sound" : "mute"} />
    </button>
    <button type="button" aria-label="Keys and help" title="Keys" onClick={() => showHelp(true)}>
      ?
    </button>
  </>
);

/** What is asked for besides, each to be taken away. */
const Chips = () => {
  const { kind, asset, mmsi, levels, text, state } = filter.value;
  const isAny = kind || asset || mmsi !== null || levels.length || text || state !== "open";
  if (!isAny) return null;
  return (
    <div class="chips">
      {kind && <Chip words={kindOf(kind)} change={{ kind: "" }} />}
      {asset && <Chip words={assetNameOf(asset)} change={{ asset: "" }} />}
      {mmsi !== null && <Chip words={nameOfVessel(mmsi)} change={{ mmsi: null }} />}
      <button type="button" aria-keyshortcuts="u" onClick={undoFilter}>
        Undo filter <Hint k="u" />
      </button>
    </div>
  );
};

const Chip = ({ words, change }: { words: string; change: Partial<Filter> }) => (
  <button type="button" aria-label={`Do not filter by ${words}`} onClick={() => set(change)}>
    <bdi>{words}</bdi> ✕
  </button>
);

const nameOfVessel = (mmsi: number): string => {
  const item = [...items.value.values()].find(({ alert }) => alert.vessel.mmsi === mmsi);
  return item ? vesselOf(item.alert) : String(mmsi);
};

const More = () => {
  const { kind, asset, mmsi } = filter.value;
  const all = [...items.value.values()].map(({ alert }) => alert);
  const kinds = [...new Set([...all.map((a) => a.kind), ...(kind ? [kind] : [])])].sort();
  const vessels = new Map(all.filter((a) => a.vessel.mmsi).map((a) => [a.vessel.mmsi, vesselOf(a)]));
  if (mmsi !== null && !vessels.has(mmsi)) vessels.set(mmsi, String(mmsi));
  const assets = new Map(assetNames.value);
  if (asset && !assets.has(asset)) assets.set(asset, asset);
  return (
    <div class="more">
      <Pick label="Kind" value={kind} from={kinds.map((k) => [k, kindOf(k)])} set={(value) => set({ kind: value })} />
      <Pick label="Asset" value={asset} from={named(assets)} set={(value) => set({ asset: value })} />
      <Pick
        label="Vessel"
        value={mmsi === null ? "" : String(mmsi)}
        from={named(vessels).map(([id, name]) => [String(id), name])}
        set={(value) => set({ mmsi: value ? Number(value) : null })}
      />
    </div>
  );
};

const named = <Id,>(all: ReadonlyMap<Id, string>): [Id, string][] =>
  [...all].sort((a, b) => a[1].localeCompare(b[1], "en")).slice(0, 1000);

interface PickShape {
  label: string;
  value: string;
  from: [string, string][];
  set: (value: string) => void;
}

const Pick = ({ label, value, from, set }: PickShape) => (
  <label>
    <span>{label}</span>
    <select value={value} onChange={({ currentTarget }) => set(currentTarget.value)}>
      <option value="">any</option>
      {from.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  </label>
);
