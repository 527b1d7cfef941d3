import { walkAll } from "../walk.mjs";
import { WALKS } from "../walks.mjs";

export const name = "walk: every page of an office's own matters, and who helps it: axe in three looks, 320 px, on paper";

export const run = (t) => walkAll(t, WALKS.offices);
