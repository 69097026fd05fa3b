import { dayOf, momentOf, timeOf } from "../words";

/** A time in UTC: the clock, and the day where it is asked for; all of it when pointed at. */
export const Moment = ({ at, day = false }: { at: string | null | undefined; day?: boolean }) => {
  const ms = at ? Date.parse(at) : Number.NaN;
  if (!Number.isFinite(ms)) return <span class="quiet">never</span>;
  return (
    <time dateTime={new Date(ms).toISOString()} title={momentOf(ms)}>
      {day ? `${dayOf(ms)} ` : ""}
      {timeOf(ms)}
    </time>
  );
};
