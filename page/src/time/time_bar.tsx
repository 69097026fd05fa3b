/** The hours behind, to scrub and to replay. */
export const TimeBar = () => <footer class="time" />;
