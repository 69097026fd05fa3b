import type { Level as LevelName } from "../api/client";
import { SHAPE } from "../words";

/** The level of an alert: shape, colour and word. */
export const Level = ({ level }: { level: LevelName }) => (
  <span class={`level ${level}`}>
    <span aria-hidden="true">{SHAPE[level]}</span>
    {level}
  </span>
);
