/** Silences in force: what need not be notified for a while. They end by the clock of the watch, not of this machine. */

import { computed, signal } from "@preact/signals";
import { type Alert, api, type Item, type Schemas, told, wordsOf } from "../api/client";
import { items } from "./alerts";
import { onEvents, tickMs } from "./watch";

export type Silence = Schemas["Silence"];
export type SilenceWish = Pick<Silence, "until" | "reason" | "mmsi" | "asset" | "kinds" | "level">;

const all = signal<readonly Silence[]>([]);
/** "" = known; words = why not. */
export const silencesSaid = signal("");
/** Milliseconds that the clock of the watch is ahead of this machine's. */
const aheadMs = signal(0);

export const watchNowMs = (): number => Date.now() + aheadMs.value;
export const inForce = computed(() => {
  void tickMs.value;
  return all.value.filter((silence) => isRunning(silence, watchNowMs()));
});

const LEVELS = ["caution", "warning", "alarm"];

const isRunning = (silence: Silence, nowMs: number): boolean =>
  silence.ended === null && Date.parse(silence.until) > nowMs;

/** Whether a silence is about an alert: the rule of the watch (judgement/work.py), told again here. */
export function covers(silence: Silence, alert: Alert): boolean {
  if (LEVELS.indexOf(alert.level) > LEVELS.indexOf(silence.level)) return false;
  if (silence.kinds.length && !silence.kinds.includes(alert.kind)) return false;
  if (silence.mmsi !== null && alert.vessel.mmsi !== silence.mmsi) return false;
  if (silence.asset !== null && !alert.assets.some(({ id }) => id === silence.asset)) return false;
  const { position } = alert;
  return !silence.area.length || (position !== null && isInside(position.lon, position.lat, silence.area));
}

/** Even-odd rule in plain degrees: the areas that people draw are small. */
function isInside(lonDeg: number, latDeg: number, ring: readonly (readonly number[])[]): boolean {
  let inside = false;
  for (const [at, [lon1 = 0, lat1 = 0]] of ring.entries()) {
    const [lon2 = 0, lat2 = 0] = ring[(at + 1) % ring.length] ?? [];
    if (lat1 > latDeg !== lat2 > latDeg && lonDeg < lon1 + ((latDeg - lat1) * (lon2 - lon1)) / (lat2 - lat1))
      inside = !inside;
  }
  return inside;
}

export async function loadSilences(): Promise<void> {
  try {
    const asked = api.GET("/api/v1/silences");
    const found = await told(asked);
    const date = Date.parse((await asked).response.headers.get("date") ?? "");
    if (Number.isFinite(date)) aheadMs.value = date - Date.now();
    all.value = found.silences;
    silencesSaid.value = "";
    mark();
  } catch (error) {
    silencesSaid.value = wordsOf(error);
  }
}

/** Begin one. Where the answer was lost it may have begun: it is not begun twice. */
export async function beginSilence(wish: SilenceWish, name: string): Promise<void> {
  await loadSilences();
  if (silencesSaid.peek()) throw new Error(silencesSaid.peek());
  if (!inForce.peek().some((known) => known.by === name && isSame(known, wish)))
    await told(api.POST("/api/v1/silences", { body: { ...wish, area: [] } }));
  await loadSilences();
}

const isSame = (known: Silence, wish: SilenceWish): boolean =>
  Date.parse(known.until) === Date.parse(wish.until) &&
  known.reason === wish.reason &&
  known.mmsi === wish.mmsi &&
  known.asset === wish.asset;

export async function endSilence(id: string): Promise<void> {
  await told(api.DELETE("/api/v1/silences/{silence_id}", { params: { path: { silence_id: id } } }));
  await loadSilences();
}

/** Write on each alert which silence it is under: they begin and end without a word about the alert. */
function mark(): void {
  const running = inForce.peek();
  const changed: Item[] = [];
  for (const item of items.peek().values()) {
    const silenced = running.find((silence) => covers(silence, item.alert)) ?? null;
    if (silenced?.id !== item.silenced?.id) changed.push({ ...item, silenced });
  }
  if (!changed.length) return;
  const next = new Map(items.peek());
  for (const item of changed) next.set(item.alert.id, item);
  items.value = next;
}

let runningBefore = 0;
inForce.subscribe(({ length }) => {
  if (length !== runningBefore) mark();
  runningBefore = length;
});
onEvents(
  ({ verb }) => {
    if (verb === "silence" || verb === "unsilence") void loadSilences();
  },
  () => void loadSilences(),
);
