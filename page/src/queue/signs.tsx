/** Signs of the queue's buttons, drawn in the colour of their text. */

const PATHS = {
  silence: "M6 16v-5a6 6 0 0 1 9-5.200M18 12v4l1.500 2H8M10.500 21h3M4 4l16 16",
  sound: "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11",
  mute: "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM16 9.500l5 5M21 9.500l-5 5",
};

export const QueueSign = ({ name }: { name: keyof typeof PATHS }) => (
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
