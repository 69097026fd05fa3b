/** Signs of buttons, drawn in the colour of their text. */

const PATHS = {
  anchor: "M12 8v13M8 10.500h8M4 14c0 5 4 7 8 7s8-2 8-7M12 3a2.300 2.300 0 1 0 0 5 2.300 2.300 0 0 0 0-5",
  day: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2",
  dusk: "M3 17h18M6 21h12M7.500 17a4.500 4.500 0 0 1 9 0M12 6v3M4.500 9.500l2 2M19.500 9.500l-2 2",
  night: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
  share: "M12 15V4M8 7.500 12 3.500l4 4M5 12v8h14v-8",
  search: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M15.500 15.500 21 21",
  reports: "M5 3.500h14v17H5zM8.500 8h7M8.500 12h7M8.500 16h4",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21c0-4.500 3.500-7 8-7s8 2.500 8 7",
  list: "M4 6h2M9 6h11M4 12h2M9 12h11M4 18h2M9 18h11",
  play: "M7 4.500v15L19.500 12z",
  pause: "M8 5v14M16 5v14",
  back: "M15 5l-7 7 7 7",
  on: "M9 5l7 7-7 7",
  now: "M5 5l9 7-9 7zM18 5v14",
  silence: "M6 16v-5a6 6 0 0 1 9-5.200M18 12v4l1.500 2H8M10.500 21h3M4 4l16 16",
  sound: "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11",
  mute: "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM16 9.500l5 5M21 9.500l-5 5",
};

export const Sign = ({ name }: { name: keyof typeof PATHS }) => (
  <svg class="sign" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
    <path
      d={PATHS[name]}
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
