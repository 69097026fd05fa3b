import { useState } from "preact/hooks";
import { countOf } from "../words";
import { busyBins, kmOf, type Profile } from "./profile";

/** The chart as a table; what is quiet is counted, not listed. */
export const ProfileTable = ({ profile }: { profile: Profile }) => {
  const [open, setOpen] = useState(false);
  const bins = busyBins(profile);
  const quiet = profile.bins.length - bins.length;
  return (
    <details onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
      <summary>As a table</summary>
      {open && (
        <div class="scrolled">
          <table>
            <caption class="quiet">
              {quiet ? `${countOf(quiet)} of ${countOf(profile.bins.length)} stretches are quiet and left out.` : ""}
            </caption>
            <thead>
              <tr>
                <th scope="col">From km</th>
                <th scope="col">Vessels near</th>
                <th scope="col">Crossings</th>
                <th scope="col">Slow</th>
                <th scope="col">Alerts</th>
                <th scope="col">Threat</th>
                <th scope="col">Depth</th>
              </tr>
            </thead>
            <tbody>
              {bins.map((bin) => (
                <tr key={bin.kp_km}>
                  <th scope="row">{kmOf(bin.kp_km, profile.bin_km)}</th>
                  <td>{countOf(bin.vessels)}</td>
                  <td>{countOf(bin.crossings)}</td>
                  <td>{countOf(bin.slow)}</td>
                  <td>{countOf(bin.alerts)}</td>
                  <td>{bin.threat.toFixed(2)}</td>
                  <td>{bin.depth_m === null ? "?" : `${Math.round(bin.depth_m)} m`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
};
