/** Traffic, threat and depth along an asset. One slider to the keyboard: arrows go along the kilometres. */

import { useMemo } from "preact/hooks";
import type { Level } from "../api/client";
import { valueTicks } from "../parts/scales";
import { SHAPE } from "../words";
import { type Bin, binWords, keyStep, kmOf, type Profile } from "./profile";
import { areaOf, barsOf, PLOT, stepsOf } from "./profile_paths";

interface ChartOf {
  profile: Profile;
  /** Worst open alert of each stretch that has one. */
  levels: ReadonlyMap<number, Level>;
  /** The stretch pointed at or chosen; -1 = none. */
  at: number;
  point: (at: number) => void;
  keep: (at: number) => void;
}

export const ProfileChart = ({ profile, levels, at, point, keep }: ChartOf) => {
  const { bins } = profile;
  const bin = bins[at];
  // Only the cursor moves with the pointer: the rest is drawn once.
  const drawn = useMemo(() => <Drawn profile={profile} levels={levels} />, [profile, levels]);
  const pressed = (key: KeyboardEvent): void => {
    const to = keyStep(key.key, at, bins.length);
    if (to === null) return;
    key.preventDefault();
    keep(to);
  };
  return (
    <>
      <div
        class="profile"
        role="slider"
        tabIndex={0}
        aria-label="Kilometre along the asset"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={bins.length - 1}
        aria-valuenow={Math.max(0, at)}
        aria-valuetext={bin ? binWords(profile, bin) : "none chosen"}
        onKeyDown={pressed}
        onPointerMove={(moved) => {
          const to = indexAt(moved, bins.length);
          if (to !== at) point(to);
        }}
        onPointerLeave={() => point(-1)}
        onClick={(clicked) => keep(indexAt(clicked, bins.length))}
      >
        <svg viewBox={`0 0 ${PLOT.width} ${PLOT.height}`} aria-hidden="true">
          {drawn}
          {bin && <path class="cursor" d={`M${xOf(at, bins.length)} ${PLOT.top}V${PLOT.bottom}`} />}
        </svg>
      </div>
      <Legend hasDepth={bins.some((b) => b.depth_m !== null)} />
    </>
  );
};

const Drawn = ({ profile, levels }: { profile: Profile; levels: ReadonlyMap<number, Level> }) => (
  <>
    <Marks profile={profile} levels={levels} />
    <Traffic bins={profile.bins} />
    <Threat bins={profile.bins} />
    <Depth bins={profile.bins} />
    <Kilometres profile={profile} />
  </>
);

const xOf = (at: number, count: number): number => PLOT.left + ((at + 0.5) / count) * (PLOT.right - PLOT.left);

function indexAt(pointer: MouseEvent, count: number): number {
  const box = (pointer.currentTarget as Element).getBoundingClientRect();
  const x = ((pointer.clientX - box.left) / box.width) * PLOT.width;
  const share = (x - PLOT.left) / (PLOT.right - PLOT.left);
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

const Marks = ({ profile, levels }: { profile: Profile; levels: ReadonlyMap<number, Level> }) => (
  <>
    <text class="label" x={0} y={PLOT.marks}>
      alerts
    </text>
    {profile.bins.map((bin, i) => {
      const level = levels.get(i);
      if (!level && !bin.alerts) return null;
      return (
        <text key={bin.kp_km} class={`mark ${level ?? "past"}`} x={xOf(i, profile.bins.length)} y={PLOT.marks}>
          {level ? SHAPE[level] : "◇"}
        </text>
      );
    })}
  </>
);

const Traffic = ({ bins }: { bins: Bin[] }) => {
  const most = valueTicks(0, Math.max(1, ...bins.map((bin) => Math.max(bin.vessels, bin.crossings))), 2).at(-1)!;
  const { from, to } = PLOT.traffic;
  return (
    <>
      <Scale from={from} to={to} top={String(most)} bottom="0" label="vessels" />
      <path class="near" d={areaOf(bins, (bin) => bin.vessels / most, from, to)} />
      <path class="crossings" d={barsOf(bins, (bin) => bin.crossings / most, from, to)} />
      <path class="slow" d={barsOf(bins, (bin) => bin.slow / most, from, to)} />
    </>
  );
};

const Threat = ({ bins }: { bins: Bin[] }) => {
  const { from, to } = PLOT.threat;
  return (
    <>
      <Scale from={from} to={to} top="1" bottom="0" label="threat" />
      <path class="threat" d={stepsOf(bins, (bin) => bin.threat, from, to)} />
    </>
  );
};

const Depth = ({ bins }: { bins: Bin[] }) => {
  const deepest = Math.max(...bins.map((bin) => bin.depth_m ?? 0));
  const { from, to } = PLOT.depth;
  if (deepest <= 0)
    return (
      <text class="label" x={PLOT.left} y={to - 14}>
        depth not known: the watch has no depth chart here
      </text>
    );
  return (
    <>
      <Scale from={from} to={to} top="0 m" bottom={`${Math.round(deepest)} m`} label="depth" />
      <path
        class="depth"
        d={stepsOf(bins, (bin) => (bin.depth_m === null ? null : 1 - bin.depth_m / deepest), from, to)}
      />
    </>
  );
};

const Scale = ({
  from,
  to,
  top,
  bottom,
  label,
}: {
  from: number;
  to: number;
  top: string;
  bottom: string;
  label: string;
}) => (
  <>
    <path class="axis" d={`M${PLOT.left} ${from}V${to}H${PLOT.right}`} />
    <text class="value" x={PLOT.left - 4} y={from + 9}>
      {top}
    </text>
    <text class="value" x={PLOT.left - 4} y={to}>
      {bottom}
    </text>
    <text class="label" x={0} y={(from + to) / 2 + 4}>
      {label}
    </text>
  </>
);

const Kilometres = ({ profile }: { profile: Profile }) => {
  const length = Math.max(profile.length_km, profile.bins.length * profile.bin_km * 0.01);
  const covered = profile.bins.length * profile.bin_km;
  const ticks = valueTicks(0, length, 5).filter((km) => km <= length);
  return (
    <>
      {ticks.map((km) => (
        <text key={km} class="tick" x={PLOT.left + (km / covered) * (PLOT.right - PLOT.left)} y={PLOT.height - 3}>
          {km === 0 ? "km 0" : kmOf(km, length < 5 ? 0.5 : 10)}
        </text>
      ))}
    </>
  );
};

const Legend = ({ hasDepth }: { hasDepth: boolean }) => (
  <ul class="chart-legend" aria-label="What the chart shows">
    <li>
      <i class="near" /> vessels within a mile
    </li>
    <li>
      <i class="crossings" /> crossings
    </li>
    <li>
      <i class="slow" /> under 5 kn
    </li>
    <li>
      <i class="threat" /> threat, 0 to 1
    </li>
    {hasDepth && (
      <li>
        <i class="depth" /> depth
      </li>
    )}
    <li>
      {SHAPE.alarm} {SHAPE.warning} {SHAPE.caution} open alerts, ◇ earlier ones
    </li>
  </ul>
);
