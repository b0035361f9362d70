import type { HostAct } from "../attack_case.ts";
import { actWithGrant } from "../two_servers.ts";

const ATTEMPTS = `
  "the address": async () => (await fetch("http://" + granted + "/hello")).text(),
  "another port": async () => (await fetch("http://" + other)).text(),
  "by name": async () => (await fetch("http://localhost:" + granted.split(":")[1])).text(),
  "a proxy": async () => {
    const client = Deno.createHttpClient({ proxy: { url: "http://" + other } });
    return (await fetch("http://" + granted + "/hello", { client })).text();
  },
  "a socket": () => new Promise((resolve, reject) => {
    const socket = new WebSocket("ws://" + other);
    socket.onopen = () => resolve("connected");
    socket.onerror = ({ message }) => reject(new Error(message));
  }),
  "a listener": () => {
    const [hostname, port] = granted.split(":");
    // It may listen where it may connect; somebody else does already.
    return Deno.listen({ hostname, port: Number(port) }).addr.port;
  },
  "another listener": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).addr.port,
  "all addresses": () => Deno.listen({ hostname: "0.0.0.0", port: Number(granted.split(":")[1]) }).addr.port,
  "a header": async () => {
    const headers = { "x": "1\\r\\nhost: " + other };
    return (await fetch("http://" + granted + "/hello", { headers })).text();
  },
`;

/** What is granted is one address for fetching, and nothing that looks like it. */
export const act: HostAct = actWithGrant(ATTEMPTS, 9);
