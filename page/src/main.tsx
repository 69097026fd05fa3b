import "./look/tokens.css";
import "./look/base.css";
import "./frame/top.css";
import "./frame/said.css";
import "./frame/frame.css";
import { render } from "preact";
import { App } from "./app";
import { keepLayout } from "./frame/layout";
import { keepTitle } from "./frame/title";
import { followLinks } from "./state/url";
import { keepListening } from "./state/watch";

const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  followLinks();
  keepLayout();
  keepTitle();
  render(<App />, root);
  keepListening();
}
