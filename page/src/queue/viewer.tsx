import { status } from "../state/watch";

/** Why there are no buttons. */
export const Viewer = () => (
  <p class="quiet">
    You may look, but not act: {status.value?.me.name} is a {status.value?.me.role}. Ask an officer, or a supervisor for
    the role.
  </p>
);
