import type { HostAct } from "../attack_case.ts";
import { actWithGrant } from "../two_servers.ts";

const ATTEMPTS = `
  "the address": async () => (await fetch("http://" + granted + "/hello")).text(),
  "a redirect": async () => (await fetch("http://" + granted + "/on")).text(),
`;

/** What is granted answers; where it sends on to is not reached. */
export const act: HostAct = actWithGrant(ATTEMPTS, 2);
