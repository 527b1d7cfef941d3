import { walk } from "../walk.mjs";
import { WALKS } from "../walks.mjs";

export const name = "walk: every page of the operator's desk: axe in three looks, 320 px, on paper";

export async function run(t) {
  for (const part of WALKS.operator) await walk(t, part);
}
