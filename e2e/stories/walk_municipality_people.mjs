import { walk } from "../walk.mjs";
import { WALKS } from "../walks.mjs";

export const name = "walk: every page of the municipality's people, rules and feeds: axe in three looks, 320 px, on paper";

export async function run(t) {
  for (const part of WALKS.municipality_people) await walk(t, part);
}
