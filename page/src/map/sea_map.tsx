import "./map.css";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Chart } from "./chart";

/** The sea: land, assets, zones, vessels. The library of the map is loaded after the page stands. */
export const SeaMap = () => {
  const box = useRef<HTMLDivElement>(null);
  const [trouble, setTrouble] = useState("");
  const [chart, setChart] = useState<Chart | null>(null);
  useEffect(() => {
    let close = (): void => {};
    let gone = false;
    import("./open")
      .then(({ open }) => {
        if (gone || !box.current) return;
        const opened = open(box.current);
        close = opened.close;
        setChart(opened.chart);
      })
      .catch((error: unknown) => setTrouble(String(error)));
    return () => {
      gone = true;
      close();
    };
  }, []);
  return (
    <main class="map" aria-label="Map">
      <div class="sea" ref={box} />
      {chart ? null : (
        <p class="map-note">{trouble ? `The map cannot be drawn: ${trouble}` : "The map is loaded ..."}</p>
      )}
    </main>
  );
};
