/** The sea: land, assets, zones, vessels. */
export const SeaMap = () => <main class="map" aria-label="Map" />;
