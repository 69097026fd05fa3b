/** Speed and heading against what is usual, what was passed over, silences; the same track on the map. */

import { useMemo, useState } from "preact/hooks";
import { type Alert, api, type Schemas, told } from "../api/client";
import { Answer, useAsked } from "../parts/asked";
import { useAnew } from "../parts/asked_anew";
import { TimePlot } from "../parts/time_plot";
import { place } from "../state/url";
import { showTime } from "../time/shown";
import { timeOf } from "../words";
import { Crossings, Silences } from "./crossings";
import { useTrackOnMap } from "./evidence_map";
import { bandsOf, marksOf, panesOf, reading, spansOf } from "./evidence_plot";

export type Evidence = Schemas["Evidence"];

export const EvidencePart = ({ alert }: { alert: Alert }) => {
  const asked = useAsked(
    (stop) =>
      told(api.GET("/api/v1/alerts/{alert_id}/evidence", { params: { path: { alert_id: alert.id } }, signal: stop })),
    alert.id,
  );
  // A new statement of the watch reaches further; the one that is shown stays until the new one is here.
  useAnew(asked, `${alert.revision}/${alert.status}/${alert.end}`);
  return (
    <section class="part" aria-labelledby="evidence-title">
      <h3 id="evidence-title">Speed and heading against what is usual</h3>
      <Answer asked={asked} what="track">
        {(evidence) => <EvidencePlots evidence={evidence} alert={alert} />}
      </Answer>
    </section>
  );
};

const EvidencePlots = ({ evidence, alert }: { evidence: Evidence; alert: Alert }) => {
  const [whole, setWhole] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const plot = useMemo(() => {
    const timesMs = evidence.times.map((t) => Date.parse(t));
    return { timesMs, panes: panesOf(evidence), ...spansOf(evidence, alert) };
  }, [evidence, alert]);
  useTrackOnMap(evidence, alert, at);
  if (!evidence.mmsi) return <p class="quiet">This alert is not about one vessel: there is no track of it.</p>;
  if (plot.timesMs.length < 2)
    return <p class="quiet">The history holds no track of this vessel around this time. {evidence.note}</p>;
  const span = whole ? plot.whole : plot.around;
  return (
    <>
      <fieldset class="row" aria-label="Time shown">
        <button type="button" aria-pressed={!whole} onClick={() => setWhole(false)}>
          The alert
        </button>
        <button type="button" aria-pressed={whole} onClick={() => setWhole(true)}>
          All of {timeOf(plot.whole.fromMs, false)} to {timeOf(plot.whole.untilMs, false)}
        </button>
      </fieldset>
      <Legend evidence={evidence} />
      <TimePlot
        label="Speed and heading over time"
        timesMs={plot.timesMs}
        span={span}
        panes={plot.panes}
        gaps={plot.gaps}
        bands={bandsOf(alert, plot.gaps)}
        marks={marksOf(evidence, alert, place.value.query.get("t"))}
        read={(index) => reading(evidence, index)}
        onRead={setAt}
        onChoose={showTime}
      />
      <Crossings evidence={evidence} />
      <Silences evidence={evidence} />
      {evidence.note && <p class="quiet">{evidence.note}</p>}
      {evidence.thinned && <p class="quiet">Drawn with fewer places than were heard; the extremes are all there.</p>}
    </>
  );
};

const Legend = ({ evidence }: { evidence: Evidence }) => (
  <p class="legend">
    <span class="line measured">measured</span>
    <span class="line usual">usual</span>
    <span class="band alert">the alert</span>
    {evidence.gaps.length > 0 && <span class="band gap">nothing heard</span>}
    {evidence.crossings.length > 0 && <span class="line crossing">passed over an asset</span>}
  </p>
);
